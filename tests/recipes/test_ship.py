"""What a card says of a model: figures of several runs together, and each section once."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from converters import settings_flags
from converters.commands import _flags, posenet
from converters.families import FAMILIES
from edge.decode.hand import Hand
from models.recipes import decoding
from models.recipes.commands import ship

EMPTY = {"false_people": 1, "pictures": 30}


def body(lying: int, **more: Any) -> dict[str, Any]:
    frames = {"upright": {"found": 9, "frames": 10}, "lying": {"found": lying, "frames": 10}}
    pck = {"prominent": {"pck_0.2": 0.5}, "turned": {"pck_0.2": 0.25}}
    return {**pck, "urfd": frames, "empty": EMPTY, **more}


def test_figures_of_two_runs_stand_in_one_table(tmp_path: Path) -> None:
    falls = {"found": 3, "falls": 4, "false_alarms": 0}
    hands = {"fingers": {"straight": {"pck_0.2": 0.66}, "turned": {"pck_0.2": 0.67}}}
    runs = [{"bodies": {"ours": body(7, falls=falls)}, "hands": {}}]
    runs.append({"bodies": {"ours": body(7), "theirs": body(2)}, "hands": hands})
    files = [tmp_path / f"{k}.json" for k in range(2)]
    for path, run in zip(files, runs, strict=True):
        path.write_text(json.dumps(run))
    text = ship._figures(files, "body")
    assert "| ours | 0.50 | 0.25 | 9 of 10 | 7 of 10 | 1 in 30 | 3 of 4, 0 false |" in text
    assert "| theirs | 0.50 | 0.25 | 9 of 10 | 2 of 10 | 1 in 30 |  |" in text
    assert "fingers" not in text
    assert "| fingers | 0.66 | 0.67 |" in ship._figures(files, "hand-landmarks")


def test_a_section_is_put_in_place_of_the_older_one(tmp_path: Path) -> None:
    card = tmp_path / "CARD.md"
    card.write_text("# Card\n\n## Limits\n\nold\n\n## More\n\nkept\n")
    ship.append(card, "Limits", "new\n")
    assert card.read_text() == "# Card\n\n## More\n\nkept\n\n## Limits\n\nnew\n"


def test_what_is_converted_is_decoded_as_the_recipe_says() -> None:
    arguments = argparse.ArgumentParser()
    posenet.arguments(arguments)
    needed = ["--from", "a.pt", "--calibrate", "b", "--out", "c"]
    args = arguments.parse_args([*needed, *decoding.flags(decoding.BODY)])
    plan = _flags.plan_of(args, FAMILIES["posenet"], Path("a.pt"))
    assert plan.decoding == decoding.BODY
    hands = settings_flags.chosen("--decode", ["min_side=0.9"], Hand)
    assert hands == decoding.HAND


def test_the_manifest_says_once_whether_people_on_the_floor_are_found(tmp_path: Path) -> None:
    path = tmp_path / "manifest.toml"
    path.write_text('name = "a"\nskeleton = "body17"\nparity = "passed"\n')
    ship._amend_manifest(path, sees_lying=True)
    assert path.read_text().count("sees_lying = true") == 1
