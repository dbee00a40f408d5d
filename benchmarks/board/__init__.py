"""What a benchmark ran on, read from the kernel's own files, and what about it spoils figures.

`reading.read()` gives a `facts.Board`; what a board does not offer is None, never a guess. Files
first: a command is run only for what the kernel does not say.
"""
