"""Keypoints as a data set, a small network on top: gestures of hands and poses of bodies."""
