"""What other machines say is declared in full, or every mistake is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge import config
from edge.__main__ import main
from edge.config_signals import SignalTopic
from tests.brokers import Broker
from tests.test_config import GOOD, errors, load

MQTT = '[[sink]]\nkind = "mqtt"\n'


def signal(name: str = "scanner", topic: str = "line1/scanner", more: str = "") -> str:
    return f'[[signal]]\nname = "{name}"\ntopic = "{topic}"\n{more}\n'


def test_signals_are_read(tmp_path: Path) -> None:
    text = (
        GOOD + MQTT + signal(more='key = "result.code"\ntext = true') + signal("tool", "+/tool/#")
    )
    assert load(tmp_path, text).signals == (
        SignalTopic("scanner", "line1/scanner", "result.code", text=True),
        SignalTopic("tool", "+/tool/#"),
    )
    assert load(tmp_path, GOOD).signals == ()


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        (signal("line 1"), "signal[1].name: must be letters"),
        (signal(topic=""), "signal[1].topic: is missing"),
        (signal(topic="line1/scan+"), "signal[1].topic: is no MQTT topic"),
        (signal(topic="line1/#/a"), "signal[1].topic: is no MQTT topic"),
        (signal(more='key = "a..b"'), "signal[1].key: has an empty part"),
        (signal(more='kye = "a"'), "signal[1].kye: unknown setting"),
        (signal() + signal(), "signal[2].name: 'scanner' is another signal's name"),
    ],
)
def test_what_cannot_be_heard_is_refused(tmp_path: Path, table: str, problem: str) -> None:
    (error,) = errors(tmp_path, GOOD + MQTT + table)
    assert problem in error


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ("line1/#", "line1/scanner", True),
        ("line1/scanner", "#", True),
        ("line1/#", "line1", True),
        ("+/scanner", "line1/+", True),
        ("line1/+", "line1/#", True),
        ("line1/scanner", "line1/scanner", False),  # one subscription
        ("line1/#", "line2/#", False),
        ("line1/+", "line1/a/b", False),
        ("line1/+", "line1", False),
        ("line1/+/code", "line1/tool/torque", False),
        ("#", "$SYS/uptime", False),
    ],
)
def test_no_message_is_heard_by_two_subscriptions(
    one: str,
    other: str,
    both: bool,  # noqa: FBT001
    tmp_path: Path,
) -> None:
    text = GOOD + MQTT + signal("a", one) + signal("b", other)
    if both:
        (error,) = errors(tmp_path, text)
        assert f"signal[2].topic: '{other}' also hears what signal 'a' hears" in error
    else:
        assert [signal.topic for signal in load(tmp_path, text).signals] == [one, other]


def test_nobody_hears_without_a_broker_but_a_replay_needs_none(tmp_path: Path) -> None:
    (error,) = errors(tmp_path, GOOD + signal())
    assert "signal: nobody hears it: there is no MQTT sink" in error
    assert 'kind = "mqtt"' in error
    path = tmp_path / "cam1.toml"
    assert len(config.load(path, {}, watching=False).signals) == 1
    # A sink with a mistake is one error, not two.
    (error,) = errors(tmp_path, GOOD + MQTT + "port = -1\n" + signal())
    assert "port" in error


ACTION = """
[[rule]]
kind = "gesture"
action = [{ gesture = "fist", topic = "lamp/set", begin = "ON" }]
"""


def test_nobody_sends_an_action_without_a_broker(tmp_path: Path) -> None:
    (error,) = errors(tmp_path, GOOD + ACTION)
    assert "rule[2].action: nobody sends it: there is no MQTT sink" in error
    assert 'kind = "mqtt" host = "' in error
    assert len(load(tmp_path, GOOD + ACTION + MQTT).rules) == 2
    # A replay takes no action.
    (tmp_path / "cam1.toml").write_text(GOOD + ACTION)
    assert len(config.load(tmp_path / "cam1.toml", {}, watching=False).rules) == 2


def test_hands_are_followed_as_configured(tmp_path: Path) -> None:
    got = load(tmp_path, GOOD + "[track_hands]\nhidden_s = 3\narms = false\n").track_hands
    assert (got.hidden_s, got.arms) == (3.0, False)
    (error,) = errors(tmp_path, GOOD + "[track_hands]\nhidden_s = -1\n")
    assert "track_hands.hidden_s" in error


JOB = """
name = "job"
[[step]]
name = "scan"
when = { signal = "scanner" }
[[step]]
name = "take"
when = { hand = "any", in = "bin", hold_s = 0.5 }
[zones]
bin = [[0.1, 0.5], [0.2, 0.5], [0.2, 0.6]]
"""


def test_check_looks_through_procedures_and_subscribes(
    broker: Broker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "job.toml").write_text(JOB)
    path = tmp_path / "cam1.toml"
    path.write_text(
        GOOD.replace(
            'kind = "fall"\nhold_s = 4\nlying_zones = ["bed"]',
            'kind = "sop"\nprocedure = "job.toml"',
        )
        + f'{MQTT}host = "127.0.0.1"\nport = {broker.port}\n'
        + signal()
    )
    assert main(["check", str(path)]) != 0  # there is no such camera, and no such model
    lines = capsys.readouterr().out.splitlines()
    found = {line[7:21].strip(): line[:6].strip() for line in lines if line[:1].strip()}
    assert found["rule"] == found["sink"] == found["signal"] == "good"
    assert any("line1/scanner" in line for line in lines)


def test_settings_print_signals_and_procedures(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settings", "signal"]) == 0
    assert "# [[signal]]\n# name = " in capsys.readouterr().out
    assert main(["settings", "rule.sop"]) == 0
    assert '# kind = "sop"\n# procedure = "job.toml"' in capsys.readouterr().out


BAD_JOB = """
name = "job"
[[step]]
name = "take"
when = { hand = "any", in = "bin", hold_s = 0.5 }
after = ["put"]
[[step]]
name = "put"
when = { hand = "any", in = "bin", hold_s = 0.5 }
after = ["take"]
[[step]]
name = "wave"
when = { hand = "any", in = "bin", hold_s = 0.5 }
[zones]
bin = [[0.1, 0.5], [0.2, 0.5], [0.2, 0.5]]
"""


def bad_job(folder: Path) -> Path:
    (folder / "job.toml").write_text(BAD_JOB)
    path = folder / "cam1.toml"
    path.write_text(
        GOOD[: GOOD.index("[[rule]]")] + "[[rule]]\nkind = 'sop'\nprocedure = 'job.toml'\n"
    )
    return path


def test_check_tells_all_errors_of_a_procedure_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(bad_job(tmp_path))]) == 78
    text = capsys.readouterr().out
    assert "BAD    rule           sop" in text
    for key in ("zones.bin", "step[1].after", "step[3].after"):
        assert f"job: {key}" in text, text


def test_run_says_that_a_procedure_cannot_work_before_it_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = bad_job(tmp_path)
    main(["run", str(path)])  # there is no such camera, and no such model
    told = [line for line in capsys.readouterr().err.splitlines() if "procedure job" in line]
    (line,) = told
    assert line.endswith(f"errors, see `edgepose check {path}`"), line
