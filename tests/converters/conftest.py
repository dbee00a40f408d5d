"""The converters are an extra: without their packages, no test of theirs is collected."""

from __future__ import annotations

from importlib.util import find_spec

_NEEDED = ("ai_edge_quantizer", "nncf", "onnx", "onnxruntime", "openvino", "pycocotools", "tomli_w")
MISSING = [package for package in _NEEDED if find_spec(package) is None]

collect_ignore_glob = ["test_*.py"] if MISSING else []


def pytest_report_header() -> str:
    """Say what is left out, and what would bring it back."""
    if not MISSING:
        return "converters: tested"
    return f"converters: not tested, without {', '.join(MISSING)} (pip install 'edgepose[convert]')"
