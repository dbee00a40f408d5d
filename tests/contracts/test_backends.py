"""What every backend keeps, on every kind of file it opens."""

from __future__ import annotations

import ctypes
import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edge import registry
from edge.errors import BackendError, EdgeposeError, ModelError
from edge.manifest import InputSpec, Manifest, OutputSpec
from tests import tiny_models
from tests.tiny_models import CASES, SHAPE, SIZE, TinyModel, expected, kind_of, manifest_of, picture


@dataclass(frozen=True)
class Subject:
    """A backend kind and a tiny model for it, on disk."""

    plugin: Any
    tiny: TinyModel
    paths: tuple[Path, ...]
    manifest: Manifest

    def backend(self, manifest: Manifest | None = None, threads: int = 1) -> Any:
        return self.plugin(manifest or self.manifest, self.paths[0], threads)


@pytest.fixture(params=CASES)
def subject(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: Any) -> Subject:
    monkeypatch.setenv("ORT_DISABLE_TELEMETRY", "1")  # put back what a backend sets
    kind = kind_of(request.param)
    tiny = CASES[request.param]
    paths = tiny.make(tmp_path)
    return Subject(registry.load("backends", kind), tiny, paths, manifest_of(tiny, paths))


def test_every_backend_is_here() -> None:
    assert {case.partition("/")[0] for case in CASES} == set(registry.kinds("backends"))


def test_gives_float32_heads_by_the_manifests_names(subject: Subject) -> None:
    image = picture()
    with subject.backend() as backend:
        heads = backend.infer(backend.feed(image))
    assert set(heads) == set(tiny_models.FACTORS)
    for name, values in expected(image).items():
        assert heads[name].dtype == np.float32
        assert heads[name].shape == SHAPE
        np.testing.assert_allclose(heads[name], values, atol=subject.tiny.tolerance)


def test_the_arrays_belong_to_the_caller(subject: Subject) -> None:
    with subject.backend() as backend:
        first = backend.infer(backend.feed(picture(1)))
        before = {name: head.copy() for name, head in first.items()}
        first_again = backend.infer(backend.feed(picture(2)))
        for name, head in first.items():
            np.testing.assert_array_equal(head, before[name])
            assert not np.array_equal(head, first_again[name])
            head[...] = 0.0  # writable
        np.testing.assert_array_equal(
            backend.infer(backend.feed(picture(1)))["doubled"], before["doubled"]
        )


def test_the_size_is_known_before_opening(subject: Subject) -> None:
    assert subject.backend().input_size == SIZE


def test_opening_prints_nothing(subject: Subject, capfd: pytest.CaptureFixture[str]) -> None:
    with subject.backend() as backend:
        backend.infer(backend.feed(picture()))
    assert capfd.readouterr() == ("", "")


class _SignalStack(ctypes.Structure):
    _fields_ = (("sp", ctypes.c_void_p), ("flags", ctypes.c_int), ("size", ctypes.c_size_t))


def test_signals_keep_their_stack(subject: Subject) -> None:
    """A signal stack left behind by a runtime can turn SIGTERM into a crash."""
    before, within = _SignalStack(), _SignalStack()
    libc = ctypes.CDLL(None)
    libc.sigaltstack(None, ctypes.byref(before))
    with subject.backend():
        libc.sigaltstack(None, ctypes.byref(within))
    disabled = 2
    assert within.flags == disabled or within.sp == before.sp


def test_threads_change_nothing(subject: Subject) -> None:
    with subject.backend(threads=1) as one, subject.backend(threads=2) as two:
        np.testing.assert_array_equal(
            one.infer(one.feed(picture()))["tripled"], two.infer(two.feed(picture()))["tripled"]
        )


def test_closing_twice_is_harmless_and_it_opens_again(subject: Subject) -> None:
    backend = subject.backend()
    with backend:
        before = backend.infer(backend.feed(picture()))
    backend.__exit__(None, None, None)
    with backend:
        np.testing.assert_array_equal(
            backend.infer(backend.feed(picture()))["doubled"], before["doubled"]
        )


@pytest.mark.parametrize("wrong", [(SIZE[0], SIZE[1], 3), (1, SIZE[0] + 1, SIZE[1], 3)])
def test_a_picture_of_another_shape_is_refused(subject: Subject, wrong: tuple[int, ...]) -> None:
    with subject.backend() as backend, pytest.raises(BackendError, match="takes uint8"):
        backend.infer(backend.feed(np.zeros(wrong, np.uint8)))


def refusal(subject: Subject, manifest: Manifest | None = None) -> str:
    """Open a backend that must refuse, and give its words."""
    with pytest.raises(EdgeposeError) as caught, subject.backend(manifest):
        pass
    assert caught.value.exit_code == ModelError.exit_code  # a restart does not help
    return str(caught.value)


def test_a_tampered_file_is_refused_by_name_with_the_remedy(subject: Subject) -> None:
    for path in subject.paths:
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        words = refusal(subject)
        assert str(path) in words
        assert "edgepose models pull tiny" in words
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    with subject.backend():
        pass


def test_a_missing_file_is_refused_by_name_with_the_remedy(subject: Subject) -> None:
    for path in reversed(subject.paths):
        path.unlink()
        words = refusal(subject)
        assert str(path) in words
        assert "edgepose models pull tiny" in words


@pytest.mark.parametrize("keep", [0.0, 0.1, 0.5, 0.9])
def test_a_file_cut_short_before_its_hash_was_taken_is_refused(
    subject: Subject, keep: float
) -> None:
    for path in subject.paths:
        whole = path.read_bytes()
        path.write_bytes(whole[: int(len(whole) * keep)])
        words = refusal(subject, manifest_of(subject.tiny, subject.paths))
        assert str(subject.paths[0]) in words
        assert "damaged" in words
        path.write_bytes(whole)


def test_another_input_size_is_refused(subject: Subject) -> None:
    other = dataclasses.replace(subject.manifest, input=InputSpec(height=SIZE[0], width=7))
    words = refusal(subject, other)
    assert subject.paths[0].name in words
    assert "[input]" in words


def test_other_output_shapes_are_all_named(subject: Subject) -> None:
    outputs = {name: OutputSpec(name, (1, 1, 1, 17)) for name in tiny_models.FACTORS}
    words = refusal(subject, dataclasses.replace(subject.manifest, outputs=outputs))
    assert "[outputs.doubled]" in words
    assert "[outputs.tripled]" in words


def test_missing_tensors_are_all_named_with_the_nearest(subject: Subject) -> None:
    outputs = {"a": OutputSpec("doubld", SHAPE), "b": OutputSpec("tripld", SHAPE)}
    words = refusal(subject, dataclasses.replace(subject.manifest, outputs=outputs))
    assert "did you mean 'doubled'?" in words
    assert "did you mean 'tripled'?" in words
