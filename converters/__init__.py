"""Offline, on a laptop: float pose models to quantized ones, with measured parity (planned)."""
