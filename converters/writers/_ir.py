"""Makes the .xml of an OpenVINO IR small, and the same on every run and machine."""

from __future__ import annotations

import xml.etree.ElementTree as ET

_DEFAULTS = {
    "auto_broadcast": "numpy",
    "dilations": "1,1",
    "pads_begin": "0,0",
    "pads_end": "0,0",
    "strides": "1,1",
}


def trimmed(content: bytes) -> bytes:
    """Give the .xml without what a reader works out itself: a third of a quantized model's size.

    That is shapes behind operators, names, white space, constants said twice, and who made it how.
    """
    root = ET.fromstring(content)  # noqa: S314 - OpenVINO wrote it a moment ago
    for element in root.iter():
        element.text = element.tail = None
    for made_how in root.findall("rt_info"):
        root.remove(made_how)
    layers, edges = root.findall("layers")[0], root.findall("edges")[0]
    for port in root.iter("port"):
        for size in port.findall("dim"):
            port.remove(size)
    for port in root.iterfind("./layers/layer/input/port"):
        port.attrib.pop("precision", None)
    heads = {
        edge.get("from-layer")
        for edge in edges
        if layers.findall(f"layer[@type='Result'][@id='{edge.get('to-layer')}']")
    }
    for layer in layers:
        _shorten(layer)
        if layer.get("type") != "Parameter":
            layer.set("name", "")
            if layer.get("id") not in heads:
                _forget_names(layer)
    _share_constants(layers, edges)
    made: bytes = ET.tostring(root, encoding="utf-8")
    return made.replace(b" />", b"/>")


def _shorten(layer: ET.Element) -> None:
    """Leave out settings that are what a reader takes anyway."""
    for settings in layer.findall("data"):
        for key, value in list(settings.attrib.items()):
            settings.set(key, value.replace(", ", ","))
            if _DEFAULTS.get(key) == settings.get(key):
                del settings.attrib[key]
        if not settings.attrib:
            layer.remove(settings)


def _forget_names(layer: ET.Element) -> None:
    for port in layer.iter("port"):
        port.attrib.pop("names", None)


def _share_constants(layers: ET.Element, edges: ET.Element) -> None:
    """The .bin has equal values once already; let one layer stand for all that read them."""
    first: dict[bytes, str] = {}
    stands_for: dict[str, str] = {}
    for layer in layers.findall("layer[@type='Const']"):
        number = layer.get("id", "")
        described = ET.tostring(layer.findall("data")[0])
        stands_for[number] = first.setdefault(described, number)
        if stands_for[number] != number:
            layers.remove(layer)
    for edge in edges:
        source = edge.get("from-layer", "")
        edge.set("from-layer", stands_for.get(source, source))
