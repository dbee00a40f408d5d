"""Float models in, one file per format: `read(path, request)` gives the hub's float32 model.

A reader builds nothing that the chosen outputs do not need, names them as the decoder does, and
raises ModelError naming the file and the operator it does not know. `find.py` has which is whose.
"""
