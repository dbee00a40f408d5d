"""What the figures of timelines count: read by the command's help."""

from __future__ import annotations

DEFINITIONS = """\
  order    steps that people tagged "Order Error", against the early and the late step of every
           swapped pair that the engine told of
  missing  steps tagged "Missing Step", against those the engine called skipped at the end
  timing   steps tagged "Timing Error", against those it called too short or too long
A step of a recording counts once, however often it was done; a recording is found if any of its
steps is. Two steps are swapped if the one that had to wait began and ended before the other did,
and they were not done together: for no more than a third of the shorter one. Steps wait for all
before them in the graph, near and far, also through steps that nobody did."""
