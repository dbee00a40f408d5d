"""Raw tensors to poses, one file per family of models, pure NumPy.

A decoder is a frozen dataclass of its parameters, called with the output tensors by name
(float32, batch dimension kept) and the model's input size; it returns poses in pixels of the
model's input. It never imports an inference runtime, so it is tested on tensors alone.
"""
