"""Many simulated cameras and one broker: what arrives, how soon, and what an outage costs.

  edgepose-bench fleet
        20 devices for a minute, each with its own names, outbox and connection
  edgepose-bench fleet --devices 50 --outage 20
        the broker is away for 20 s in the middle; every event must arrive afterwards
  edgepose-bench fleet --devices 50 --poses
        a heavier load: every frame's keypoints as well, 10 a second and device
  edgepose-bench fleet --events 500
        each device tells 500 events as fast as this machine can: most of it is the engine's work,
        since events are rare
  edgepose-bench fleet --mqtt mqtt://broker.local --json fleet.json
        with a broker of yours; nothing retained is left behind there

A device publishes what a camera does: its status, health, states, and the events of the real
engine and rules on recorded poses, each device at another place of the recording, through the
real MQTT sink. Without --mqtt the broker is a mosquitto of its own where that is installed, or
else the small one of `edgepose demo`, which is slow, works in this process, and cannot be stopped.
Its own mosquitto runs with `set_tcp_nodelay true`, as yours should: without that, a message that
follows another one closely waits up to 40 ms on its way to a subscriber.
A subscriber in a process of its own notes what arrives, by the id of each event.

  lost          events that never arrived, after a wait of 90 s; always 0 unless something is wrong
  twice         events that arrived again under the same id, as QoS 1 allows after an outage
  out of order  events that arrived after a later one of the same device: alarms go first when
                the sink is behind, as after an outage
  latency       from the sink's `publish` to the subscriber, the outbox's write to the disk
                included; of what was told while the broker was there and nothing had to catch up
  recovery      from the broker's return until everything told by then has arrived; most of it is
                the pause between two attempts to connect, up to 30 s

Of states, health and poses only the newest is sent when the sink is behind, so fewer may arrive
than were told; a state whose last word did not arrive is counted as outdated. All devices are
threads of one process and share its processor and disk: up to 100. For more, start it on several
machines with one --mqtt. The exit code is 1 where an event is lost or a state is outdated.
"""

from __future__ import annotations

import argparse
import math
import resource
import tempfile
import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import answer
from benchmarks.errors import BenchError
from converters.progress import Progress

if TYPE_CHECKING:
    from benchmarks.fleet.broker import Broker

_DEVICES, _MOST = 20, 100
_MINUTES = 1.0
_EVENTS_MOST = 100_000
_FILES, _FILES_MORE = 6, 50  # open at once: by a device, and by the rest


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument(
        "recording",
        metavar="RECORDING.jsonl",
        nargs="*",
        type=Path,
        help="poses from `edgepose record` (made-up people)",
    )
    parser.add_argument(
        "--devices", type=int, default=_DEVICES, metavar="N", help=f"1 to {_MOST} ({_DEVICES})"
    )
    long = parser.add_mutually_exclusive_group()
    long.add_argument(
        "--minutes", type=float, default=_MINUTES, metavar="M", help=f"real time ({_MINUTES:g})"
    )
    long.add_argument(
        "--events", type=int, default=0, metavar="N", help="told by each, as fast as it goes"
    )
    parser.add_argument("--mqtt", metavar="URL", help="publish there: mqtt://[user@]host[:port]")
    parser.add_argument(
        "--outage",
        type=float,
        default=0.0,
        metavar="S",
        help="stop the broker for so long in the middle (its own broker only)",
    )
    parser.add_argument("--poses", action="store_true", help="publish every frame's keypoints")
    answer.flag(parser)


def run(args: argparse.Namespace) -> int:
    """Start the fleet, wait, count."""
    _check(args)
    # Here and not above, so that `--help` does not wait for OpenCV and paho.
    from benchmarks.board import reading  # noqa: PLC0415
    from benchmarks.fleet import course, device, tally  # noqa: PLC0415
    from benchmarks.soak import film, people  # noqa: PLC0415
    from edge import config as configuration  # noqa: PLC0415
    from edge.runtime import assemble, daemon  # noqa: PLC0415
    from edge.sinks.mqtt import Mqtt  # noqa: PLC0415

    rules = {"rule": [{"kind": "fall"}, {"kind": "presence"}]}
    engine = assemble.engine(configuration.load(None, rules, watching=False))
    played = film.recorded(args.recording, []) if args.recording else film.film([people.scene()])
    progress = Progress()
    with ExitStack() as life:
        folder = Path(life.enter_context(tempfile.TemporaryDirectory(prefix="edgepose-fleet-")))
        broker = life.enter_context(_broker(args, folder))
        stop = life.enter_context(daemon.stop_signals())
        progress.say(f"{args.devices} devices; broker: {broker.name}")
        settings = Mqtt.from_url(broker.url)
        task = device.Task(
            film=played,
            engine=engine,
            broker=replace(settings, discovery=False, bound=max(settings.bound, 2 * args.events)),
            long_s=math.inf if args.events else args.minutes * 60.0,
            events=args.events,
            poses=args.poses,
        )
        with progress.stage("fleet") as bar:
            lived = course.live(
                task=task,
                count=args.devices,
                site=f"fleet-{uuid.uuid4().hex[:8]}",
                broker=broker,
                outage_s=args.outage,
                folder=folder,
                stop=stop,
                tick=lambda share: bar(round(100 * share), 100),
            )
    result = {"devices": args.devices, "broker": broker.name, **tally.figures(lived)}
    _tell(result)
    answer.write(args, "fleet", {**result, "board": reading.read().facts()})
    return 1 if result["lost"] or result["outdated_states"] else 0


def _check(args: argparse.Namespace) -> None:
    """Raise BenchError for flags that make no sense, alone or together."""
    if not 1 <= args.devices <= _MOST:
        hint = f"1 to {_MOST}: they are threads of one process; more: several, with one --mqtt"
        raise BenchError("--devices", f"{args.devices} is too {_few(args.devices)}", hint)
    if not 0.0 < args.minutes < math.inf:
        raise BenchError("--minutes", f"{args.minutes:g} is no time", "1 is a minute")
    if not 0 <= args.events <= _EVENTS_MOST:
        raise BenchError("--events", f"{args.events} cannot be told", f"1 to {_EVENTS_MOST}")
    if args.outage < 0.0:
        raise BenchError("--outage", f"{args.outage:g} s is no time", "10 is ten seconds")
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if files < _FILES * args.devices + _FILES_MORE:
        hint = f"run: ulimit -n {_FILES * _MOST + _FILES_MORE}; or name fewer devices"
        raise BenchError("--devices", f"only {files} files may be open at once", hint)


def _few(devices: int) -> str:
    return "few" if devices < 1 else "many"


def _broker(args: argparse.Namespace, folder: Path) -> AbstractContextManager[Broker]:
    """Choose a broker; raises BenchError where it would have to be stopped and is not ours."""
    from benchmarks.fleet import broker as brokers  # noqa: PLC0415 - see run

    found = brokers.binary()
    if args.outage and (args.mqtt or found is None):
        hint = "leave --mqtt out" if args.mqtt else "install mosquitto"
        raise BenchError("--outage", "only a mosquitto of its own can be stopped", hint)
    if args.mqtt:
        return brokers.given(args.mqtt)
    return brokers.mosquitto(found, folder / "broker") if found else brokers.embedded()


def _tell(result: Mapping[str, Any]) -> None:
    rows = [
        (
            kind,
            "-" if one["qos"] is None else str(one["qos"]),
            str(one["sent"]) if one["sent"] else "-",
            str(one["received"]),
            *("-" if math.isnan(late) else f"{late:.1f}" for late in one["latency_ms"].values()),
        )
        for kind, one in result["kinds"].items()
    ]
    head = ("", "QoS", "told", "arrived", "p50 ms", "p95 ms", "p99 ms")
    print(f"\n{answer.table(head, rows)}\n")
    print(
        f"events {result['sent']}, lost {result['lost']}, twice {result['duplicated']}, "
        f"out of order {result['out_of_order']}; states outdated {result['outdated_states']}"
    )
    memory = result["memory_mb"]
    print(
        f"{result['messages_per_s']:.1f} messages/s over {result['duration_s']:.0f} s; "
        f"{result['cpu_share']:.2f} of a core, memory {memory['begin']:.0f} -> "
        f"{memory['end']:.0f} MB, all devices together"
    )
    if result["outage_s"]:
        recovery = result["recovery_s"]
        told = "not everything arrived" if recovery is None else f"recovered in {recovery:.1f} s"
        print(f"broker away for {result['outage_s']:.1f} s; {told}")
