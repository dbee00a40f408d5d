"""A procedure from the job done right: paths of hands to zones, steps and times."""
