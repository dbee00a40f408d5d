"""Nothing phones home: the only socket the daemon opens is the broker's, with every runtime.

Looked at twice: Python's own audit of sockets, and the kernel's view of every system call in a
network that has nothing in it but this machine.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from edge.__main__ import main
from tests.brokers import Listener, free_port, running

MODEL = "posenet-mobilenet-v1-075-353x481-coral"
ROOT = Path(__file__).parent.parent
AUDITED = """
import json, sys
from edge.__main__ import main
def note(event, args):
    if event in ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"):
        print(json.dumps([event, repr(args[1])]), file=log, flush=True)
    if event.startswith(("socket.getaddr", "socket.gethostby", "subprocess.", "os.exec")):
        print(json.dumps([event, repr(args)]), file=log, flush=True)
log = open(sys.argv[1], "w")
sys.addaudithook(note)
sys.exit(main(sys.argv[2:]))
"""


@pytest.fixture
def words(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the command line of a run that sees a fall."""
    monkeypatch.setenv("EDGEPOSE_MODELS", str(tmp_path / "models"))
    assert main(["models", "pull", MODEL, "--from", str(shared / "weights/posenet")]) == 0
    clip = shared / "clips/urfd/fall-01-cam0.mp4"
    return ["run", str(clip), "--model", MODEL, "--state-dir", str(tmp_path / "state")]


@pytest.mark.parametrize("backend", ["tflite", "openvino"])
def test_python_opens_no_socket_but_the_brokers(
    backend: str, words: list[str], tmp_path: Path
) -> None:
    if backend != "tflite":
        pytest.importorskip(backend, reason=f"{backend} is not installed")
    log = tmp_path / "audit.jsonl"
    with running(tmp_path) as broker, Listener(broker) as heard:
        url = f"mqtt://127.0.0.1:{broker.port}"
        command = [sys.executable, "-c", AUDITED, str(log), *words]
        subprocess.run([*command, "--backend", backend, "--mqtt", url], check=True, cwd=ROOT)
        assert "edgepose.fall.begin" in [event["type"] for event in heard.events()]
        ours = repr(("127.0.0.1", broker.port))
    noted = [tuple(json.loads(line)) for line in log.read_text().splitlines()]
    assert ("socket.connect", ours) in noted
    # The broker's socket is bound to any port of ours, and its numeric address is looked up here.
    lookup = f"('127.0.0.1', {broker.port}, "
    elsewhere = [
        (event, what)
        for event, what in noted
        if (event, what) not in {("socket.connect", ours), ("socket.bind", "('', 0)")}
        and not (event == "socket.getaddrinfo" and what.startswith(lookup))
    ]
    assert elsewhere == []


@pytest.mark.parametrize("backend", ["tflite", "openvino"])
def test_the_kernel_sees_no_other_either_and_no_network_is_needed(
    backend: str, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if backend != "tflite":
        pytest.importorskip(backend, reason=f"{backend} is not installed")
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}:/usr/sbin")
    for tool in ("unshare", "ip", "strace", "mosquitto"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    if subprocess.run(["unshare", "-rn", "true"], check=False).returncode:
        pytest.skip("no network of its own can be made here (unshare -rn)")
    port, trace, conf = free_port(), tmp_path / "trace", tmp_path / "mosquitto.conf"
    conf.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\nuser root\n")
    script = f"""
        ip link set lo up
        mosquitto -c {conf} & broker=$!
        trap 'kill $broker' EXIT
        until python3 -c 'import socket; socket.create_connection(("127.0.0.1", {port}))' 2>&-
        do sleep 0.1; done
        strace -f -qq -e trace=connect,sendto,sendmsg,bind -o {trace} "$@"
    """
    command = [sys.executable, "-m", "edge", *words, "--backend", backend]
    done = subprocess.run(
        [
            "unshare",
            "-rn",
            "sh",
            "-c",
            script,
            "sh",
            *command,
            "--mqtt",
            f"mqtt://127.0.0.1:{port}",
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "1 fall.begin" in done.stderr
    assert "not delivered" not in done.stderr
    calls = [line for line in trace.read_text().splitlines() if "sa_family=AF_INET" in line]
    # To the broker; or that socket's own end, which is bound to any port.
    broker = re.compile(rf'sin_port=htons\({port}\).*inet_addr\("127\.0\.0\.1"\)|bind.*htons\(0\)')
    assert calls
    assert [line for line in calls if not broker.search(line)] == []
