"""A server that lasts: its parent starts it again when it is killed, and the index's upkeep runs beside it."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from indexer.engine import Feed
from savoirs.config import Settings
from tests import cli
from tests.fakes import WordEngine
from tests.fakes_feed import MemoryFeed
from tests.integration.test_cli_demo import address_in, get, stop
from web.cli import notices
from web.cli.upkeep import NICENESS, Upkeep, environment_for

LINUX = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="reads /proc")
WORK = """
import os, signal, sys, time
from pathlib import Path
from web.cli.supervising import supervised
lives = Path(sys.argv[1])
def work():
    lives.write_text(lives.read_text() + f"{os.getpid()} " if lives.exists() else f"{os.getpid()} ")
    WHAT
supervised(work, first_pause_s=0.01)
print("worked", flush=True)
"""


@contextmanager
def supervised(what: str, lives: Path) -> Iterator[subprocess.Popen[str]]:
    """A supervised process whose child writes its number in a file, then does something."""
    process = subprocess.Popen(  # noqa: S603  (our own code)
        [sys.executable, "-c", WORK.replace("WHAT", what), str(lives)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def pids(lives: Path) -> list[int]:
    """The children there were, waiting for the first."""
    wait_until(lambda: lives.is_file() and bool(lives.read_text()))
    return [int(pid) for pid in lives.read_text().split()]


def wait_until(true: object, timeout_s: float = 10) -> None:
    """Wait until something called is true."""
    assert callable(true)
    until = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether a process runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()


def test_a_child_that_is_killed_is_started_again(tmp_path: Path) -> None:
    """What a signal kills begins again, one French line says so, and the end of the work is the end of all."""
    lives = tmp_path / "lives"
    with supervised("len(lives.read_text().split()) < 3 and os.kill(os.getpid(), signal.SIGKILL)", lives) as process:
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (0, "worked\n")
    assert len(pids(lives)) == 3
    assert err.count("SIGKILL (souvent faute de mémoire)") == err.count("\n") == 2


def test_a_child_that_keeps_dying_is_given_up(tmp_path: Path) -> None:
    """After five quick deaths, with one sentence that says what to do."""
    with supervised("os.kill(os.getpid(), signal.SIGSEGV)", tmp_path / "lives") as process:
        _, err = process.communicate(timeout=20)
    assert process.returncode == 1
    assert len(pids(tmp_path / "lives")) == 5
    assert "5 fois de suite" in err
    assert "savoirs doctor" in err


def test_the_parent_leaves_with_the_code_of_its_child(tmp_path: Path) -> None:
    """A child that ends by itself is not started again, whatever its code."""
    with supervised("sys.exit(7)", tmp_path / "lives") as process:
        assert process.wait(timeout=20) == 7
    assert len(pids(tmp_path / "lives")) == 1


@LINUX
@pytest.mark.parametrize(("how", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 0), (signal.SIGKILL, -signal.SIGKILL)])
def test_no_child_outlives_its_parent(tmp_path: Path, how: signal.Signals, code: int) -> None:
    """Told to stop, the parent stops the child and waits for it; killed, it takes the child with it."""
    what = "signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); time.sleep(60)"
    with supervised(what, tmp_path / "lives") as process:
        (child,) = pids(tmp_path / "lives")
        time.sleep(0.2)  # the child installs its handler
        process.send_signal(how)
        assert process.wait(timeout=10) == code
        wait_until(lambda: not alive(child))
    assert len(pids(tmp_path / "lives")) == 1


@LINUX
def test_a_server_killed_by_the_system_serves_again(shipped_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the same port; the parent has not loaded numpy."""
    monkeypatch.setenv("SAVOIRS_ENGINE", "whoosh")
    with cli.running("serve", "--port", str(free_port()), SAVOIRS_DATA_DIR=str(shipped_data)) as process:
        address = address_in(process)
        assert "numpy" not in Path(f"/proc/{process.pid}/maps").read_text()
        (child,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        os.kill(int(child), signal.SIGKILL)
        assert address_in(process) == address
        assert json.loads(get(f"{address}/readyz"))["status"] == "ready"
        assert stop(process, signal.SIGTERM) == 0
        assert process.stderr is not None
        assert "redémarre" in process.stderr.read()


def test_the_parent_imports_nothing_heavy() -> None:
    """It stays in memory for as long as the server: neither arrays, nor pages, nor models."""
    asked = "import sys, web.cli.serving; print([name for name in sys.argv[1:] if name in sys.modules])"
    heavy = ("numpy", "flask", "waitress", "whoosh", "savoirs.models", "web.wiring")
    ran = subprocess.run([sys.executable, "-c", asked, *heavy], capture_output=True, text=True, check=True)  # noqa: S603
    assert ran.stdout.strip() == "[]"


def free_port() -> int:
    """A port that nobody listens on."""
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Waiting(WordEngine):
    """An engine that has something to do, as many times as ``left`` says."""

    def __init__(self, left: int) -> None:
        super().__init__()
        self.left, self.asked = left, 0

    def needs_maintenance(self, feed: Feed) -> bool:  # noqa: ARG002
        """While some is left."""
        self.asked += 1
        self.left -= 1
        return self.left >= 0


@contextmanager
def upkeep(engine: WordEngine, script: str, **environment: str) -> Iterator[None]:
    """The upkeep of an engine, asked often, whose child runs a script."""
    command = [sys.executable, "-c", script]
    beside = Upkeep(engine, MemoryFeed(), os.environ | environment, command=command, wake_s=0.01)
    beside.start()
    try:
        yield
    finally:
        beside.stop()


def test_upkeep_runs_when_there_is_some_one_at_a_time(tmp_path: Path) -> None:
    """Each time the engine asks for it, in a process of low priority that knows which index is meant."""
    script = (
        "import os, pathlib; folder = pathlib.Path(os.environ['FOLDER']); (folder / 'busy').mkdir();"
        "(folder / f'done-{os.getpid()}').write_text(str(os.nice(0))); (folder / 'busy').rmdir()"
    )
    engine = Waiting(3)
    with upkeep(engine, script, FOLDER=str(tmp_path)):
        wait_until(lambda: engine.asked > 5)
    done = list(tmp_path.glob("done-*"))
    assert len(done) == 3
    assert {file.read_text() for file in done} <= {str(NICENESS), str(min(19, NICENESS + os.nice(0)))}


def test_upkeep_that_fails_is_told_once_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    """With longer and longer pauses; the server goes on."""
    engine = Waiting(3)
    with upkeep(engine, "import sys; sys.exit('raté')"):
        wait_until(lambda: engine.asked >= 3)
        time.sleep(0.1)
    (record,) = [record for record in caplog.records if record.name == "web.cli.upkeep"]
    assert record.levelno == logging.WARNING
    assert "raté" in record.getMessage()


def test_upkeep_ends_with_the_server(tmp_path: Path) -> None:
    """A child at work is told to stop, and waited for."""
    script = (
        "import os, pathlib, time; pathlib.Path(os.environ['FOLDER'], str(os.getpid())).write_text(''); time.sleep(60)"
    )
    began = time.monotonic()
    with upkeep(Waiting(1), script, FOLDER=str(tmp_path)):
        wait_until(lambda: list(tmp_path.iterdir()))
    (child,) = tmp_path.iterdir()
    assert time.monotonic() - began < 10
    assert not alive(int(child.name))


def test_upkeep_opens_the_same_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings given otherwise than by the environment are in the child's."""
    monkeypatch.setenv("SAVOIRS_ENGINE", "embedded")
    named = environment_for(Settings.load(data_dir=tmp_path, engine="whoosh"))
    assert (named["SAVOIRS_DATA_DIR"], named["SAVOIRS_ENGINE"]) == (str(tmp_path), "whoosh")


def test_the_index_is_maintained_by_a_command(shipped_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what is in the index afterwards, in French or in JSON; run by the interpreter too, as the server does."""
    monkeypatch.setenv("SAVOIRS_ENGINE", "whoosh")
    answer = cli.run_well("index", "maintain", "--json").json
    assert answer["documents"] > 200
    assert answer["needed"] is False
    assert "Rien à faire" in cli.run_well("index", "maintain").out
    ran = subprocess.run(
        [sys.executable, "-P", "-m", "web.cli", "index", "maintain", "--json"],
        capture_output=True,
        text=True,
        check=True,
        cwd=shipped_data.parent,
    )
    assert json.loads(ran.stdout)["documents"] == answer["documents"]


@pytest.mark.parametrize("code", ["rebuilding", "no_vectors", "no_kernels", "not_fitted", "rebuilt: damaged"])
def test_what_an_engine_tells_is_said_in_french(code: str) -> None:
    """Whatever detail follows the code; none is said in our words for developers."""
    for notice in (code, f"{code}: a detail" if ":" not in code else code):
        (sentence,) = notices.told([notice])
        assert code.rsplit(": ", maxsplit=1)[-1] not in sentence
        assert "detail" not in sentence
