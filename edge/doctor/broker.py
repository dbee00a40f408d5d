"""Does an alarm get through. Name, connection, encryption, password, a message there and back.

Each step says where it ends. The message goes to `<root>/doctor`, is not kept by the broker, and
no alarm or state is touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from edge.core.types import Json
from edge.doctor.finding import Finding, bad, good, look, spoken

Step = Literal["name", "connect", "encrypt", "enter", "publish", "return", "done"]
_SLOW_MS = 1000.0
_SOON_DAYS = 21.0  # a certificate that ends sooner wants renewing


@dataclass(frozen=True, slots=True)
class Visit:
    """How far we came at a broker."""

    address: str  # host:port, as configured
    reached: Step  # the step that failed, or "done"
    problem: str = ""  # in the other side's words
    root: str = ""  # our topics are below it
    ip: str = ""
    tls: str = ""  # "TLSv1.3"; empty without
    wants_tls: bool = False  # encryption is configured
    user: str = ""
    has_password: bool = False
    certificate_days: float | None = None  # until the broker's ends
    round_trip_ms: float | None = None
    unheard: Sequence[str] = ()  # topics of other machines that we may not hear
    clock_wrong: bool = False  # the device's, so that certificates seem out of date

    def plain(self) -> dict[str, Json]:
        """For JSON; without secrets."""
        days, trip = self.certificate_days, self.round_trip_ms
        return {
            "broker": self.address,
            "ip": self.ip,
            "step": self.reached,
            "problem": self.problem,
            "tls": self.tls,
            "certificate_days": None if days is None else round(days, 1),
            "round_trip_ms": None if trip is None else round(trip, 1),
            "unheard": list(self.unheard),
        }


def judge(visit: Visit) -> tuple[Finding, ...]:
    """The step that failed, or what will fail before long."""
    return spoken(_wrong(visit), good(_summary(visit), **visit.plain()))


def _wrong(visit: Visit) -> Iterator[Finding]:
    facts = visit.plain()
    if visit.reached != "done":
        says, mend = _step(visit)
        grade = look if visit.reached == "return" else bad
        yield grade(f"{visit.address}: {says}", mend, **facts)
    if visit.certificate_days is not None and 0 <= visit.certificate_days < _SOON_DAYS:
        says = f"{visit.address}: its certificate ends in {visit.certificate_days:.0f} days"
        yield look(says, "renew it at the broker", **facts)
    if visit.unheard:
        says = f"{visit.address} does not let us hear {', '.join(visit.unheard)}"
        yield bad(says, "allow this user to read them, at the broker", **facts)
    if visit.round_trip_ms is not None and visit.round_trip_ms > _SLOW_MS:
        says = f"{visit.address} needs {visit.round_trip_ms:.0f} ms there and back"
        yield look(says, "is the network or the broker overloaded?", **facts)


def _step(visit: Visit) -> tuple[str, str]:
    """What is wrong, and what helps, by the step that failed."""
    host, _, port = visit.address.rpartition(":")
    local = "sudo apt install libnss-mdns, or write its address (192.168...)"
    kind = "8883 with tls = true, 1883 without"
    answers: dict[Step, tuple[str, str]] = {
        "name": (
            f"nobody knows the name '{host}'",
            local if host.endswith(".local") else "is it spelt right? else write its address",
        ),
        "connect": (
            f"cannot be reached ({visit.problem})",
            f"does the broker run there, and does its firewall let port {port} in? Usual: {kind}",
        ),
        "encrypt": (f"no encrypted connection ({visit.problem})", _encrypting(visit)),
        "enter": (f"does not let us in ({visit.problem})", _entering(visit)),
        "publish": (
            f"does not let us publish below {visit.root} ({visit.problem})",
            f"allow this user to write {visit.root}/#, at the broker (mosquitto: acl_file)",
        ),
        "return": (
            "took a test message, and did not give it back: we may not publish, or not read",
            f"listen meanwhile: mosquitto_sub -h {host} -t '{visit.root}/#' -v",
        ),
    }
    return answers[visit.reached]


def _encrypting(visit: Visit) -> str:
    if visit.clock_wrong:
        return "mend the clock first: certificates are good between two dates"
    if "certificate" in visit.problem:
        return "set ca_file to the certificate of who signed the broker's; host as written in it"
    return "is this the port with encryption? Usually 8883"


def _entering(visit: Visit) -> str:
    if not visit.wants_tls and "closed" in visit.problem:
        return "does this port want encryption? Set tls = true"
    if not visit.user:
        return 'set username = "..." and its password: systemd/README.md'
    if not visit.has_password:
        return "give the password of this user: systemd/README.md"
    return f"are user '{visit.user}' and its password right? At the broker: mosquitto_passwd"


def _summary(visit: Visit) -> str:
    safe = visit.tls or "not encrypted"
    trip = f"{visit.round_trip_ms or 0.0:.1f} ms"
    return f"{visit.address}: a message went there and back in {trip}, {safe}"
