"""Set this device up from the file on its card: what edgepose-firstboot.service runs at each start.

  edgepose firstboot                              reads /boot/firmware/edgepose.txt
  edgepose firstboot --check edgepose.txt         on a laptop: is the file right?
  edgepose firstboot --report                     once all is up: how is the device doing?

Writes the camera's configuration, the network's, names, time zone and keys; moves passwords from
the file to the device; leaves edgepose-status.txt beside the file. A file with errors changes
nothing: the settings of before stay in use. The exit code is 0, or 78 when the file is wrong.
"""

from __future__ import annotations

import argparse
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from edge.errors import ConfigError, EdgeposeError, SourceError

if TYPE_CHECKING:
    from edge.firstboot.setup import Outcome

_CARD = Path("/boot/firmware")
_STATUS = "edgepose-status.txt"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where the card and the device are."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", metavar="FILE", type=Path, help="only read FILE, change nothing")
    what.add_argument("--report", action="store_true", help="add how the device is doing")
    parser.add_argument(
        "--card", metavar="DIR", type=Path, default=_CARD, help=f"holds edgepose.txt ({_CARD})"
    )
    parser.add_argument(
        "--root", metavar="DIR", type=Path, default=Path("/"), help="the device's files (/)"
    )


def run(args: argparse.Namespace) -> int:
    """Set up, check or report; an error is told on the card as well."""
    from edge.firstboot import report, setup  # noqa: PLC0415 - see commands/run.py
    from edge.firstboot.device import Device  # noqa: PLC0415 - see commands/run.py

    device = Device(args.root)
    if args.check is not None:
        setup.check(args.check, device)
        print(f"good  {args.check}")
        return 0
    try:
        outcome = report.last(device) if args.report else setup.set_up(device, args.card)
    except OSError as error:
        text = report.text_of([("BAD", f"the settings cannot be put onto the device: {error}")])
        _leave(args.card, text)
        raise SourceError(str(error.filename), error.strerror or "cannot be written") from error
    if outcome is None:
        raise ConfigError("--report", "nothing was set up", "edgepose firstboot comes first")
    lines = list(report.lines_of(outcome))
    if args.report:
        lines += report.found(device, outcome)
    else:
        report.keep(device, outcome)
        if args.root == Path("/"):
            _start(outcome)
    text = report.text_of(lines)
    print(text, end="")
    _leave(args.card, text)
    return ConfigError.exit_code if outcome.problems else 0


def _leave(card: Path, text: str) -> None:
    """A card that cannot be written is no reason for a camera not to start."""
    from edge.firstboot.device import overwrite  # noqa: PLC0415 - see commands/run.py

    try:
        overwrite(card / _STATUS, text)
    except (OSError, EdgeposeError) as error:
        print(f"note  {_STATUS} could not be written: {error}")


def _start(outcome: Outcome) -> None:
    """Make the running system take the new files; at a start most of it has not begun yet."""
    if not outcome.in_use:
        return
    Path("/proc/sys/kernel/hostname").write_text(outcome.device, "utf-8")
    _try("rfkill", "unblock", "wifi")
    _try("systemctl", "daemon-reload")
    _try("systemctl", "try-restart", "--no-block", "systemd-timesyncd.service")
    if outcome.ssh:
        _try("systemctl", "start", "--no-block", "ssh.service")
    _try("systemctl", "restart", "--no-block", f"edgepose@{outcome.camera}.service")


def _try(*command: str) -> None:
    try:
        subprocess.run(command, check=False)  # noqa: S603 - fixed words
    except OSError as error:
        print(f"note  {command[0]}: {error.strerror}")
