"""A day of frames in minutes: the real loop on recorded poses, and whether anything grows."""
