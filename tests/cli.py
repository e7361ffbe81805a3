"""Running commands as a shell does: their output, what they say beside it, and how they leave."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from web.cli import main

COMMAND = [sys.executable, "-c", "from web.cli import main; main(prog_name='savoirs')"]


@dataclass(frozen=True)
class Ran:
    """What came of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The standard output, which is JSON and nothing else."""
        return json.loads(self.out)


def run(*arguments: str, typed: str | None = None) -> Ran:
    """Run a command in this process."""
    ran = CliRunner().invoke(main, list(arguments), prog_name="savoirs", input=typed)
    return Ran(ran.exit_code, ran.stdout, ran.stderr)


def run_well(*arguments: str, typed: str | None = None) -> Ran:
    """Run a command that must succeed."""
    ran = run(*arguments, typed=typed)
    assert ran.code == 0, f"{arguments}: {ran.err}"
    return ran


@contextmanager
def running(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A command in a process of its own, ended afterwards if it is not."""
    process = subprocess.Popen(  # noqa: S603  (our own command)
        [*COMMAND, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def copy_of(folder: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of a data folder, which the commands of this test then use."""
    shutil.copytree(folder, target)
    monkeypatch.setenv("SAVOIRS_DATA_DIR", str(target))
    return target
