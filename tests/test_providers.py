"""Where ONNX Runtime computes, with the real runtime of this machine and files of TensorRT's kind.

No machine of ours has TensorRT: what is tested here of it is what we ask for, what we make of an
answer, and that nothing it leaves behind can stop a start. `make prove-jetson` runs the same code
on the runtime for GPUs, where no GPU is.
"""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from edge import config, registry
from edge.backends import _providers
from edge.backends._providers import Engines, chain
from edge.errors import BackendError, ConfigError, Problems
from edge.ports import Placed, Placement
from edge.runtime import assemble, opening
from tests.fakes import FakeBackend
from tests.gpu_runtime import GPU_BUILD, GpuRuntime
from tests.tiny_models import CASES, expected, kind_of, manifest_of, picture


def backend(folder: Path, placement: Placement) -> Any:
    """Give the tiny model in the real runtime, not yet entered."""
    kind = kind_of("onnxruntime/nhwc")
    paths = CASES["onnxruntime/nhwc"].make(folder)
    made = registry.load("backends", kind)(
        manifest_of(CASES["onnxruntime/nhwc"], paths), paths[0], 1
    )
    made.place(placement)
    return made


@pytest.mark.parametrize(
    ("asked", "offered", "tried"),
    [
        ("auto", GPU_BUILD, ("tensorrt", "cuda", "cpu")),
        ("auto", reversed(GPU_BUILD), ("tensorrt", "cuda", "cpu")),
        ("auto", ("AzureExecutionProvider", "CPUExecutionProvider"), ("cpu",)),
        ("tensorrt", GPU_BUILD, ("tensorrt", "cuda", "cpu")),
        ("cuda", GPU_BUILD, ("cuda", "cpu")),
        ("cpu", GPU_BUILD, ("cpu",)),
    ],
)
def test_what_is_tried_and_in_which_order(asked: str, offered: Any, tried: tuple[str, ...]) -> None:
    assert chain(asked, tuple(offered), "m") == tried


def test_a_provider_that_this_runtime_lacks_is_refused_for_good(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="'tensorrt' is not in this ONNX Runtime") as caught:
        backend(tmp_path, Placement("tensorrt")).__enter__()
    assert caught.value.exit_code == 78
    assert "onnxruntime-gpu" in caught.value.hint


@pytest.mark.parametrize(
    ("gpu", "said"), [(False, ""), (True, "computed by the CPU: this ONNX Runtime knows no GPU")]
)
def test_the_cpu_is_a_fallback_only_where_a_gpu_is(tmp_path: Path, gpu: bool, said: str) -> None:  # noqa: FBT001
    with backend(tmp_path, Placement(gpu=gpu)) as opened:
        image = picture()
        heads = opened.infer(opened.feed(image))
        np.testing.assert_allclose(heads["doubled"], expected(image)["doubled"], atol=1e-5)
        assert opened.provider == "cpu"
        assert opened.fallback.startswith(said)
        assert bool(opened.fallback) == gpu


@pytest.fixture
def gpu_runtime(monkeypatch: pytest.MonkeyPatch) -> Any:
    real = pytest.importorskip("onnxruntime")

    def make(**how: Any) -> GpuRuntime:
        runtime = GpuRuntime(real, **how)
        monkeypatch.setitem(sys.modules, "onnxruntime", runtime)
        return runtime

    return make


def test_a_silent_fallback_is_said_aloud(tmp_path: Path, gpu_runtime: Any) -> None:
    gpu_runtime(active=GPU_BUILD[1:], broken=GPU_BUILD[:1])
    with backend(tmp_path, Placement(gpu=True)) as opened:
        # CUDA started, and its record says that the CPU computed all: this machine really did.
        assert opened.provider == "cpu"
        assert opened.fallback == (
            "computed by the CPU: TensorRT failed: Please install TensorRT libraries; "
            "CUDA computes no step of this model"
        )


def test_a_provider_by_name_that_does_not_start_is_an_error(
    tmp_path: Path, gpu_runtime: Any
) -> None:
    gpu_runtime(active=("CPUExecutionProvider",))
    with pytest.raises(BackendError, match="CUDA did not start") as caught:
        backend(tmp_path, Placement("cuda", gpu=True)).__enter__()
    assert caught.value.exit_code == 1  # a driver may come up yet


def test_the_record_of_a_run_names_who_computed(tmp_path: Path) -> None:
    profile = tmp_path / "profile.json"
    node = '{"cat": "Node", "args": {"provider": "%s"}}'
    lines = [node % GPU_BUILD[2], node % GPU_BUILD[0], node % GPU_BUILD[2], '{"cat": "Session"}']
    profile.write_text(f"[{','.join(lines)}]")
    assert _providers.steps(profile) == {"tensorrt": 1, "cpu": 2}
    assert next(iter(_providers.steps(profile))) == "tensorrt"


def test_engines_are_kept_for_one_file_one_runtime_one_precision(tmp_path: Path) -> None:
    one = Engines.of(b"weights", tmp_path / "m", "1.23.0", fp16=True)
    one.prepare()
    assert one.folder is not None
    (one.folder / "x.engine").write_bytes(b"engine")
    again = Engines.of(b"weights", tmp_path / "m", "1.23.0", fp16=True)
    again.prepare()
    assert again.folder == one.folder
    assert (one.folder / "x.engine").exists()
    for other in (
        Engines.of(b"WEIGHTS", tmp_path / "m", "1.23.0", fp16=True),
        Engines.of(b"weights", tmp_path / "m", "1.24.0", fp16=True),
        Engines.of(b"weights", tmp_path / "m", "1.23.0", fp16=False),
    ):
        other.prepare()
        assert other.folder is not None
        assert list((tmp_path / "m").iterdir()) == [other.folder]  # the old ones are gone
        assert not any(other.folder.iterdir())


def test_what_tensorrt_is_asked_for(tmp_path: Path, gpu_runtime: Any) -> None:
    runtime = gpu_runtime(active=GPU_BUILD)
    with backend(tmp_path, Placement(engines=tmp_path / "state/engines/tiny", gpu=True)):
        pass
    options = runtime.options["TensorrtExecutionProvider"]
    folder = Path(options["trt_engine_cache_path"])
    assert folder.parent == tmp_path / "state/engines/tiny"
    assert options["trt_timing_cache_path"] == str(folder)
    assert options["trt_engine_cache_enable"] is options["trt_timing_cache_enable"] is True
    assert options["trt_fp16_enable"] is True
    assert options["trt_int8_enable"] is False
    assert Engines.of(b"..QuantizeLinear..", None, "1", fp16=False).options() == {
        "trt_fp16_enable": False,
        "trt_int8_enable": True,
    }


@pytest.mark.parametrize("cut_short", [True, False])
def test_engines_that_stop_a_start_are_built_anew(
    tmp_path: Path,
    gpu_runtime: Any,
    cut_short: bool,  # noqa: FBT001
) -> None:
    broken = () if cut_short else GPU_BUILD[:1]  # else TensorRT itself is missing
    runtime = gpu_runtime(active=GPU_BUILD, broken=broken)
    made = backend(tmp_path, Placement(engines=tmp_path / "engines", gpu=True))
    engines = Engines.of(
        (tmp_path / "tiny.onnx").read_bytes(), tmp_path / "engines", runtime.__version__, fp16=True
    )
    engines.prepare()
    assert engines.folder is not None
    (engines.folder / ("cut-short.engine" if cut_short else "good.engine")).write_bytes(b"x")
    with made:
        assert "deserialize" not in made.fallback
    assert runtime.asked[:2] == [list(GPU_BUILD), list(GPU_BUILD)]
    kept = [path.name for path in engines.folder.iterdir()]
    assert kept == ([] if cut_short else ["good.engine"])  # what was not to blame comes back


def test_a_folder_that_cannot_be_made_costs_a_build_and_not_the_start(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    engines = Engines.of(b"weights", tmp_path / "state/engines", "1.23.0", fp16=True)
    engines.prepare()
    assert "trt_engine_cache_path" not in engines.options()
    assert not engines.put_aside()


def test_opening_asks_systemd_for_time_and_says_what_computes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    told: list[str] = []
    monkeypatch.setattr(opening, "notify", asked.append)
    patient = backend(tmp_path, Placement(gpu=True))
    plain = FakeBackend()
    assert [isinstance(one, Placed) for one in (patient, plain)] == [True, False]
    with ExitStack() as life:
        opening.opened(life, [plain, patient], told.append)
        assert plain.entered == 1
    words = "tiny: opened for the GPU; the first time, that takes minutes"
    before = f"EXTEND_TIMEOUT_USEC=1800000000\nSTATUS={words}"
    assert asked == [before, "EXTEND_TIMEOUT_USEC=90000000"]
    assert told[0] == words
    assert told[1].startswith("warning: tiny: computed by the CPU")
    said = opening.providers([plain, patient])
    schema = json.loads((Path(opening.__file__).parents[1] / "schemas/health.json").read_text())
    of_jetson = {"power_mode": "25W", "clocks_held": None}
    jsonschema.validate({**said, **of_jetson}, {**schema, "required": []})
    assert said["providers"] == {"tiny": "cpu"}
    assert said["fallbacks"] == {"tiny": patient.fallback}
    assert opening.providers([plain]) == {}


def test_a_board_without_a_gpu_hears_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(opening, "notify", asked.append)
    with ExitStack() as life:
        opening.opened(life, [backend(tmp_path, Placement())], asked.append)
    assert asked == []


def test_a_provider_for_a_runtime_that_has_none_is_a_configuration_error() -> None:
    choice = config.ModelChoice("edgepose-body-257", provider="cuda")
    with pytest.raises(ConfigError, match="'tflite' uses the CPU alone"):
        assemble.predictor(choice)


def test_a_provider_that_does_not_exist_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cam.toml"
    path.write_text('[source]\nuri = "a.mp4"\n[[model]]\nname = "m"\nprovider = "tensorflow"\n')
    (tmp_path / "a.mp4").touch()
    with pytest.raises(Problems, match=r"model\[1\]\.provider: 'tensorflow' is not one of auto"):
        config.load(path, {})
