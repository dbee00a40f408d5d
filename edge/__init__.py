"""edgepose on the device: camera -> poses -> tracks -> events -> MQTT.

Nothing here imports `converters` or `benchmarks`. ARCHITECTURE.md is the map.
"""

__version__ = "0.1.0"
