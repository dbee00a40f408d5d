"""Pictures in a folder, or all that a pattern matches, as if filmed one after the other."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator
from dataclasses import MISSING, dataclass
from pathlib import Path
from types import TracebackType

from edge.core.settings import setting
from edge.core.types import Frame
from edge.errors import SourceError
from edge.sources._opencv import picture_file, quiet

SUFFIXES = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})


@dataclass(frozen=True, slots=True)
class ImagesSettings:
    """A folder, a pattern such as `shots/*.jpg`, or one picture; img2 comes before img10."""

    path: Path = setting(  # noqa: RUF009 - makes a field
        MISSING, "folder of pictures, pattern with * or ?, or one picture"
    )
    fps: float = setting(
        10.0, "how fast the pictures follow each other", unit="1/s", low=0.01, high=240.0
    )

    def open(self) -> Images:
        """Make the source; the folder is read when it is entered."""
        return Images(self)


class Images:
    """Reads one picture at a time; turns it as its EXIF data says."""

    live = False

    def __init__(self, settings: ImagesSettings) -> None:
        self.name = str(settings.path)
        self._settings = settings
        self._files: list[Path] | None = None

    def __enter__(self) -> Images:
        quiet()
        self._files = sorted(self._find(), key=natural)
        if not self._files:
            known = " ".join(sorted(SUFFIXES))
            raise SourceError(self.name, "no pictures found", f"pictures end in {known}")
        return self

    def _find(self) -> list[Path]:
        path = self._settings.path
        if path.is_dir():
            return [file for file in path.iterdir() if file.suffix.lower() in SUFFIXES]
        if path.exists():
            return [path]
        matches = map(Path, glob.glob(str(path), recursive=True))  # noqa: PTH207 - Path has no absolute patterns
        return [match for match in matches if match.is_file()]

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._files = None

    def frames(self) -> Iterator[Frame]:
        """Give each picture, evenly spaced; raises SourceError for one that is damaged."""
        if self._files is None:
            raise SourceError(self.name, "is not open", "enter the source before reading it")
        for seq, file in enumerate(self._files):
            picture = picture_file(file)
            if picture is None:
                raise SourceError(str(file), "is not a picture, or damaged", "remove or mend it")
            yield Frame(picture, seq / self._settings.fps, seq)


def natural(file: Path) -> list[tuple[str, int]]:
    """Sort numbers by value: the parts of a path as (text, number) pairs."""
    parts = [*re.split(r"(\d+)", str(file)), 0]
    return [(str(text), int(number)) for text, number in zip(parts[::2], parts[1::2], strict=True)]


PLUGIN = ImagesSettings
