#!/usr/bin/env python3
"""Flash an image, switch it on in an emulator, and see whether all that is promised is so.

  prove.py IMAGE [--folder DIR] [--kills N] [--only STAGE]

Prints one line per fact with the seconds since power was given; the exit code is 1 at the first
that is not so. The folder then holds the serial log of every start, and the card itself.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

import machine
import stages
from proof import Proof

STAGES = ("factory", "camera", "power")


def main() -> int:
    """Run the stages; a folder that was made here goes when all is well."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("image", type=Path)
    parser.add_argument("--folder", type=Path, help="empty; a new one in /tmp unless given")
    parser.add_argument("--kills", type=int, default=4, help="times the plug is pulled in writes")
    parser.add_argument("--only", choices=STAGES, action="append", help="without the others")
    args = parser.parse_args()
    if lacking := machine.lacking():
        sys.stderr.write(f"missing on this machine: {', '.join(lacking)}\n")
        return 1
    folder = args.folder or Path(tempfile.mkdtemp(prefix="edgepose-image-"))
    folder.mkdir(parents=True, exist_ok=True)
    # Ended from outside, it must not leave a machine running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    began = time.monotonic()
    proof = Proof(args.image, folder)
    proof.broker.start()
    try:
        for name in args.only or STAGES:
            more = (args.kills,) if name == "power" else ()
            getattr(stages, name)(proof, *more)
    except RuntimeError as error:
        sys.stderr.write(f"{error}\nsee {folder}\n")
        return 1
    finally:
        proof.computer.pull_the_plug()
        proof.broker.stop()
    sys.stdout.write(f"all is so, after {time.monotonic() - began:.0f} s\n")
    if args.folder is None:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
