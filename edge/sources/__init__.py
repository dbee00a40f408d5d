"""Where frames come from, one kind per file; `PLUGIN` is the class of its settings.

A source gives RGB frames stamped on a monotonic clock. A file ends; a camera that stops
raises `SourceError`. Sources do not retry and do not queue: the runtime does that. What can
hang for ever (libcamera, GStreamer) is read by a process of its own (`_child.py`).
"""
