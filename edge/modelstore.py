"""Models by name: where a manifest is, where its weights are, and how they get there.

A manifest is looked for in a folder given by its path, then in the cache, then among the
bundled ones. Weights lie beside their manifest or in the cache, in a folder named as the model.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from edge import download, manifest
from edge.download import Progress
from edge.errors import EdgeposeError, ModelError, Problems
from edge.manifest import FILE_NAME, Manifest, WeightsFile
from edge.registry import nearest


def _silent(_name: str, _done: int, _total: int) -> None:
    """Show no progress."""


@dataclass(frozen=True, slots=True)
class Model:
    """A manifest and the places of its weights."""

    manifest: Manifest
    folder: Path  # holds the manifest, and bundled weights
    cache: Path  # holds pulled weights, once there are any

    @property
    def state(self) -> str:
        """Where the weights are: "bundled", "pulled", "partly pulled" or "not pulled"."""
        places = [self.locate(file) for file in self.manifest.weights]
        if None not in places:
            here = all(place and place.parent == self.folder for place in places)
            return "bundled" if here else "pulled"
        return "partly pulled" if any(places) else "not pulled"

    @property
    def size(self) -> int:
        """Bytes of all weights."""
        return sum(file.size for file in self.manifest.weights)

    def locate(self, file: WeightsFile) -> Path | None:
        """Give the place of a weights file, unproven; None when it is not on this machine."""
        places = (folder / file.path for folder in (self.folder, self.cache))
        return next((place for place in places if place.is_file()), None)

    def weights(self, backend: str, path: str = "") -> Path:
        """Give the file a backend opens, the named or the first one; raises ModelError if none."""
        name = self.manifest.name
        if path and backend not in self.manifest.file(path).backends:
            hint = f"it is for: {', '.join(self.manifest.file(path).backends) or 'no backend'}"
            raise ModelError(name, f"'{path}' is not for backend '{backend}'", hint)
        for file in self.manifest.weights:
            if backend in file.backends and path in {"", file.path}:
                return self._present(file)
        if not self.manifest.backends:
            forms = ", ".join(dict.fromkeys(file.format for file in self.manifest.weights))
            hint = f"convert it first: edgepose-convert posenet --from {name}"
            raise ModelError(name, f"is {forms}, input for the converter; no backend runs it", hint)
        hint = f"it has weights for: {', '.join(self.manifest.backends)}"
        raise ModelError(name, f"has no weights for backend '{backend}'", hint)

    def verify(self) -> tuple[Path, ...]:
        """Prove every weights file by its hash; raises Problems naming each that fails."""
        errors: list[EdgeposeError] = []
        proved = []
        for file in self.manifest.weights:
            try:
                place = self._present(file)
                self.manifest.prove(place)
                proved.append(place)
            except ModelError as error:
                errors.append(error)
        if errors:
            raise Problems(errors)
        return tuple(proved)

    def pull(self, source: Path | None = None, progress: Progress = _silent) -> tuple[Path, ...]:
        """Bring every missing or damaged file into the cache, from its URL or a folder."""
        return tuple(self._pull(file, source, progress) for file in self.manifest.weights)

    def _present(self, file: WeightsFile) -> Path:
        place = self.locate(file)
        if place is None:
            hint = f"run: edgepose models pull {self.manifest.name}"
            raise ModelError(self.manifest.name, f"weights '{file.path}' are not here", hint)
        return place

    def _pull(self, file: WeightsFile, source: Path | None, progress: Progress) -> Path:
        place = self.locate(file)
        if place:
            try:
                file.prove(place, "delete it and run this again")
            except ModelError:
                if place.parent != self.cache:
                    raise  # not ours to replace
            else:
                return place
        target = self.cache / file.path
        if source:
            download.copy(file, source, target, progress)
        elif file.url:
            download.fetch(file, target, progress)
        else:
            hint = "use --from DIR, or install edgepose again"
            raise ModelError(self.manifest.name, f"'{file.path}' has no address", hint)
        return target


@dataclass(frozen=True, slots=True)
class ModelStore:
    """Every model this machine knows of."""

    cache: Path  # pulled weights, and models of the user's own
    bundled: Path  # manifests that came with edgepose

    @staticmethod
    def of(environment: Mapping[str, str]) -> ModelStore:
        """Give the store as EDGEPOSE_MODELS or the XDG convention place it."""
        # A service's own user may have no home: one is looked for only where it is needed.
        xdg = environment.get("XDG_CACHE_HOME") or "~/.cache"
        cache = environment.get("EDGEPOSE_MODELS") or Path(xdg, "edgepose", "models")
        package = Path(__file__).resolve().parent
        installed = package / "bundled_models"  # the wheel's; a checkout has models/ beside edge/
        bundled = installed if installed.is_dir() else package.parent / "models"
        return ModelStore(Path(cache).expanduser(), bundled)

    def find(self, name: str) -> Model:
        """Give a model by name or folder; raises ModelError with the nearest name."""
        given = Path(name).expanduser()
        folders = (given, self.cache / given.name, self.bundled / given.name)
        for folder in folders if given.name == name else folders[:1]:
            if (folder / FILE_NAME).is_file():
                return self._open(folder)
        if given.name != name or given.is_dir():
            raise ModelError(name, f"no {FILE_NAME} in this folder")
        raise ModelError(name, "unknown model", nearest(name, self.names()))

    def names(self) -> tuple[str, ...]:
        """Names of all models in the cache and among the bundled ones, sorted."""
        return tuple(sorted(set(self._names())))

    def models(self) -> tuple[Model, ...]:
        """Every model, sorted by name; raises Problems when a manifest is wrong."""
        return tuple(self.find(name) for name in self.names())

    def _open(self, folder: Path) -> Model:
        known = manifest.load(folder / FILE_NAME)
        return Model(known, folder, self.cache / known.name)

    def _names(self) -> Iterator[str]:
        for root in (self.cache, self.bundled):
            if root.is_dir():
                yield from (path.parent.name for path in root.glob(f"*/{FILE_NAME}"))


def model_store() -> ModelStore:
    """Give the store of this process's environment."""
    return ModelStore.of(os.environ)


def model_beside(name: str, folder: Path) -> str:
    """The path of a model that is a folder, given from the configuration's; others are names."""
    path = folder / Path(name).expanduser()
    given = "/" in name or (name and (path / FILE_NAME).is_file())
    return str(path) if given else name
