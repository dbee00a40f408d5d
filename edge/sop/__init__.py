"""Standard operating procedures, pure: what one is, in words, and the order of its steps.

`watching` follows one being done, `checking` finds what is wrong with one, `teaching` makes one
from the job done right, `drawing` lays one out.
"""
