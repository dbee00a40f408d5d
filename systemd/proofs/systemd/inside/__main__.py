"""Shows each claim and writes a line for it; runs as root, as a service of the machine it tries.

python3 -m systemd.proofs.systemd.inside OUT [PATTERN]    lines go to OUT
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from systemd.proofs.systemd.inside import boot, confined, credentials, restart, start, stop
from systemd.proofs.systemd.inside.claims import Claim

PHASE = Path("/var/lib/proof-phase")


def main(out: Path, pattern: str = "") -> None:
    """Show all claims; then go down, so that the next boot shows the rest."""
    if not PHASE.exists():
        for module in (start, credentials, confined, stop, restart):
            show(module.CLAIMS, out, pattern)
        if any(re.search(pattern, claim.words) for claim in boot.CLAIMS):
            boot.prepare()
        PHASE.touch()
    else:
        show(boot.CLAIMS, out, pattern)
        say(out, "all claims were tried")
    subprocess.run(["systemctl", "poweroff"], check=True)


def show(claims: list[Claim], out: Path, pattern: str) -> None:
    """One after the other, so that none disturbs another."""
    for claim in claims:
        if re.search(pattern, claim.words):
            say(out, claim.tried()[1])


def say(out: Path, line: str) -> None:
    """At once, whatever happens next."""
    with out.open("a") as file:
        file.write(line + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
