"""`edgepose-bench results`: one page of many files, the same for the same files."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks.__main__ import main
from benchmarks.answer import plain
from benchmarks.errors import BenchError
from benchmarks.fleet import tally
from benchmarks.fleet.course import Course
from benchmarks.fleet.device import Sent
from benchmarks.fleet.listener import Heard
from benchmarks.results import published
from benchmarks.results.cells import homeless
from benchmarks.results.markdown import code, link, table, text

TOPIC = "edgepose/site/device-000/cam1/event/fall"
TOLD = Sent(1.0, "device-000", "key", TOPIC, "event")
BUSY = "something else was running: the load is 3"
EVIL = "a|b *c* _d_ <e> [f](g) `h` \\ ~i~ $j$ &amp; \n# k"


def board(**more: Any) -> dict[str, Any]:
    facts = {"name": "Board 4", "slug": "board-4", "cores": 4, "cores_usable": 2, "os": "Linux 6"}
    return {**facts, "packages": {"edgepose": "0.1.0"}, "warnings": [], **more}


def fleet(**more: Any) -> dict[str, Any]:
    """Give figures of one device whose event arrives, and of one that nobody heard."""
    heard = Heard(1.02, 1, retained=False, key="key", topic=TOPIC)
    unheard = Sent(1.5, "device-000", "other", "edgepose/site/device-000/cam1/state", "state")
    found = tally.figures(Course([TOLD, unheard], [heard], 30.0, None, (70.0, 71.0), 0.5))
    about = {"benchmark": "fleet", "edgepose": "0.1.0", "measured": "2025-01-02T03:04:05+00:00"}
    figures = {**about, "devices": 1, "broker": "mosquitto", **found, "board": board(), **more}
    made: dict[str, Any] = plain(figures)
    return made


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def page(*words: str, **files: Any) -> str:
    """Write files here, and give the page of them."""
    for name, content in files.items():
        Path(f"{name}.json").write_text(json.dumps(content))
    assert main(["results", *(f"{name}.json" for name in files), "--out", "page.md", *words]) == 0
    return Path("page.md").read_text(encoding="utf-8")


def test_a_file_becomes_a_table_with_the_command_that_made_it(here: Path) -> None:
    typed = ["edgepose-bench", "fleet", "--devices", "1", "--mqtt", "mqtt://a b"]
    made = page(mine=fleet(command=typed))
    assert "\nedgepose-bench results mine.json\n" in made
    assert "\nedgepose-bench fleet --devices 1 --mqtt 'mqtt://a b'\n" in made
    assert "| event | 1 | 1 | 1 | 20.0 | 20.0 | 20.0 |" in made
    assert "| state | - | 1 | 0 | - | - | - |" in made  # what was not measured
    assert "- Board 4, 4 cores (2 usable)\n" in made
    assert made.index("### Many devices") < made.index("## Published by others, not measured by us")
    assert str(here) not in made


def test_a_command_that_was_not_noted_is_put_together_from_the_figures(here: Path) -> None:
    made = page(mine=fleet(outage_s=20.3, recovery_s=None))
    assert "\nedgepose-bench fleet --devices 1 --minutes 0.5 --outage 20\n" in made
    assert "this is what the figures tell of it" in made
    assert "away for 20.3 s; not everything arrived" in made
    assert here.is_dir()


def test_neither_order_nor_a_second_run_changes_the_page(here: Path) -> None:
    newer = fleet(measured="2025-02-01T00:00:00+00:00")
    other = fleet(board=board(slug="another", name="Another"))
    first = page(a=newer, b=fleet(), c=other)
    assert page(c=other, b=fleet(), a=newer) == first
    assert re.findall("^## .*", first, re.MULTILINE)[:2] == ["## Another", "## Board 4"]
    assert first.index("b.json: measured") < first.index("a.json: measured")
    assert first.count("### Many devices, one broker") == 2
    assert here.is_dir()


def test_warnings_of_all_files_stand_with_the_board_and_others_with_their_file(here: Path) -> None:
    virtual = "this is a virtual machine"
    made = page(
        a=fleet(board=board(warnings=[virtual, BUSY])),
        b=fleet(board=board(warnings=[virtual], packages={"edgepose": "0.2.0"})),
    )
    head, first, second = re.split(r"\n[ab]\.json: measured", made)
    assert (head.count(virtual), first.count(virtual), second.count(virtual)) == (1, 0, 0)
    assert (head.count(BUSY), first.count(BUSY), second.count(BUSY)) == (0, 1, 0)
    assert "edgepose 0.1.0 (a.json)" in head
    assert "edgepose 0.2.0 (b.json)" in head
    assert here.is_dir()


def test_a_check_tells_whether_the_page_is_up_to_date_and_writes_nothing(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["results", "mine.json", "--out", "page.md", "--check"]
    made = page(mine=fleet())
    assert main(words) == 0
    (here / "mine.json").write_text(json.dumps(fleet(devices=2)))
    assert main(words) == 1
    assert (here / "page.md").read_text() == made
    (here / "page.md").unlink()
    assert main(words) == 1
    assert "run: edgepose-bench results mine.json --out page.md" in capsys.readouterr().err
    assert not (here / "page.md").exists()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "is no JSON"),
        ("[1]", "names no benchmark"),
        (json.dumps({"benchmark": "fleets"}), "unknown benchmark, 'fleets'"),
        (json.dumps({"benchmark": "fleet"}), "'edgepose' is missing"),
        (json.dumps(fleet(board=[])), "'board' is missing, or no dict"),
        (json.dumps(fleet(board={"name": "x"})), "'board.slug' is missing"),
        (json.dumps(fleet(kinds=None)), "lacks figures of `fleet`"),
        (json.dumps({k: v for k, v in fleet().items() if k != "lost"}), "KeyError: 'lost'"),
    ],
)
def test_a_file_that_is_something_else_is_named(
    here: Path, content: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "good.json").write_text(json.dumps(fleet()))
    (here / "bad.json").write_text(content)
    assert main(["results", "good.json", "bad.json", "--out", "page.md"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("bad.json: ")
    assert told in error
    assert not (here / "page.md").exists()


def test_a_file_that_is_not_there_is_named(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["results", "gone.json"]) == 1
    assert capsys.readouterr().err.startswith("gone.json: cannot be read")
    assert not (here / "benchmarks").exists()


def test_no_sign_in_a_word_becomes_markdown() -> None:
    rendered = pytest.importorskip("markdown_it").MarkdownIt("gfm-like", {"linkify": False})
    cells = rendered.render(table((EVIL, "x"), [(EVIL, "1")]))
    shown = EVIL.replace(" \n", " ").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert cells.count(f">{shown}</") == 2
    assert (cells.count("</th>"), cells.count("</td>")) == (2, 2)
    assert rendered.render(text(EVIL)) == f"<p>{shown}</p>\n"
    fenced = rendered.render(code("a ```b\nc"))
    assert fenced == '<pre><code class="language-sh">a ```b c\n</code></pre>\n'
    linked = rendered.render(link("x]", "https://a/(b) <c>"))
    assert linked == '<p><a href="https://a/%28b%29%20%3Cc%3E">x]</a></p>\n'


def test_paths_lose_the_folders_of_a_machine_and_addresses_stay() -> None:
    assert homeless("/home/me/a.mp4: gone in /data/x/out, not a/b") == "a.mp4: gone in out, not a/b"
    assert homeless("see https://a.b/c/d and mqtt://h/x") == "see https://a.b/c/d and mqtt://h/x"


def test_every_published_figure_has_a_source_that_is_used() -> None:
    groups = published.read()
    figures = [one for group in groups for one in group.figures]
    assert len(figures) >= 10
    assert {one.by for one in figures} == set(published.BY)
    assert {one.timed for one in figures} == set(published.TIMED)
    assert {one.source for one in figures} == set(groups[0].sources)
    for source in groups[0].sources.values():
        assert re.fullmatch(r"https?://\S+", source.url)
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", source.read)


SOURCE = '[source.a]\ntitle = "A"\nurl = "https://a"\ndated = "2020"\nread = "2025-01-01"\n'
FIGURE = '[[group.figure]]\nboard = "B"\nmodel = "M"\nby = "user"\nsource = "a"\n'
GOOD = f'[[group]]\ntitle = "G"\n{FIGURE}timed = "not said"\nms = "5"\n'


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        ('timed = "quickly"\nfps = "1"', "timed is 'quickly'"),
        ('timed = "not said"', "needs either fps or ms"),
        ('timed = "not said"\nfps = "1"\nms = "2"', "needs either fps or ms"),
        ('timed = "not said"\nfps = 1', "'fps' is unknown, or no text"),
        ('timed = "not said"\nspeed = "1"', "'speed' is unknown"),
        ('fps = "1"', "lacks a key"),
    ],
)
def test_a_published_figure_that_says_too_little_is_named(
    tmp_path: Path, rest: str, told: str
) -> None:
    file = tmp_path / "p.toml"
    file.write_text(f"{SOURCE}{GOOD}{FIGURE}{rest}")
    with pytest.raises(BenchError, match=re.escape(told)) as raised:
        published.read(file)
    assert raised.value.where == "p.toml: group 'G', figure 2"
