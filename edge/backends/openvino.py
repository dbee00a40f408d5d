"""OpenVINO on the CPU: its own IR, ONNX and TFLite files, with its telemetry off."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from edge.backends import _checks
from edge.backends._pixels import channels_last, fitting
from edge.backends._signals import plain_signal_stack
from edge.core.types import Floats, Image
from edge.errors import ModelError
from edge.manifest import InputSpec, Manifest

_PRECISION = "INFERENCE_PRECISION_HINT"


class OpenVino:
    """One .xml (with its .bin), .onnx or .tflite file; pixels are converted inside the graph."""

    def __init__(self, manifest: Manifest, weights: Path, threads: int) -> None:
        self._manifest = manifest
        self._weights = weights
        self._file = manifest.file(weights.name)
        self._threads = threads
        self._request: Any = None
        self.input_size = (manifest.input.height, manifest.input.width)

    def __enter__(self) -> OpenVino:
        """Prove, load and try the weights; raises ModelError, Problems or BackendError."""
        self._manifest.prove(self._weights)
        # With its telemetry in reach, the import alone looks up a host; without, a stub stands in.
        sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
        openvino = _checks.package("openvino", "run: pip install 'edgepose[openvino]'")
        with plain_signal_stack():
            self._request = self._compile(openvino)
            _checks.trial_run(self._weights, self._manifest, self)
        return self

    def _compile(self, openvino: Any) -> Any:
        core = openvino.Core()
        try:
            model = core.read_model(self._weights)
        except RuntimeError as error:
            raise _checks.damaged(self._weights, "OpenVINO", error) from error
        self._check(model)
        _dequantize(model)
        options = {"INFERENCE_NUM_THREADS": self._threads, "PERFORMANCE_HINT": "LATENCY"}
        # bfloat16, the default of newer x86 processors, moves joints; ARM's float16 does not.
        if core.get_property("CPU", _PRECISION).to_string() == "bf16":
            options[_PRECISION] = openvino.Type.f32
        try:
            compiled = core.compile_model(self._from_pixels(model, openvino), "CPU", options)
        except RuntimeError as error:
            raise _checks.damaged(self._weights, "OpenVINO", error) from error
        return compiled.create_infer_request()

    def feed(self, image: Image) -> Image:
        """uint8 RGB (1, H, W, 3): the graph itself does the rest."""
        return np.ascontiguousarray(fitting(image, (1, *self.input_size, 3)))

    def infer(self, fed: Image) -> dict[str, Floats]:
        """Float32 tensors by the manifest's names."""
        # Into the request's own memory: a new tensor each time costs ten times as much. As bytes:
        # NumPy would let other threads go first, and the model would wait for them.
        self._request.get_input_tensor().data.data.cast("B")[:] = fed.data.cast("B")
        self._request.infer(share_outputs=True)
        return {
            name: channels_last(self._request.get_tensor(spec.tensor).data.copy(), self._file)
            for name, spec in self._manifest.outputs.items()
        }

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._request = None

    def _check(self, model: Any) -> None:
        height, width = self.input_size
        expected = (1, 3, height, width) if self._file.layout == "NCHW" else (1, height, width, 3)
        taken = model.inputs[0].partial_shape
        sizes = [0 if size.is_dynamic else size.get_length() for size in taken]
        _checks.input_fits(self._weights, sizes, expected)
        if taken.is_dynamic:
            model.reshape(list(expected))
        names = [name for head in model.outputs for name in head.get_names()]
        _checks.outputs_exist(self._weights, self._manifest, names)

    def _from_pixels(self, model: Any, openvino: Any) -> Any:
        """Put type, layout and normalisation in front of the model, float32 behind it."""
        types = openvino.Type
        graph = openvino.preprocess.PrePostProcessor(model)
        pixels = graph.input()
        pixels.tensor().set_element_type(types.u8).set_layout(openvino.Layout("NHWC"))
        pixels.model().set_layout(openvino.Layout(self._file.layout))
        steps, takes = pixels.preprocess(), model.inputs[0].element_type
        if takes == types.i8:
            steps.convert_element_type(types.f32).mean(128.0).convert_element_type(types.i8)
        elif takes != types.u8:
            steps.convert_element_type(types.f32)
            if not _absorbed(model, self._manifest.input, openvino):
                image = self._manifest.input
                steps.mean(list(image.mean)).scale(list(image.std))
            steps.convert_element_type(takes)
        for spec in self._manifest.outputs.values():
            head = model.output(spec.tensor)
            if head.element_type.is_integral():
                problem = f"gives '{spec.tensor}' as {head.element_type.to_string()}"
                raise ModelError(str(self._weights), problem, "export it with float32 outputs")
            graph.output(spec.tensor).tensor().set_element_type(types.f32)
        return graph.build()


def _absorbed(model: Any, image: InputSpec, openvino: Any) -> bool:
    """Let a model that quantizes its input first quantize pixels: no arithmetic is left to do.

    FakeQuantize clips to a range and rounds to levels of it; the range of the pixels has the same.
    """
    users = list(model.input().get_target_inputs())
    first = users[0].get_node() if len(users) == 1 else None
    if first is None or first.get_type_name() != "FakeQuantize":
        return False
    (mean, *means), (std, *stds) = image.mean, image.std
    ends = [first.input_value(end).get_node() for end in (1, 2)]
    plain = all(end.get_type_name() == "Constant" for end in ends)
    if not plain or {mean} != {*means} or {std} != {*stds}:
        return False
    for number, end in zip((1, 2), ends, strict=True):
        of_pixels = openvino.op.Constant(np.asarray(end.get_data() * std + mean, np.float32))
        first.input(number).replace_source_output(of_pixels.output(0))
    return True


def _dequantize(model: Any) -> None:
    """Let quantized TFLite heads give real values.

    Such a graph ends in FakeQuantize (reals to levels), Convert (to uint8), perhaps Transpose.
    FakeQuantize then gives the reals it was given, rounded to levels, and Convert nothing new.
    """
    for result in model.get_results():
        if not result.get_element_type().is_integral():
            continue
        convert = result.input_value(0).get_node()
        while convert.get_type_name() == "Transpose":
            convert = convert.input_value(0).get_node()
        levels = convert.input_value(0).get_node() if convert.get_type_name() == "Convert" else None
        if levels is None or levels.get_type_name() != "FakeQuantize":
            continue
        for low_or_high in (1, 2):
            levels.input(low_or_high + 2).replace_source_output(levels.input_value(low_or_high))
        for user in convert.output(0).get_target_inputs():
            user.replace_source_output(levels.output(0))
    model.validate_nodes_and_infer_types()


PLUGIN = OpenVino
