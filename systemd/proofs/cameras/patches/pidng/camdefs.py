"""A name to import."""


class Picamera2Camera:
    """Not used."""
