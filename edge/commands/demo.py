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
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from edge.commands._demo_heard import Tally, print_until_over, subscribed
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
_NEXT = """\
next:
  . .venv/bin/activate     if you came here by `make demo`
{pull}  edgepose run /dev/video0 --model {model} --rule fall --events -
  edgepose run clip.mp4 --model {model} --save-overlay seen.mp4      to see what it sees
  edgepose sop --help          a job of your own: drawn, explained, taught by showing it
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
        # Of its own, or another demo on this broker would be counted as ours.
        camera, tally = f"demo-{os.getpid()}", Tally()
        inbox = life.enter_context(subscribed(host, port, camera, tally))
        environment = dict(os.environ, **({"EDGEPOSE_MODELS": str(models)} if models else {}))
        if clip and model:
            procedure = None if args.clip else _procedure()
            names = [model, _HANDS] if procedure else [model]
            print(f"clip    {clip}")
            print(f"model   {', '.join(names)}")
            print(f"job     {procedure}\n" if procedure else "", flush=True)
            watch = ["run", str(_configuration(scratch, clip, names, procedure))]
            # A slow machine shall take longer, not see less: dropped frames can hide a fall.
            watch += ["--camera", camera, "--every-frame"]
        else:
            made_up = model_store().bundled / _MADE_UP
            print(f"poses   {made_up}\n{_WHY}", flush=True)
            watch = ["replay", str(_renamed(made_up, scratch, camera)), "--rule", "fall"]
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
        print_until_over(daemon, inbox, tally)
        if daemon.returncode:
            return daemon.returncode
        waiting = sum(_undelivered(outbox) for outbox in scratch.glob("*/outbox.sqlite"))
    _say_goodbye(tally, model)
    if waiting:
        problem = f"{waiting} {'event was' if waiting == 1 else 'events were'} not delivered"
        raise SinkError(f"{host}:{port}", problem, "did the broker go away? Try again")
    return 0 if tally.falls else 1


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


def _renamed(recording: Path, folder: Path, camera: str) -> Path:
    """The same recording as of a camera of another name."""
    first, _, rest = recording.read_text(encoding="utf-8").partition("\n")
    path = folder / recording.name
    path.write_text(f"{json.dumps({**json.loads(first), 'camera': camera})}\n{rest}", "utf-8")
    return path


def _undelivered(outbox: Path) -> int:
    """How many events still wait for the broker."""
    from edge.runtime.outbox import Outbox  # noqa: PLC0415 - see commands/run.py

    if not outbox.is_file():
        return 0
    kept = Outbox(outbox)
    try:
        return len(kept)
    finally:
        kept.close()


def _say_goodbye(tally: Tally, model: str) -> None:
    print("\n" + " ".join([*tally.sentences(), "No picture left this computer."]))
    pull = "" if model else f"  edgepose models pull {_MODEL}\n"
    print(_NEXT.format(model=model or _MODEL, pull=pull))
