"""The whole bench: notes, engines, measures, turn by turn; rows as they come."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from indexer.engine import Document
from savoirs import lexicon
from savoirs.config import Settings
from savoirs.generation import vocabulary_of
from web.bench import child, ours
from web.bench.base import small_base
from web.bench.notes import Notes
from web.bench.ours import Ours
from web.bench.promises import Row, ratios
from web.bench.queries import Questions, questions
from web.bench.rivals import Contender, open_rival
from web.bench.timing import Metered, interleaved

VOCABULARY = 150_000
"""Distinct words: a real base of a hundred thousand notes has about as many, most of them rare."""

FEW = 50
"""Notes that each engine indexes beforehand, unmeasured."""

SOME = 1_000
"""From this many notes on, opening is measured several times."""

MEASURES = (
    "any_word_lexical", "any_word", "any_word_page", "all_words", "boolean", "phrase", "related", "related_page",
    "peers", "peers_page", "peers_note", "peers_note_page",
)  # fmt: skip
NOT_COMPARED = tuple(name for name in MEASURES if name.endswith("_page"))
"""With facets and reasons, more than rivals do: these take their turn, so that caches are as in the other measures."""

BESIDE = {"any_word_lexical": "any_word"} | {name: name.removesuffix("_page") for name in NOT_COMPARED}
"""What rivals do, turn by turn, beside a measure they do not have."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure.

    Attributes:
        notes: How many notes.
        against: Names of rivals.
        seed: Of the notes and questions.
        queries: Questions of each kind.
        turn: How many of them an engine answers before it is another's turn.
        added: Notes added one by one.
        openings: Processes that open our index.
    """

    notes: int
    against: tuple[str, ...] = ()
    seed: int = 1
    queries: int = 200
    turn: int = 1
    added: int = 20
    openings: int = 3


def run(plan: Plan, tell: Callable[[str], None]) -> Iterator[Row]:
    """Measure everything; nothing is left on the disk.

    Args:
        plan: What to measure.
        tell: Hears, in French, what is being done.
    """
    rows = []
    for row in _measured(plan, tell):
        rows.append(row)
        yield row
    yield from ratios(rows)


def _measured(plan: Plan, tell: Callable[[str], None]) -> Iterator[Row]:
    tell(f"Invention de {plan.notes} fiches et de {plan.queries} questions de chaque sorte…")
    notes = invented(plan.notes, plan.seed)
    asked = questions(notes, plan.queries)
    with _contenders(plan, notes) as (engines, folders):
        for name, engine in engines.items():
            tell(f"Construction de l’index : {name}…")
            yield from ({"engine": name, "notes": plan.notes, **row} for row in _built(engine, notes, folders[name]))
        yield from ({"notes": plan.notes, **row} for row in _answered(engines, asked, plan.turn, tell))
        mine = engines[ours.NAME]
        if isinstance(mine, Ours):
            tell("Ouverture de l’index par d’autres processus…")
            about = {"engine": ours.NAME, "notes": plan.notes}
            yield from ({**about, **row} for row in _opened(plan, folders[ours.NAME], mine.seq, asked))
        tell("Ajouts…")
        yield from ({"notes": plan.notes, **row} for row in _added(plan, engines, notes))


def invented(count: int, seed: int) -> Notes:
    """The notes of a bench."""
    corpus = Settings.load().corpus_dir
    stop_words = lexicon.read_language(corpus / "language").stopwords
    return Notes(vocabulary_of(corpus, VOCABULARY), count, seed, stop_words)


@contextmanager
def _contenders(plan: Plan, notes: Notes) -> Iterator[tuple[dict[str, Contender], dict[str, Path]]]:
    """Our engine and its rivals, each over a folder of its own, gone afterwards."""
    language = lexicon.read_language(Settings.load().corpus_dir / "language")
    with ExitStack() as stack:
        base = stack.enter_context(small_base())

        def opened(name: str, within: ExitStack) -> tuple[Contender, Path]:
            folder = Path(within.enter_context(tempfile.TemporaryDirectory(prefix=f"savoirs-{name}-")))
            engine: Contender = Ours(folder, language, base) if name == ours.NAME else open_rival(name, folder)
            within.callback(engine.close)
            return engine, folder

        names = (ours.NAME, *plan.against)
        few = notes.some(range(min(FEW, plan.notes)))
        for name in names:  # what is imported or compiled once in a life is no part of building
            with ExitStack() as briefly:
                opened(name, briefly)[0].build(few)
        found = {name: opened(name, stack) for name in names}
        yield {name: engine for name, (engine, _) in found.items()}, {name: path for name, (_, path) in found.items()}


def _built(engine: Contender, notes: Notes, folder: Path) -> Iterator[Row]:
    if isinstance(engine, Ours):
        yield {"measure": "build_words", **_timed(engine.build_words, notes)}
    yield {"measure": "build", **_timed(engine.build, notes), "size_bytes": _size_bytes(folder)}
    if isinstance(engine, Ours):
        cpu, wall = time.process_time_ns(), time.perf_counter()
        engine.fit()
        cpu_s = (time.process_time_ns() - cpu) / 1e9
        wall_s = time.perf_counter() - wall
        yield {"measure": "fit", "cpu_s": cpu_s, "wall_s": wall_s, "size_bytes": _size_bytes(folder)}


def _timed(build: Callable[[Iterable[Document]], None], notes: Notes) -> Row:
    """What building takes, the invention of the notes apart."""
    metered = Metered(notes)
    cpu, wall = time.process_time_ns(), time.perf_counter()
    build(metered)
    cpu_s = max(time.process_time_ns() - cpu - metered.cpu_ns, 1) / 1e9
    return {"notes_per_s": notes.count / cpu_s, "cpu_s": cpu_s, "wall_s": time.perf_counter() - wall}


def _answered(
    engines: Mapping[str, Contender], asked: Questions, turn: int, tell: Callable[[str], None]
) -> Iterator[Row]:
    """What each engine answers, turn by turn."""
    actions = {name: engine.actions(asked) for name, engine in engines.items()}
    for measure in MEASURES:
        tell(f"Mesure : {measure}…")
        turns = {}
        for name, own in actions.items():
            done = own.get(measure) or own.get(BESIDE.get(measure, ""))
            if done:
                turns[name] = done
        for name, times in interleaved(turns, turn=turn).items():
            if name == ours.NAME or measure not in NOT_COMPARED:
                yield {"engine": name, "measure": measure, "queries": len(times.cpu_ns), **times.figures()}


def _opened(plan: Plan, folder: Path, seq: int, asked: Questions) -> Iterator[Row]:
    """Times of several processes, of which the last one answers everything and tells its memory."""
    openings = plan.openings if plan.notes >= SOME else 1  # a small index opens in no time, whatever the luck
    once = [child.opened(folder, seq, asked.any_word[:1]) for _ in range(openings - 1)]
    last = child.opened(folder, seq, asked.any_word)
    times = {name: statistics.median(one[name] for one in (*once, last)) for name in last if str(name).endswith("_ms")}
    yield {
        "measure": "open",
        **times,
        "open_first_query_ms": statistics.median(one["open_ms"] + one["first_query_ms"] for one in (*once, last)),
        "without_checksums_ms": statistics.median(
            one["open_ms"] + one["first_query_ms"] - one["checksum_ms"] for one in (*once, last)
        ),
    }
    kept = ("anonymous_mb", "file_mb", "imported_mb", "loops_mb", "sklearn", "numba")
    yield {"measure": "memory", **{name: last[name] for name in kept}}


def _added(plan: Plan, engines: Mapping[str, Contender], notes: Notes) -> Iterator[Row]:
    """From a note to the same note found, for the engines that can."""
    numbers = range(plan.notes, plan.notes + plan.added + 1)
    words = [f"motunique{number:07}" for number in numbers]
    signed = [
        (replace(note, title=f"{note.title} {word}"), word)
        for note, word in zip(notes.some(numbers), words, strict=True)
    ]
    # The first note opens what is opened once, and is not counted.
    able = [name for name, engine in engines.items() if engine.added(*signed[0]) is not None]
    turns = {name: [partial(_add, engines[name], note, word) for note, word in signed[1:]] for name in able}
    for name, times in interleaved(turns, warm_up_s=0).items():
        yield {"engine": name, "measure": "add", "queries": plan.added, **times.figures()}
    mine = engines[ours.NAME]
    if isinstance(mine, Ours):
        yield {"engine": ours.NAME, "measure": "follow", "queries": plan.added, **mine.followed.figures()}


def _add(engine: Contender, note: Document, word: str) -> None:
    if len(engine.added(note, word) or ()) != 1:
        raise RuntimeError("a note that was added is not found")


def _size_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
