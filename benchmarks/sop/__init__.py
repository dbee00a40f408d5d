"""Timelines of real work through the real engine: what it tells, held against what people say."""
