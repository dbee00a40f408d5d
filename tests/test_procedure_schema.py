"""The JSON Schema of a procedure file says what the reader does: same keys, same limits."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from edge.config_table import parse
from edge.errors import Problems
from edge.procedure_file import read_procedure
from edge.sop.procedure import CycleRules, Forbidden, Step
from tests.procedures import FUSE_BOX

SCHEMA = json.loads(
    (Path(__file__).parents[1] / "edge/schemas/procedure.json").read_text(encoding="utf-8")
)
VALID = Draft202012Validator(SCHEMA)
START = "name = 'p'\n[zones]\nbin = [[0.1, 0.1], [0.3, 0.1], [0.3, 0.3]]\n"


def test_it_is_a_schema_that_takes_what_is_read(tmp_path: Path) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    path = tmp_path / "good.toml"
    path.write_text(FUSE_BOX, encoding="utf-8")
    assert list(VALID.iter_errors(parse(path))) == []


@pytest.mark.parametrize(
    "when",
    [
        "{ in = 'bin', gesture = 'x' }",
        "{ hand = 'left' }",
        "{ near = 'bin' }",
        "[]",
        "{ signal = 's', is = 1, at_most = 2 }",
        "{ pose = 'sit', hand = 'left' }",
        "{ not = { in = 'bin', hold_s = 1 } }",
        "{ in = 'bin', hold_s = -1 }",
    ],
)
def test_it_refuses_what_the_reader_refuses(tmp_path: Path, when: str) -> None:
    path = tmp_path / "p.toml"
    path.write_text(f"{START}[[step]]\nname = 'a'\nwhen = {when}\n", encoding="utf-8")
    with pytest.raises(Problems):
        read_procedure(path)
    assert list(VALID.iter_errors(parse(path)))


@pytest.mark.parametrize(
    ("kind", "at", "file_only", "code_only"),
    [
        (Step, ("properties", "step", "items"), {"when", "group"}, {"stages"}),
        (Forbidden, ("properties", "forbidden", "items"), set(), set()),
        (CycleRules, ("properties", "cycle"), set(), set()),
    ],
)
def test_it_has_every_setting_with_its_limits(
    kind: Any, at: tuple[str, ...], file_only: set[str], code_only: set[str]
) -> None:
    table = SCHEMA
    for key in at:
        table = table[key]
    own = {one.name: one for one in fields(kind)}
    assert set(table["properties"]) == (set(own) | file_only) - code_only
    for name, one in own.items():
        said = table["properties"].get(name, {})
        if "default" in said:
            assert said["default"] == one.default
            assert said.get("minimum") == one.metadata["low"]
            assert said.get("maximum") == one.metadata["high"]
