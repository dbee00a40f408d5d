"""Offline, on a laptop: float pose models in, quantized ones out, with measured parity.

    readers/      a file of any format -> the hub, a float32 .tflite in memory (model.FloatModel)
    writers/      the hub and calibration pictures -> one variant's files
    calibration   pictures that set ranges, and others to compare on
    parity/       poses of both models -> a table of measures, each with its limit     pure
    report/       the result -> CARD.md, a page with pictures, a terminal's table       pure
    convert       the stages, all or nothing
    commands/     posenet, hand, any, defaults

What is written is opened and judged with the runtime's own backends and decoders: what passes here
is what a device will see.
"""
