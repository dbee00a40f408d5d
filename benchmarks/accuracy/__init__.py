"""Poses of a model against what people marked: AP, PCK, who is found and who is invented."""
