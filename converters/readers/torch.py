"""PyTorch: weights of PoseNet's MobileNetV1, or any network as TorchScript.

A pickled module is refused: to load one is to run whatever it says. From Python, `read_module`
takes a module that is loaded already.
"""

from __future__ import annotations

import io
import pickle
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import onnx as onnx_package

from converters.flat import Array
from converters.model import FloatModel, Pick, Request, Size
from converters.readers import _files, _mobilenet, onnx
from edge.errors import ModelError

_OPSET = 17  # the newest that the exporter of TorchScript writes without loss
_MAGIC = (b"PK", b"\x80")  # an archive, and the pickle it was before
_WRAPPINGS = ("state_dict", "model_state_dict", "model")
_HINT = "save its weights, torch.save(net.state_dict(), file), or torch.jit.script(net).save(file)"


def read(path: Path, request: Request) -> FloatModel:
    """Read weights or TorchScript; raises ModelError naming the file, and what it lacks."""
    content = _files.content(path)
    if path.suffix.lower() == ".safetensors":
        return _mobilenet.build(_safetensors(content, str(path)), request, str(path))
    if _is_script(content):
        return _script(content, request, str(path))
    return _mobilenet.build(_state(content, str(path)), request, str(path))


def read_module(module: Any, size: Size, pick: Pick, where: str = "module") -> FloatModel:
    """Convert a torch.nn.Module of (1, 3, H, W) float32 to one tensor or a tuple."""
    torch = _torch(where)
    module.eval()
    image = torch.zeros(1, 3, *size)
    exported = io.BytesIO()
    try:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # this exporter is old, but takes TorchScript
            names = _names(torch, module(image))
            torch.onnx.export(
                module,
                (image,),
                exported,
                dynamo=False,
                opset_version=_OPSET,
                input_names=["image"],
                output_names=names,
            )
    except Exception as error:  # the user's own code runs here
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        problem = f"PyTorch cannot export it at {size[0]}x{size[1]}: {reason}"
        raise ModelError(where, problem, "try another --input, or export it to ONNX") from error
    model = onnx_package.load_model_from_string(exported.getvalue())
    return onnx.convert(model, Request(size, pick), where)


def _names(torch: Any, outputs: Any) -> list[str]:
    """output_0, output_1 .. for a tensor, or a tuple of them; raises TypeError for others."""
    each = outputs if isinstance(outputs, tuple) else (outputs,)
    if not all(isinstance(output, torch.Tensor) for output in each):
        raise TypeError("it must give a tensor, or a tuple of them")
    return [f"output_{number}" for number in range(len(each))]


def _script(content: bytes, request: Request, where: str) -> FloatModel:
    if request.size is None:
        raise ModelError(where, "has no input size of its own", "choose one: --input 257x257")
    torch = _torch(where)
    try:
        module = torch.jit.load(io.BytesIO(content), map_location="cpu")
    except (RuntimeError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise ModelError(where, f"PyTorch cannot load it: {reason}", "fetch it again") from error
    return read_module(module, request.size, request.pick, where)


def _state(content: bytes, where: str) -> dict[str, Array]:
    """Weights by name; raises ModelError for anything that would run code."""
    if not content.startswith(_MAGIC):
        raise ModelError(where, "is not a PyTorch file", _HINT)
    torch = _torch(where)
    try:
        loaded = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise ModelError(where, "is no file of weights alone", _HINT) from error
    except (RuntimeError, EOFError, ValueError, LookupError) as error:
        raise ModelError(where, "is not a PyTorch file, or cut short", "fetch it again") from error
    for key in _WRAPPINGS:
        if isinstance(loaded, Mapping) and isinstance(loaded.get(key), Mapping):
            loaded = loaded[key]
    if not isinstance(loaded, Mapping):
        raise ModelError(where, f"holds a {type(loaded).__name__}, not weights by name", _HINT)
    return {
        str(name).removeprefix("module."): values.float().numpy()
        for name, values in loaded.items()
        if isinstance(values, torch.Tensor)
    }


def _safetensors(content: bytes, where: str) -> dict[str, Array]:
    import safetensors.numpy  # noqa: PLC0415

    try:
        loaded = safetensors.numpy.load(content)
    except KeyError as error:
        problem = f"has weights of a kind that NumPy lacks ({error})"
        raise ModelError(where, problem, "save them as float32") from error
    except Exception as error:  # its own error is no subclass of a useful one
        raise ModelError(where, f"is no safetensors file: {error}", "fetch it again") from error
    return {name.removeprefix("module."): values for name, values in loaded.items()}


def _is_script(content: bytes) -> bool:
    """Whether it is an archive with code in TorchScript, which PyTorch interprets itself."""
    file = io.BytesIO(content)
    if not zipfile.is_zipfile(file):
        return False
    with zipfile.ZipFile(file) as archive:
        return any(name.endswith("/constants.pkl") for name in archive.namelist())


def _torch(where: str) -> Any:
    try:
        import torch  # noqa: PLC0415
    except ImportError as error:
        hint = "run: pip install torch"
        raise ModelError(where, "needs PyTorch to be read", hint) from error
    return torch
