"""Small made-up timelines in the formats of CaptainCook4D and OpenPack."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

TEXTS = {
    "1": "Boil-Boil water for 3 minutes",
    "2": "Grind-Grind the beans",
    "3": "Pour-Pour water over the beans",
    "4": "Stir-Stir",
    "5": "Stir-Stir",
    "6": "Add-1 spoon of sugar if desired",
}
EDGES = [(0, 1), (0, 2), (1, 3), (2, 3), (3, 4), (4, 5), (5, 6), (6, 7)]
RIGHT = (("1", 0, 180), ("2", 20, 60), ("3", 190, 210), ("4", 215, 220), ("5", 230, 236))
EARLY = (("2", 0, 40), ("3", 45, 60), ("1", 70, 250), ("4", 260, 265), ("5", 270, 275))
OPERATIONS: tuple[str, ...] = (
    "Picking",
    "Relocate Item Label",
    "Assemble Box",
    "Insert Items",
    "Close Box",
)
OPERATIONS += ("Attach Box Label", "Scan Label", "Fill out Order", "Attach Shipping Label")
BACK = "Put on Back Table"
REDONE = (*OPERATIONS[:5], *OPERATIONS[3:])
# Where figures stand again in the file, and what is in their place in the README.
AGAIN = dict.fromkeys(("order_graph.", "order_pairwise.", "missing_pairwise."), "order.")
AGAIN |= dict.fromkeys(("missing.", "timing.", "timing_every_step."), "order.")
AGAIN |= {"procedures.*.": ""}

Doing = tuple[str, float, float]


def recording(
    name: str, doings: Sequence[Doing], tags: dict[str, str] | None = None
) -> dict[str, Any]:
    """A recording, correct without tags; steps with a tag and without a doing were not done."""
    tags = tags or {}
    missing = [(number, -1.0, -1.0) for number in tags if number not in {d[0] for d in doings}]
    return {
        "recording_id": name,
        "activity_id": 1,
        "activity": "Coffee",
        "task_graph": "coffee.json",
        "is_error": bool(tags),
        "step_annotations": [
            {
                "description": TEXTS[number],
                "step_id": 100 + int(number),
                "start_time": begin,
                "end_time": end,
                **({"errors": [{"tag": tags[number]}]} if number in tags else {}),
            }
            for number, begin, end in (*doings, *missing)
        ],
    }


def cooking(folder: Path, recordings: Sequence[dict[str, Any]]) -> Path:
    """Give a folder of these recordings."""
    (folder / "task_graphs").mkdir(parents=True)
    (folder / "recordings.json").write_text(json.dumps(recordings))
    graph = {"steps": {"0": "START", **TEXTS, "7": "END"}, "edges": EDGES}
    (folder / "task_graphs" / "coffee.json").write_text(json.dumps(graph))
    return folder


def packing(folder: Path, boxes: Sequence[Sequence[str]], each_s: float = 5.0) -> Path:
    """Give a folder of one session; each box is a list of operations, of the same length."""
    zero = datetime(2022, 3, 29, 5, 25, 22, 143000, tzinfo=timezone.utc)
    lines, printed = ["uuid,user,session,box,id,operation,start,end,actions"], [",unixtime"]
    printed = ["unixtime,datetime,order_sheet"]
    t = 0.0
    for number, operations in enumerate(boxes, start=1):
        for operation in operations:
            begin, end = (zero + timedelta(seconds=x) for x in (t, t + each_s))
            lines.append(f"u,U1,S1,{number},0,{operation},{begin},{end},")
            if operation == "Scan Label":
                printed.append(f"{(begin.timestamp() + 1) * 1000:.0f},,ORDER{number}")
            t += each_s
    outlier = [f"u,U1,S1,Aa02,Incident,Miss,{zero},{zero + timedelta(seconds=t)},"]
    for place, text in (
        ("annotation/openpack-operations", lines),
        (
            "annotation/openpack-outliers",
            ["uuid,user,session,id,category,event,start,end,tag", *outlier],
        ),
        ("system/printer", printed),
    ):
        (folder / place).mkdir(parents=True)
        (folder / place / "S1.csv").write_text("\n".join(text) + "\n")
    return folder


def both(folder: Path) -> list[str]:
    """Give the flags of a command that plays two recordings and two boxes."""
    cooked = [recording("right", RIGHT), recording("swapped", EARLY, {"1": "Order Error"})]
    words = ["--captaincook", str(cooking(folder / "cooking", cooked))]
    return [*words, "--openpack", str(packing(folder / "packing", [OPERATIONS, REDONE]))]
