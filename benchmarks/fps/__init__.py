"""Frames a second, end to end and bare, in processes that take turns.

Every contender is a process of its own (`worker.py`), so that its memory and processor time are
its own; one works at a time, while all others wait, so that a warm or busy moment of the board hits
all alike. `rounds.py` gives the turns, `figures.py` sums up.
"""
