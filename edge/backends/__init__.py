"""uint8 image in, float32 tensors out, one inference runtime per file; `PLUGIN` is its class.

Quantisation, layout and input normalisation stay inside the backend. The runtime's own
package is imported only when a backend of that kind is opened.
"""
