"""What quantization cost, at the level people care about: who is found, and where the joints are.

Pure: poses of the float model and of the quantized one go in, a table of measures comes out.
"""
