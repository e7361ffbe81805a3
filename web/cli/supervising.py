"""A light parent for a server: what the kernel kills (no memory left, a file cut under a map) is started again.

The parent forks before anything heavy is imported: it shares its memory with the child, and reads no note. Without
``fork`` (Windows), the work is done in this process.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

from web.cli.output import progress, refuse

QUICK_DEATH_S = 60.0
"""A child that lived less than this died at once: the cause is likely still there."""

MAX_QUICK_DEATHS = 5
FIRST_PAUSE_S = 1.0
"""Before the first restart; doubled at each quick death."""

_SLICE_S = 0.1


def supervised(work: Callable[[], None], *, first_pause_s: float = FIRST_PAUSE_S) -> None:
    """Do some work in a child process, again each time a signal kills it.

    Returns in the child, once the work is done, or raises what the work raised: the child leaves as if it were the
    command. The parent leaves with the child's code; it passes SIGINT and SIGTERM on as SIGTERM, and a second SIGINT
    as SIGKILL. A child whose parent is gone ends.

    Args:
        work: Installs its own handler of SIGTERM, else is interrupted as by Ctrl+C.
        first_pause_s: How long to wait before the first restart.

    Raises:
        SystemExit: In the parent, with the child's code, 0 after being told to stop.
        click.ClickException: In the parent, after ``MAX_QUICK_DEATHS`` in a row.
    """
    if not hasattr(os, "fork"):
        work()
        return
    _Supervisor(work, first_pause_s).run()


class _Supervisor:
    def __init__(self, work: Callable[[], None], first_pause_s: float) -> None:
        self._work = work
        self._first_pause_s = first_pause_s
        self._child: int | None = None
        self._lifeline: int | None = None
        self._stopping = False

    def run(self) -> None:
        signal.signal(signal.SIGINT, self._stop)  # a shell's background process ignores it until told otherwise
        signal.signal(signal.SIGTERM, self._stop)
        gc.freeze()  # so that a collection in one process does not copy the memory it shares with the other
        quick_deaths = 0
        while True:
            began = time.monotonic()
            if self._fork():
                self._work()
                return
            code = self._wait()
            if code >= 0 or self._stopping:
                raise SystemExit(max(code, 0))
            quick_deaths = quick_deaths + 1 if time.monotonic() - began < QUICK_DEATH_S else 1
            self._pause(quick_deaths, signal.Signals(-code).name)

    def _fork(self) -> bool:
        """Whether this is the child."""
        if self._lifeline is not None:
            os.close(self._lifeline)
        self._child = None
        read, self._lifeline = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        child = os.fork()
        if child == 0:
            os.close(self._lifeline)
            self._begin_child(read)
            return True
        os.close(read)
        self._child = child
        if self._stopping:  # told to before there was anybody to tell
            os.kill(child, signal.SIGTERM)
        return False

    def _begin_child(self, lifeline: int) -> None:
        os.setsid()  # Ctrl+C reaches the parent only, which passes it on once
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        threading.Thread(target=_leave_with_parent, args=(lifeline,), daemon=True, name="lifeline").start()

    def _wait(self) -> int:
        assert self._child is not None  # noqa: S101  (this is the parent)
        _, status = os.waitpid(self._child, 0)
        self._child = None
        return os.waitstatus_to_exitcode(status)

    def _pause(self, quick_deaths: int, name: str) -> None:
        why = " (souvent faute de mémoire)" if name == "SIGKILL" else ""
        if quick_deaths >= MAX_QUICK_DEATHS:
            raise refuse(
                f"Le serveur s’est arrêté d’un coup {quick_deaths} fois de suite, signal {name}{why} : "
                "lancez « savoirs doctor » avant de le relancer."
            )
        progress(f"Le serveur s’est arrêté d’un coup, signal {name}{why} : il redémarre.")
        until = time.monotonic() + self._first_pause_s * 2 ** (quick_deaths - 1)
        while time.monotonic() < until and not self._stopping:
            time.sleep(min(_SLICE_S, self._first_pause_s))
        if self._stopping:
            raise SystemExit(0)

    def _stop(self, number: int, _frame: object) -> None:
        again = self._stopping and number == signal.SIGINT
        self._stopping = True
        if self._child is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._child, signal.SIGKILL if again else signal.SIGTERM)


def _leave_with_parent(lifeline: int) -> None:
    """Wait for the end of the parent, which alone holds the other end of the pipe, then end as if told to."""
    os.read(lifeline, 1)
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
