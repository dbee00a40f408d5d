"""From the card's file to a device that is set up, or to a list of what is wrong with the file."""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from edge import config as configuration
from edge.config_table import Place, read
from edge.errors import ConfigError, EdgeposeError, Problems
from edge.firstboot.device import Device, Kept, overwrite
from edge.firstboot.generated import CA, CAMERAS, Files, files_of
from edge.firstboot.generated import configuration as camera_file
from edge.firstboot.reading import SECRETS, tables_of, text_of, with_kept, without_secrets
from edge.firstboot.wishes import FILE, Broker, Wishes, wishes_of
from edge.modelstore import model_store

_LARGEST = 1_000_000  # bytes: what a person writes is far smaller
_NAMES = {"site": "home", "device": ""}
# What errors in the camera's configuration are called in the owner's file.
_THEIR_KEY = {
    "source": "camera.uri",
    "model[1]": "camera.model",
    "rule": "camera.rules",
    "sink[1]": "broker",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the file, for the status and the report."""

    problems: tuple[str, ...] = ()
    in_use: bool = False  # some settings are: the file's, or with problems those of before
    notes: tuple[str, ...] = ()
    site: str = "home"
    device: str = ""
    camera: str = "cam1"
    ssh: bool = False
    broker: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class _Understood:
    """A file without errors, and what follows from it."""

    tables: Mapping[str, Any]
    wishes: Wishes
    files: Files
    blanked: str | None  # its text without passwords; None: there are none in it


def set_up(device: Device, card: Path) -> Outcome:
    """Do what the file says; a file with errors changes nothing, and the last good one holds."""
    kept = device.kept()
    tables: dict[str, Any] = {}
    try:
        found = _understood(card / FILE, device, kept.tables if kept else {}, tables)
    except EdgeposeError as error:
        problems = tuple(map(str, error.each()))
        return _as_before(device, kept, tables, problems)
    device.keep(Kept(found.tables, found.files))
    notes = device.apply(found.files)
    if found.blanked is not None:
        overwrite(card / FILE, found.blanked)
    return _outcome(found.wishes, notes=_left_alone(notes))


def check(file: Path, device: Device) -> None:
    """Raise Problems, with every error in the file; passwords kept elsewhere are taken as good."""
    stored = {table: {key: "0" * 8} for table, key in SECRETS}
    _understood(file, device, stored, {})


def _understood(
    path: Path, device: Device, stored: Mapping[str, Any], tables: dict[str, Any]
) -> _Understood:
    """Read and check; `tables` gets what could be read before an error stopped it."""
    text = text_of(_content(path))
    tables.update(tables_of(text))
    whole = with_kept(tables, stored)
    wishes = wishes_of(whole)
    blanked = without_secrets(text)
    files = files_of(wishes, _beside(wishes, path.parent))
    _check(wishes, files, device)
    return _Understood(whole, wishes, files, blanked if blanked != text else None)


def _as_before(
    device: Device, kept: Kept | None, tables: Mapping[str, Any], problems: tuple[str, ...]
) -> Outcome:
    if kept is not None:
        notes = device.apply(kept.files)
        return _outcome(wishes_of(kept.tables), problems, _left_alone(notes))
    # Nothing is set up; but where the file names a broker, it may still hear why.
    broker = read(Broker, tables.get("broker"), Place(FILE, "broker", []))
    site, name = (str(tables.get(key) or usual) for key, usual in _NAMES.items())
    table = asdict(broker) if broker else {}
    return Outcome(problems, site=site, device=name, broker=table)


def _outcome(
    wishes: Wishes, problems: tuple[str, ...] = (), notes: tuple[str, ...] = ()
) -> Outcome:
    return Outcome(
        problems=problems,
        in_use=True,
        notes=notes,
        site=wishes.site,
        device=wishes.device,
        camera=wishes.camera.name,
        ssh=bool(wishes.ssh_key),
        broker=asdict(wishes.broker),
    )


def _left_alone(names: list[str]) -> tuple[str, ...]:
    return tuple(f"{name} is yours and was left alone" for name in names)


def _content(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        near = path.parent.glob("[Ee][Dd][Gg][Ee][Pp][Oo][Ss][Ee].t*")
        others = ", ".join(sorted(one.name for one in near))
        hint = f"there is {others}: rename it" if others else "copy it to the card"
        raise ConfigError(FILE, "is not there", hint) from None
    except OSError as error:
        raise ConfigError(FILE, f"cannot be read ({error.strerror})") from None
    if len(content) > _LARGEST:
        raise ConfigError(FILE, "is far too large for a file of settings")
    return content


def _beside(wishes: Wishes, card: Path) -> dict[str, str]:
    """Read each file that the wishes name; raises Problems for those that are not there."""
    texts, place = {}, Place(FILE, "", [])
    named = [("broker.ca", wishes.broker.ca)]
    named += [("camera.procedures", name) for name in wishes.camera.procedures]
    for key, name in named:
        if not name:
            continue
        try:
            texts[name] = text_of((card / name).read_bytes())
        except OSError:
            place.at(key).wrong(f"there is no file '{name}' beside {FILE}")
        except EdgeposeError as error:
            place.at(key).wrong(f"'{name}' {error.problem}", error.hint)
    if place.errors:
        raise Problems(place.errors)
    return texts


def _check(wishes: Wishes, files: Files, device: Device) -> None:
    """Try all that can be known before anything starts; raises Problems."""
    errors = list(_wrong(wishes, files, device))
    if errors:
        raise Problems(errors)


def _wrong(wishes: Wishes, files: Files, device: Device) -> Iterator[EdgeposeError]:
    if not device.zone_exists(wishes.time_zone):
        hint = 'such as "Europe/Berlin" or "Etc/UTC"'
        yield ConfigError(f"{FILE}: time_zone", "is not known here", hint)
    ca = files[CA]
    if ca is not None:
        try:
            ssl.create_default_context(cadata=ca.text)
        except (ssl.SSLError, ValueError):
            yield ConfigError(
                f"{FILE}: broker.ca", "is no certificate", "it begins with -----BEGIN"
            )
    try:
        state = model_store().find(wishes.camera.model).state
        if state not in ("bundled", "pulled"):
            hint = "edgepose-body-257 comes along; others: edgepose models pull"
            yield ConfigError(f"{FILE}: camera.model", "its weights are not on the device", hint)
    except EdgeposeError as error:
        yield ConfigError(f"{FILE}: camera.model", error.problem, error.hint)
    yield from _refused(camera_file(wishes.camera.name), files)


def _refused(name: str, files: Files) -> Iterator[EdgeposeError]:
    """Read the camera's configuration as the service will."""
    with tempfile.TemporaryDirectory() as folder:
        for path, made in files.items():
            if made is not None and path.startswith(f"{CAMERAS}/"):
                (Path(folder) / Path(path).name).write_text(made.text, "utf-8")
        try:
            configuration.load(Path(folder) / Path(name).name, {})
        except EdgeposeError as error:
            for one in error.each():
                yield ConfigError(f"{FILE}: {_their_key(one.where)}", one.problem, one.hint)


def _their_key(where: str) -> str:
    file, _, key = where.rpartition(": ")
    table = key.partition(".")[0]
    if not file:
        return "camera"
    name = Path(file).name
    if table.startswith("rule"):
        return _THEIR_KEY["rule"]
    return _THEIR_KEY.get(table, f"camera.procedures: {name}: {key}")
