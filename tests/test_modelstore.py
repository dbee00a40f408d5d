"""Models are found by name, pulled whole or not at all, and proved by their hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edge import modelstore
from edge.errors import EdgeposeError, ModelError, Problems
from edge.modelstore import Model, ModelStore
from tests.weights_server import WeightsServer, serving

ROOT = Path(__file__).parents[1]
CONTENT = bytes(range(256)) * 2000  # several chunks
NAME = "some-model"
FILE = "weights.tflite"


def write_manifest(folder: Path, name: str, url: str, content: bytes = CONTENT) -> None:
    folder.mkdir(parents=True)
    (folder / "manifest.toml").write_text(
        f"""
        name = "{name}"
        title = "A model"
        licence = "Apache-2.0"
        homepage = "https://example.org"
        skeleton = "body17"
        [[weights]]
        path = "{FILE}"
        format = "tflite"
        sha256 = "{hashlib.sha256(content).hexdigest()}"
        size = {len(content)}
        url = "{url}"
        backends = ["tflite"]
        [input]
        height = 17
        width = 17
        [outputs.heatmaps]
        tensor = "a"
        shape = [1, 2, 2, 17]
        [outputs.offsets]
        tensor = "b"
        shape = [1, 2, 2, 34]
        [outputs.mid_offsets]
        tensor = "c"
        shape = [1, 2, 2, 64]
        [decoder]
        kind = "posenet"
        """
    )


@pytest.fixture
def server(no_proxy: None) -> Iterator[WeightsServer]:  # noqa: ARG001 - for what it does
    with serving(CONTENT) as state:
        yield state


@pytest.fixture
def store(tmp_path: Path, server: WeightsServer) -> ModelStore:
    bundled = tmp_path / "bundled"
    write_manifest(bundled / NAME, NAME, server.url)
    return ModelStore(cache=tmp_path / "cache", bundled=bundled)


@pytest.fixture
def model(store: ModelStore) -> Model:
    return store.find(NAME)


def test_pull_downloads_proves_and_reports_progress(model: Model) -> None:
    assert model.state == "not pulled"
    seen: list[tuple[str, int, int]] = []
    (path,) = model.pull(progress=lambda *step: seen.append(step))
    assert path.read_bytes() == CONTENT
    assert path == model.weights("tflite") == model.cache / FILE
    assert model.state == "pulled"
    assert model.verify() == (path,)
    assert [file.name for file in model.cache.iterdir()] == [FILE]
    assert seen[-1] == (FILE, len(CONTENT), len(CONTENT))
    assert seen == sorted(seen)
    assert len(seen) > 1


def test_pulling_again_asks_nobody(model: Model, server: WeightsServer) -> None:
    model.pull()
    model.pull()
    assert len(server.asked) == 1


def test_from_a_folder_the_one_with_the_right_hash_is_taken(
    model: Model, server: WeightsServer, tmp_path: Path
) -> None:
    for folder, content in (("a", b"?" * len(CONTENT)), ("b/c", CONTENT), ("d", b"")):
        (tmp_path / "usb" / folder).mkdir(parents=True)
        (tmp_path / "usb" / folder / FILE).write_bytes(content)
    (path,) = model.pull(tmp_path / "usb")
    assert path.read_bytes() == CONTENT
    assert server.asked == []
    assert [file.name for file in model.cache.iterdir()] == [FILE]


def test_a_damaged_pulled_file_fails_verify_and_is_pulled_again(model: Model) -> None:
    (path,) = model.pull()
    path.write_bytes(CONTENT[:-1] + b"?")
    with pytest.raises(Problems, match=f"edgepose models pull {NAME}") as caught:
        model.verify()
    assert str(path) in str(caught.value)
    model.pull()
    assert model.verify() == (path,)


def test_missing_weights_name_the_command_that_brings_them(model: Model) -> None:
    with pytest.raises(ModelError) as caught:
        model.weights("tflite")
    assert caught.value.hint == f"run: edgepose models pull {NAME}"
    with pytest.raises(Problems, match="are not here"):
        model.verify()


def test_weights_beside_the_manifest_are_bundled(store: ModelStore) -> None:
    (store.bundled / NAME / FILE).write_bytes(CONTENT)
    model = store.find(NAME)
    assert model.state == "bundled"
    assert model.pull() == (store.bundled / NAME / FILE,)
    assert not store.cache.exists()


def test_a_damaged_bundled_file_is_not_touched(store: ModelStore) -> None:
    (store.bundled / NAME / FILE).write_bytes(b"mine")
    with pytest.raises(ModelError, match="cut short") as caught:
        store.find(NAME).pull()
    assert caught.value.hint == "delete it and run this again"
    assert (store.bundled / NAME / FILE).read_bytes() == b"mine"


def test_the_cache_comes_before_the_bundled_and_a_path_before_both(
    store: ModelStore, tmp_path: Path, monkeypatch: Any
) -> None:
    assert store.find(NAME).folder == store.bundled / NAME
    write_manifest(store.cache / NAME, NAME, "")
    assert store.find(NAME).folder == store.cache / NAME
    write_manifest(tmp_path / NAME, NAME, "")
    monkeypatch.chdir(tmp_path)
    assert store.find(NAME).folder == Path(NAME)
    assert store.find(str(tmp_path / NAME)).folder == tmp_path / NAME


def test_a_model_in_the_cache_without_an_address_says_so(store: ModelStore) -> None:
    write_manifest(store.cache / "mine", "mine", "")
    with pytest.raises(ModelError, match="has no address"):
        store.find("mine").pull()
    (store.cache / "mine" / FILE).write_bytes(CONTENT)
    store.find("mine").verify()


@pytest.mark.parametrize("folder", ["here", "./nowhere/model", "../x"])
def test_a_folder_without_a_manifest_is_refused(
    store: ModelStore, tmp_path: Path, monkeypatch: Any, folder: str
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError, match=r"no manifest\.toml in this folder"):
        store.find(folder)


def test_an_unknown_name_gets_the_nearest(store: ModelStore) -> None:
    with pytest.raises(ModelError, match="unknown model") as caught:
        store.find("some-modle")
    assert caught.value.hint == f"did you mean '{NAME}'?"


def test_a_backend_without_weights_is_told_what_there_is(model: Model) -> None:
    with pytest.raises(ModelError) as caught:
        model.weights("openvino")
    assert caught.value.hint == "it has weights for: tflite"


def test_a_named_file_must_be_one_of_the_backends(model: Model) -> None:
    with pytest.raises(ModelError, match="is not a weights file of model"):
        model.weights("tflite", "weight.tflite")
    with pytest.raises(ModelError, match="is not for backend 'openvino'") as caught:
        model.weights("openvino", FILE)
    assert caught.value.hint == "it is for: tflite"


def test_the_cache_is_where_the_environment_says(monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert ModelStore.of({}).cache == tmp_path / ".cache/edgepose/models"
    assert ModelStore.of({"XDG_CACHE_HOME": "/xdg"}).cache == Path("/xdg/edgepose/models")
    both = {"XDG_CACHE_HOME": "/xdg", "EDGEPOSE_MODELS": "~/mine"}
    assert ModelStore.of(both).cache == tmp_path / "mine"


def test_an_installed_wheel_finds_its_own_models(monkeypatch: Any, tmp_path: Path) -> None:
    module = tmp_path / "edge" / "modelstore.py"
    monkeypatch.setattr(modelstore, "__file__", str(module))
    assert ModelStore.of({}).bundled == tmp_path / "models"
    (tmp_path / "edge" / "bundled_models").mkdir(parents=True)
    assert ModelStore.of({}).bundled == tmp_path / "edge" / "bundled_models"


def test_the_list_is_every_model_once(store: ModelStore) -> None:
    write_manifest(store.cache / NAME, NAME, "")
    write_manifest(store.cache / "mine", "mine", "")
    assert [model.manifest.name for model in store.models()] == ["mine", NAME]
    assert [model.size for model in store.models()] == [len(CONTENT)] * 2


def test_a_broken_manifest_spoils_no_other_model(store: ModelStore) -> None:
    (store.cache / "broken").mkdir(parents=True)
    (store.cache / "broken" / "manifest.toml").write_text("name = ")
    store.find(NAME)
    with pytest.raises(EdgeposeError, match="broken"):
        store.models()


@pytest.mark.parametrize(
    "name", [path.parent.name for path in sorted(ROOT.glob("models/*/manifest.toml"))]
)
def test_every_bundled_model_is_pulled_from_a_folder(
    name: str, shared: Path, tmp_path: Path
) -> None:
    model = ModelStore(cache=tmp_path, bundled=ROOT / "models").find(name)
    places = model.pull(shared / "weights")
    assert model.verify() == places
    if not model.manifest.backends:
        with pytest.raises(ModelError, match="input for the converter") as caught:
            model.weights("tflite")
        assert caught.value.hint == f"convert it first: edgepose-convert posenet --from {name}"


def test_a_service_without_a_home_finds_its_models(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(_: str) -> str:
        raise RuntimeError("no home directory")

    monkeypatch.setattr(Path, "home", homeless)
    monkeypatch.setattr(Path, "expanduser", lambda path: homeless("") if "~" in str(path) else path)
    assert ModelStore.of({"EDGEPOSE_MODELS": "/models"}).cache == Path("/models")
