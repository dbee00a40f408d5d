"""What the tensors of a float model hold while it looks at the calibration pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from converters import flat
from converters.flat import Array
from converters.model import FloatModel, Job
from converters.writers import _pixels

Look = Callable[[int], Array]  # number of a tensor -> its values


def pictures(model: FloatModel, job: Job) -> Iterator[Look]:
    """Run the model on each of the job's pictures; its tensors can be looked at in between."""
    interpreter = flat.interpreter_of(model.content, keep_all=True)
    image = interpreter.get_input_details()[0]["index"]
    for pixels in _pixels.inputs(model, job):
        interpreter.set_tensor(image, pixels)
        interpreter.invoke()
        yield interpreter.get_tensor
