"""A name to import."""


class PICAM2DNG:
    """Not used."""
