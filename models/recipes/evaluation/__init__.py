"""What a model is worth on real photographs and clips, beside others, by the same code."""
