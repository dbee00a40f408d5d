"""What is special about one backend or another: real weights, real pixels, no call home."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from edge import manifest, registry
from edge.backends import _pixels
from edge.core.types import Image
from edge.errors import BackendError, ModelError
from edge.manifest import InputSpec, Manifest, WeightsFile
from tests.tiny_models import CASES, kind_of, manifest_of

ROOT = Path(__file__).parents[1]
SPEC = InputSpec(height=2, width=5, mean=(10.0, 20.0, 30.0), std=(1.0, 2.0, 4.0))
IMAGE = np.random.default_rng(7).integers(0, 256, (1, 2, 5, 3), dtype=np.uint8)


def feed(dtype: npt.DTypeLike, layout: str = "NHWC") -> _pixels.Feed:
    file = WeightsFile("a.tflite", "tflite", "", 0, layout=layout)
    return _pixels.Feed(SPEC, file, dtype)


def test_float_models_get_each_channel_normalised() -> None:
    wanted = (IMAGE - np.array([10.0, 20.0, 30.0])) / np.array([1.0, 2.0, 4.0])
    np.testing.assert_allclose(feed(np.float32)(IMAGE), wanted, atol=1e-5)


def test_channels_first_models_get_channels_first() -> None:
    wanted = ((IMAGE - np.array([10.0, 20.0, 30.0])) / np.array([1.0, 2.0, 4.0]))[0]
    given = feed(np.float32, "NCHW")(IMAGE)
    assert given.shape == (1, 3, 2, 5)
    for channel in range(3):
        np.testing.assert_allclose(given[0, channel], wanted[:, :, channel], atol=1e-5)


def test_uint8_models_get_pixels_and_int8_models_pixels_less_128() -> None:
    np.testing.assert_array_equal(feed(np.uint8)(IMAGE), IMAGE)
    np.testing.assert_array_equal(feed(np.int8)(IMAGE), IMAGE.astype(int) - 128)


def test_an_input_type_pixels_do_not_fit_is_refused() -> None:
    with pytest.raises(ModelError, match="takes float16"):
        feed(np.float16)


@pytest.mark.parametrize(
    ("case", "blocked", "remedy"),
    [
        (
            "tflite/float32",
            ("ai_edge_litert.interpreter", "tflite_runtime.interpreter"),
            "ai-edge-litert",
        ),
        ("onnxruntime/nhwc", ("onnxruntime",), "'edgepose[onnx]'"),
        ("openvino/onnx-nhwc", ("openvino",), "'edgepose[openvino]'"),
    ],
)
def test_a_missing_runtime_says_what_to_install(
    case: str, blocked: tuple[str, ...], remedy: str, tmp_path: Path, monkeypatch: Any
) -> None:
    kind = kind_of(case)
    paths = CASES[case].make(tmp_path)
    for name in blocked:
        monkeypatch.setitem(sys.modules, name, None)
    plugin = registry.load("backends", kind)
    with (
        pytest.raises(BackendError) as caught,
        plugin(manifest_of(CASES[case], paths), paths[0], 1),
    ):
        pass
    assert caught.value.hint == f"run: pip install {remedy}"


class Numpy1Interpreter:
    """tflite-runtime 2.14 under numpy 2."""

    def __init__(self, **_options: object) -> None:
        raise SystemError("<built-in method> returned NULL without setting an exception")


def test_tflite_runtime_under_numpy_2_says_what_to_install(
    tmp_path: Path, monkeypatch: Any
) -> None:
    plugin = registry.load("backends", kind_of("tflite/float32"))
    paths = CASES["tflite/float32"].make(tmp_path)
    old = type(sys)("tflite_runtime.interpreter")
    monkeypatch.setattr(old, "Interpreter", Numpy1Interpreter, raising=False)
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    monkeypatch.setitem(sys.modules, "tflite_runtime", type(sys)("tflite_runtime"))
    monkeypatch.setitem(sys.modules, "tflite_runtime.interpreter", old)
    model = manifest_of(CASES["tflite/float32"], paths)
    with pytest.raises(BackendError, match="numpy 2"), plugin(model, paths[0], 1):
        pass


@pytest.mark.parametrize("size", ["353x481", "481x641"])
def test_tflite_and_openvino_agree_on_real_weights(size: str, shared: Path) -> None:
    model = manifest.load(ROOT / f"models/posenet-mobilenet-v1-075-{size}-coral/manifest.toml")
    weights = shared / "weights/posenet" / model.weights[0].path
    image = photo(shared / "images/coral/test_couple.jpg", model)
    heads = []
    for case in ("tflite/uint8", "openvino/tflite-uint8"):
        with registry.load("backends", kind_of(case))(model, weights, 1) as backend:
            heads.append(backend.infer(backend.feed(image)))
    levels = {"heatmaps": 0.0784, "offsets": 0.0784, "mid_offsets": 1.3876}  # of the file
    for name, level in levels.items():
        # Rounding inside the network differs: half a level on average is all it may cost.
        # The worst cells of the offsets are far from any joint, where nothing is learnt.
        away = np.abs(heads[0][name] - heads[1][name])
        assert away.mean() <= (3.0 if name == "offsets" else 0.5) * level
        assert away.max() > 0.0  # two runtimes, not one asked twice
    people = [model.decoder(head, (image.shape[1], image.shape[2])) for head in heads]
    assert len(people[0]) == len(people[1]) == 2
    for one, other in zip(*people, strict=True):
        seen = one.score > 0.5
        assert np.abs(one.xy - other.xy)[seen].max() <= 1.0


def photo(path: Path, model: Manifest) -> Image:
    bgr = cv2.imread(str(path))
    assert bgr is not None
    fitted = cv2.resize(bgr, (model.input.width, model.input.height))
    return np.asarray(cv2.cvtColor(fitted, cv2.COLOR_BGR2RGB)[None], np.uint8)


CHILD = """
import sys
from pathlib import Path
from edge import registry
from tests.tiny_models import CASES, manifest_of, picture
kind = sys.argv[1].partition("/")[0]
tiny = CASES[sys.argv[1]]
paths = (Path(sys.argv[2]),)
with registry.load("backends", kind)(manifest_of(tiny, paths), paths[0], 1) as backend:
    backend.infer(backend.feed(picture()))
"""


@pytest.mark.parametrize("case", ["tflite/float32", "onnxruntime/nhwc", "openvino/onnx-nhwc"])
def test_no_runtime_opens_a_socket_or_leaves_a_trace_at_home(case: str, tmp_path: Path) -> None:
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed (apt install strace)")
    kind_of(case)
    home = tmp_path / "home"
    home.mkdir()
    path = CASES[case].make(tmp_path)[0]
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ORT_", "XDG_", "CI"))}
    log = tmp_path / "strace"
    watch = [strace, "-f", "-qq", "-e", "trace=socket,connect", "-o", str(log)]
    done = subprocess.run(
        [*watch, sys.executable, "-c", CHILD, case, str(path)],
        cwd=ROOT,
        env={**kept, "HOME": str(home), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if "PTRACE" in done.stderr:
        pytest.skip(f"strace may not look here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    assert [line for line in log.read_text().splitlines() if "AF_INET" in line] == []
    assert list(home.rglob("*")) == []
