"""picamera2 imports this for previews on a screen, and asks it for names of formats."""


class _Names:
    def __getattr__(self, name: str) -> str:
        return name


PixelFormat = _Names()
