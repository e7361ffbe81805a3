"""Data folders for tests of commands: made once, copied by each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import cli


@pytest.fixture(scope="session")
def _shipped_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shipped") / "data"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAVOIRS_DATA_DIR", str(folder))
        cli.run_well("init")
        cli.run_well("load", str(Path(__file__).parents[2] / "corpus"))
    return folder


@pytest.fixture
def shipped_data(_shipped_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of one's own that holds the shipped corpus; commands use it."""
    return cli.copy_of(_shipped_data, tmp_path / "data", monkeypatch)


@pytest.fixture
def no_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of a data folder that does not exist; commands use it."""
    folder = tmp_path / "data"
    monkeypatch.setenv("SAVOIRS_DATA_DIR", str(folder))
    return folder
