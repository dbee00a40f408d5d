"""Weights out, one file per format: `write(model, job)` gives the bytes of one variant.

`VARIANTS` says what each variant is, for `--help`. A writer touches no file of the user's, gives
equal bytes for equal input, and raises ConvertError naming the stage. The directory is the
registry. What quantization costs is decided before any library quantizes: `_equalize.py` makes
channels alike, `_rounding.py` rounds weights with care, `_ranges.py` says what levels cover.
"""
