"""What a person without a screen reads on the card, and hears from the broker."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace

from edge import __version__
from edge.core.types import Json
from edge.errors import EdgeposeError, SinkError
from edge.firstboot.device import Device, write
from edge.firstboot.generated import CA
from edge.firstboot.setup import Outcome
from edge.firstboot.wishes import FILE
from edge.sinks._drain import explained
from edge.sinks._link import Link
from edge.sinks.mqtt import Mqtt
from edge.wire import Identity, Message

_OUTCOME = "outcome.json"
_ATTEMPTS, _PAUSE_S = 12, 5.0

Line = tuple[str, str]  # good, BAD or note; and what


def keep(device: Device, outcome: Outcome) -> None:
    """Leave the outcome for the report, which is made by another process."""
    device.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    write(device.state / _OUTCOME, json.dumps(asdict(outcome)), 0o600)


def last(device: Device) -> Outcome | None:
    """Give the outcome that was left; None when there is none."""
    try:
        content = json.loads((device.state / _OUTCOME).read_text("utf-8"))
        lists = {key: tuple(content[key]) for key in ("problems", "notes")}
        return Outcome(**{**content, **lists})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def lines_of(outcome: Outcome) -> Iterator[Line]:
    """Say what became of the file."""
    many = len(outcome.problems)
    if many:
        errors = "1 error" if many == 1 else f"{many} errors"
        now = "the settings of before are still in use" if outcome.in_use else "nothing is set up"
        yield "BAD", f"{FILE} has {errors}; {now}:"
        yield from (("", problem) for problem in outcome.problems)
    else:
        yield "good", f"the settings of {FILE} are in use"
    if outcome.in_use:
        yield "good", f"site {outcome.site}, device {outcome.device}, camera {outcome.camera}"
        yield "note", f"SSH is {'on, for the key in the file' if outcome.ssh else 'off'}"
    yield from (("note", note) for note in outcome.notes)


def text_of(lines: list[Line]) -> str:
    """Lay lines out; without a time, so that the card is written only when something changed."""
    rows = [f"edgepose {__version__}, written by the device at its last start", ""]
    for mark, words in lines:
        first, *rest = words.splitlines()
        rows.append(f"{mark:5} {first}")
        rows += [f"{'':5} {line}" for line in rest]
    return "\n".join((*rows, ""))


def found(device: Device, outcome: Outcome) -> Iterator[Line]:
    """Say how the running device is doing: its addresses, its broker, its camera."""
    addresses = _addresses()
    yield ("good", f"network: {', '.join(addresses)}") if addresses else ("BAD", "no network")
    if outcome.broker:
        yield _broker(device, outcome)
    if outcome.in_use:
        yield _camera(outcome.camera)


def _addresses() -> list[str]:
    return addresses_in(_said("ip", "-json", "address", "show", "scope", "global"))


def addresses_in(answer: str) -> list[str]:
    """Read what `ip -json address` prints: links and addresses it left out are there, but empty."""
    return [
        f"{link['ifname']} {one['local']}"
        for link in json.loads(answer or "[]")
        for one in link.get("addr_info", ())
        if one.get("family") == "inet"
    ]


def _camera(name: str) -> Line:
    unit = f"edgepose@{name}"
    state = _until(lambda: _said("systemctl", "is-active", unit).strip(), "active")
    if state == "active":
        return "good", f"camera {name}: running"
    # Its own words: what systemd adds says only that it ended.
    of_camera = ("--boot", "--identifier", unit, "--lines", "2", "--output", "cat")
    journal = _said("journalctl", "--no-pager", *of_camera)
    return "BAD", f"camera {name}: {state}\n{journal.strip()}"


def _until(ask: Callable[[], str], wanted: str) -> str:
    """Ask until the answer is the wanted one, a minute at most; gives the last answer."""
    for _ in range(_ATTEMPTS):
        if (answer := ask()) == wanted:
            break
        time.sleep(_PAUSE_S)
    return answer


def _broker(device: Device, outcome: Outcome) -> Line:
    sink = _sink(device, outcome)
    answer = _until(lambda: _told(sink, outcome), "")
    return ("BAD", f"broker {answer}") if answer else ("good", f"broker {sink.address}: connected")


def _sink(device: Device, outcome: Outcome) -> Mqtt:
    table = dict(outcome.broker)
    secret, user, ca = (table.pop(key, "") for key in ("password", "user", "ca"))
    sink = Mqtt(**table, username=user, ca_file=CA if ca else "")
    if not secret:
        return sink
    file = device.state / "report-password"
    write(file, secret, 0o600)
    return replace(sink, password_file=str(file))


def _told(sink: Mqtt, outcome: Outcome) -> str:
    """Tell the broker the outcome; gives why it could not be told."""
    device = outcome.device or socket.gethostname()
    try:
        who = Identity(outcome.site, device, outcome.camera, __version__, session="setup")
        tell(sink, who, message(who, outcome))
    except EdgeposeError as error:
        return f"{error.where}: {error.problem}"
    return ""


def message(who: Identity, outcome: Outcome) -> Message:
    """Make the retained message: what became of the file."""
    problems: list[Json] = list(outcome.problems)
    body: dict[str, Json] = {
        "state": "bad" if problems else "good",
        "in_use": outcome.in_use,
        "problems": problems,
        "version": who.version,
    }
    return Message(f"{who.root}/setup", body, qos=1, retain=True)


def tell(sink: Mqtt, who: Identity, words: Message) -> None:
    """Send one message and wait until the broker has it; raises SinkError."""
    try:
        ear, voice = socket.socketpair()
        with ear, voice, Link(sink.door(who, suffix="-setup")) as link:
            while not link.connected:
                link.turn(ear, 1.0)
            number = link.publish(words.topic, words.payload, words.qos, retain=words.retain)
            while number not in link.turn(ear, 1.0):
                pass
    except OSError as error:
        raise SinkError(sink.address, explained(error)) from error


def _said(*command: str) -> str:
    """What a program of the system prints; nothing where it is missing."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words
    except OSError:
        return ""
    return done.stdout
