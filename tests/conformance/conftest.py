"""Each test of this folder runs once for each engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.engine import Document, SearchEngine
from indexer.language import Language
from tests.conformance.engines import ENGINES, LANGUAGE
from tests.fakes_feed import MemoryFeed

OPEN_AT_ONCE = 16
"""Engines kept between tests, so that files are not all open at once."""


@pytest.fixture(params=sorted(ENGINES))
def engine_name(request: pytest.FixtureRequest) -> str:
    """The engine under test."""
    name: str = request.param
    return name


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Where the index is."""
    return tmp_path / "index"


@pytest.fixture
def open_engine(engine_name: str, directory: Path) -> Iterator[Callable[..., SearchEngine]]:
    """Opens engines on ``directory``, with the words of ``LANGUAGE`` or others, and closes them after the test."""
    opened: list[SearchEngine] = []

    def open_one(language: Language = LANGUAGE) -> SearchEngine:
        opened.append(ENGINES[engine_name](directory, language))
        return opened[-1]

    yield open_one
    for engine in opened:
        engine.close()


@pytest.fixture(scope="session")
def _shelf() -> Iterator[dict[str, SearchEngine]]:
    """Engines made once for all the tests that only read the same documents."""
    shelf: dict[str, SearchEngine] = {}
    yield shelf
    for engine in shelf.values():
        engine.close()


@pytest.fixture
def index(
    engine_name: str, _shelf: dict[str, SearchEngine], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., SearchEngine]:
    """Gives an engine that knows some documents, not to be changed."""

    def get(*documents: Document) -> SearchEngine:
        key = f"{engine_name} {documents!r}"
        if key not in _shelf:
            if len(_shelf) >= OPEN_AT_ONCE:
                _shelf.pop(next(iter(_shelf))).close()
            _shelf[key] = ENGINES[engine_name](tmp_path_factory.mktemp("shelf") / "index", LANGUAGE)
            _shelf[key].catch_up(MemoryFeed(documents))
        return _shelf[key]

    return get
