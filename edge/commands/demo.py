"""See the main jobs once: work at a bench and a fall, the real daemon, a broker, what it tells.

  edgepose demo                          with what came along
  edgepose demo --clip my.mp4            with a clip of yours, for falls
  edgepose demo --clip my.mp4 --model NAME

Where there is neither a clip nor a model yet, made-up poses stand in for them. Uses the MQTT broker
on this computer, or the one in $EDGEPOSE_BROKER (host:port), or else starts a small one until the
end.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from edge.errors import ConfigError, SinkError
from edge.modelstore import ModelStore, model_store

_OURS = "edgepose-body-257"  # comes along
_HANDS = "edgepose-hand-112"  # so does this
_PROCEDURE = "demo/fuse-box.toml"  # of the clip that came along
_MODEL = "posenet-mobilenet-v1-075-353x481-coral"  # the one to take where none came along
_CLIP = "clips/urfd/fall-01-cam0.mp4"
_MADE_UP = "demo/fall.poses.jsonl"
_WHY = """\
Without both a model and a clip here, these are the poses of a made-up person, replayed through
the same tracker, rules, outbox and MQTT as a camera's. They fall after 4 seconds, for one second.
"""
_PATIENCE_S = 5.0
_NEXT = """\
next:
  . .venv/bin/activate     if you came here by `make demo`
{pull}  edgepose run /dev/video0 --model {model} --rule fall --events -
  edgepose run clip.mp4 --model {model} --save-overlay seen.mp4      to see what it sees
  edgepose run --help\
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("--clip", type=Path, metavar="FILE", help="what to watch")
    parser.add_argument("--model", metavar="NAME_OR_DIR", help="see `edgepose models list`")


def run(args: argparse.Namespace) -> int:
    """Start what is missing, subscribe, run the daemon, print what arrives."""
    from edge.commands._broker import broker  # noqa: PLC0415 - see commands/run.py

    with ExitStack() as life:
        scratch = Path(life.enter_context(tempfile.TemporaryDirectory(prefix="edgepose-demo-")))
        clip = args.clip or _clip()
        model, models = (args.model, None) if args.model else _model(scratch)
        if args.clip and not model:
            hint = f"edgepose models pull {_MODEL}"
            raise ConfigError("edgepose demo", "no model is on this computer yet", hint)
        host, port, ours = life.enter_context(broker())
        print(f"broker  {host}:{port}{' (a small one of our own)' if ours else ''}")
        inbox = life.enter_context(_subscribed(host, port))
        environment = dict(os.environ, **({"EDGEPOSE_MODELS": str(models)} if models else {}))
        if clip and model:
            procedure = None if args.clip else _procedure()
            names = [model, _HANDS] if procedure else [model]
            print(f"clip    {clip}")
            print(f"model   {', '.join(names)}")
            print(f"job     {procedure}\n" if procedure else "", flush=True)
            watch = ["run", str(_configuration(scratch, clip, names, procedure))]
            watch += ["--camera", "demo"]
        else:
            made_up = model_store().bundled / _MADE_UP
            print(f"poses   {made_up}\n{_WHY}", flush=True)
            watch = ["replay", str(made_up), "--rule", "fall"]
        command = (
            *(sys.executable, "-m", "edge", *watch, "--realtime"),
            *("--mqtt", f"mqtt://{host}:{port}", "--state-dir", str(scratch)),
        )
        daemon = subprocess.Popen(  # noqa: S603 - our own command line
            command,
            env=environment,
            stdout=subprocess.DEVNULL,  # the subscriber alone speaks
        )
        life.enter_context(daemon)
        began = time.monotonic()
        alerts = _print_until(daemon, inbox, began)
        if daemon.returncode:
            return daemon.returncode
    _say_goodbye(alerts, model)
    return 0 if alerts else 1


def _clip() -> Path | None:
    """The clip that came along, if one did."""
    bundled = sorted((model_store().bundled / "demo").glob("*.mp4"))
    if bundled:
        return bundled[0]
    return _shared() / _CLIP if (_shared() / _CLIP).is_file() else None


def _procedure() -> Path | None:
    """What is done in the clip that came along, if the models for it came, too."""
    store = model_store()
    path = store.bundled / _PROCEDURE
    came = {found.manifest.name for found in store.models() if found.state == "bundled"}
    return path if path.is_file() and {_OURS, _HANDS} <= came else None


def _configuration(folder: Path, clip: Path, names: list[str], procedure: Path | None) -> Path:
    """Write what a user would: a source, models, rules."""
    rules = ['[[rule]]\nkind = "fall"']
    if procedure:
        rules.append(f'[[rule]]\nkind = "sop"\nprocedure = {json.dumps(str(procedure))}')
    models = [f"[[model]]\nname = {json.dumps(name)}" for name in names]
    text = [f"[source]\nuri = {json.dumps(str(clip.absolute()))}", *models, *rules]
    path = folder / "demo.toml"
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return path


def _model(scratch: Path) -> tuple[str, Path | None]:
    """Name a model whose weights are here ("" without one), and their folder if not the usual."""
    store = model_store()
    states = {model.manifest.name: model.state for model in store.models()}
    for name in (_OURS, _MODEL, *states):
        if states.get(name) in ("bundled", "pulled"):
            manifest = store.find(name).manifest
            if manifest.backends and manifest.finds == "body17":
                return name, None
    weights = _shared() / "weights"
    if not weights.is_dir():
        return "", None
    ModelStore(scratch, store.bundled).find(_MODEL).pull(weights)
    return _MODEL, scratch


def _shared() -> Path:
    return Path(os.environ.get("EDGEPOSE_SHARED", "../shared"))


@contextmanager
def _subscribed(host: str, port: int) -> Iterator[queue.SimpleQueue[tuple[str, bytes]]]:
    """Everything one camera says, as any subscriber gets it."""
    from paho.mqtt import client as paho  # noqa: PLC0415 - see commands/run.py
    from paho.mqtt.enums import CallbackAPIVersion  # noqa: PLC0415

    inbox: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()
    ready: queue.SimpleQueue[None] = queue.SimpleQueue()
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.on_subscribe = lambda *_: ready.put(None)
    client.on_message = lambda _client, _data, message: (
        None if message.retain else inbox.put((message.topic, bytes(message.payload)))
    )
    client.connect(host, port)
    client.subscribe("edgepose/+/+/demo/#", qos=1)
    client.loop_start()
    try:
        ready.get(timeout=_PATIENCE_S)
        yield inbox
    except queue.Empty:
        raise SinkError(f"{host}:{port}", "the broker takes no subscription") from None
    finally:
        client.loop_stop()
        client.disconnect()


def _print_until(
    daemon: subprocess.Popen[bytes],
    inbox: queue.SimpleQueue[tuple[str, bytes]],
    began: float,
) -> int:
    """Print events until the camera is offline; give the number of falls."""
    falls, ended = 0, None
    while ended is None or time.monotonic() - ended < _PATIENCE_S:
        if ended is None and daemon.poll() is not None:
            ended = time.monotonic()
        try:
            topic, payload = inbox.get(timeout=0.1)
        except queue.Empty:
            continue
        body: dict[str, Any] = json.loads(payload)
        if not topic.endswith("/health"):
            print(_line(time.monotonic() - began, topic, body), flush=True)
        falls += body.get("type") == "edgepose.fall.begin"
        if topic.endswith("/status") and body["state"] == "offline":
            break
    daemon.wait()
    return falls


def _line(elapsed: float, topic: str, body: dict[str, Any]) -> str:
    from edge.commands._terminal import sentence  # noqa: PLC0415 - see commands/run.py

    what = topic.split("/", 4)[4]
    if "type" in body:
        return f"{elapsed:5.1f} s  {what:22} {sentence(body)}"
    if body.get("on") and "expected" in body:
        expected = " or ".join(body["expected"]) or "nothing more"
        return f"{elapsed:5.1f} s  {what:22} next: {expected}"
    return f"{elapsed:5.1f} s  {what:22} {body.get('state', body.get('on', ''))}"


def _say_goodbye(falls: int, model: str) -> None:
    if falls:
        times = "once" if falls == 1 else f"{falls} times"
        print(f"\nA fall was seen and reported over MQTT {times}. No picture left this computer.")
    else:
        print("\nNo fall was seen.")
    pull = "" if model else f"  edgepose models pull {_MODEL}\n"
    print(_NEXT.format(model=model or _MODEL, pull=pull))
