"""Pictures that teach, made on a GPU: processes draw what is to be done, the GPU does it.

What is drawn follows the rules of augment.py and photometry.py; a test holds the targets equal.
Fifteen processes that make whole pictures with OpenCV fed one H200 with 2,200 a second at 257 px;
this, and the training beside it, does 4,200 (`train body --device cuda --batch 256 --workers 15`).
"""
