"""The examples in docs/: procedures are good, and what is written of their output comes out."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edge import config as configuration
from edge.procedure_file import read_procedure
from edge.recording import Reader
from edge.runtime import assemble
from edge.runtime.announce import Announcer
from edge.wire import Message
from models.recipes import demo_packing

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
EXAMPLES = sorted(path.parent for path in DOCS.glob("*/camera.toml"))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#]+)\)")


def edgepose(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (sys.executable, "-m", "edge", *words),
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def blocks(example: Path, language: str) -> list[str]:
    text = (example / "README.md").read_text()
    return [body for name, body in BLOCK.findall(text) if name == language]


class Kept:
    """A sink that keeps everything."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def __enter__(self) -> Kept:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def publish(self, message: Message) -> None:
        self.messages.append(message)


def published(recording: Path, config: Path) -> list[Message]:
    """What `edgepose replay` gives to a broker."""
    reader = Reader(recording, warn=pytest.fail)
    chosen = configuration.load(config, {}, watching=False)
    engine = assemble.engine(chosen)
    sink = Kept()
    announcer = Announcer(assemble.recorded_identity(reader.header), [sink], engine.rules)
    memory, t = engine.start(), 0.0
    for seen in reader:
        memory, _, events = engine.step(memory, seen)
        announcer.events(events)
        announcer.facts(engine.facts(memory))
        t = seen.t
    announcer.events(engine.finish(memory, t))
    return sink.messages


def within(shown: Any, real: Any) -> bool:
    """Whether all that is shown is so; what is left out may be anything."""
    if isinstance(shown, dict):
        return isinstance(real, dict) and all(
            key in real and within(value, real[key]) for key, value in shown.items()
        )
    if isinstance(shown, list) and shown and isinstance(shown[0], dict):
        return len(shown) == len(real) and all(map(within, shown, real))
    return bool(shown == real)


def runs(example: Path) -> Iterator[tuple[list[str], str]]:
    """Each command shown with its output."""
    for block in blocks(example, "console"):
        first, _, output = block.partition("\n")
        yield first.removeprefix("$ edgepose ").split(), output


def test_there_are_examples_and_an_index_of_them() -> None:
    assert len(EXAMPLES) >= 2
    index = (DOCS / "README.md").read_text()
    for page in DOCS.glob("*/README.md"):
        assert f"({page.parent.name}/README.md)" in index


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.parent.name)
def test_what_a_page_links_to_is_there(page: Path) -> None:
    for target in LINK.findall(page.read_text()):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_a_procedure_passes_the_check_for_its_camera(example: Path) -> None:
    config = configuration.load(example / "camera.toml", {}, watching=True)
    (rule,) = config.rules
    for path in [*example.glob("*.toml"), ROOT / "models" / "demo" / "fuse-box.toml"]:
        if path.name != "camera.toml" and read_procedure(path) == rule.procedure:
            break
    else:
        pytest.fail("the camera watches another procedure")
    done = edgepose("sop", "check", str(path), "--config", str(example / "camera.toml"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "good" in done.stdout
    assert "doubt" not in done.stdout.lower() + done.stderr.lower()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_output_shown_is_the_output(example: Path) -> None:
    shown = list(runs(example))
    assert shown
    for command, output in shown:
        done = edgepose(*command)
        assert done.returncode == 0, done.stderr
        assert done.stdout == output


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_mqtt_shown_is_what_is_published_in_that_order(example: Path) -> None:
    (recording,) = example.glob("*.poses.jsonl")
    messages = published(recording, example / "camera.toml")
    blocks_shown = blocks(example, "mqtt")
    assert len(blocks_shown) >= 4
    at = dict.fromkeys(("event", "state"), 0)  # each kind in the order of the page
    for block in blocks_shown:
        topic, _, payload = block.partition("\n")
        kind = topic.split("/")[4]
        body = json.loads(payload)
        found = [
            number
            for number, message in enumerate(messages)
            if message.topic == topic and within(body, message.body) and number >= at[kind]
        ]
        assert found, block
        at[kind] = found[0]


def test_the_packing_recording_is_what_its_script_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tmp_path / "made.jsonl"
    monkeypatch.setattr(sys, "argv", ["demo_packing.py", str(made)])
    demo_packing.main()
    assert made.read_text() == (DOCS / "packing" / "packing.poses.jsonl").read_text()
