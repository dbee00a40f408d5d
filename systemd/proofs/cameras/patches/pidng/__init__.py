"""picamera2 imports this to write raw pictures."""
