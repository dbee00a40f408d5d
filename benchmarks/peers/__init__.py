"""Other ways to get a person's pose, as their users write them, on the same clip in the same run.

A file is a peer, its name the peer's: `ABOUT` says what it is, `PACKAGE` what it needs, as pip
takes it, `WEIGHTS` whether it is given weights (`--peer-model`), and `open(job)` gives a function
from an RGB picture (H, W, 3) to people, each (17, 3) float32: x and y in px of the picture and a
score 0..1, in the order of body17. A peer may live in a Python of its own (`--peer-python`), so
that what it needs does not have to agree with anything here. Names with `_` are no peers.
"""
