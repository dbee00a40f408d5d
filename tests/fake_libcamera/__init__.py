"""A camera that is not there, for a process of its own: put this folder on its PYTHONPATH.

`libcamera.py` and `picamera2.py` have what our source uses of the real ones, with their
documented signatures, checks and byte layouts; FAKE_CAMERA (JSON) says how it behaves.
"""
