"""The result as people read it: a table of medians, then what is promised and whether it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from web.bench.ours import NAME
from web.bench.promises import Row
from web.cli.output import number

LABELS = {
    "any_word_lexical": "mots libres, BM25F seul",
    "any_word": "mots libres",
    "any_word_page": "mots libres, facettes et raisons",
    "all_words": "tous les mots",
    "boolean": "(a OU b) SAUF c",
    "phrase": "expression exacte",
    "related": "fiches proches",
    "related_page": "fiches proches, avec les raisons",
    "peers": "pairs d’un besoin",
    "peers_page": "pairs d’un besoin, avec les raisons",
    "peers_note": "pairs d’une fiche",
    "peers_note_page": "pairs d’une fiche, avec les raisons",
    "add": "ajout puis trouvée, à la montre",
    "follow": "ajout, le moteur seul, à la montre",
    "build_words": "construction sans vecteurs, fiches par seconde",
    "build": "construction, fiches par seconde",
    "fit": "apprentissage, en secondes",
    "size": "sur le disque, en Mo",
    "memory": "mémoire anonyme, en Mo",
    "open": "ouverture et 1re recherche, sans les sommes de contrôle",
}
"""Measures in the order of the table."""

NAMES = {NAME: "Savoirs", "whoosh": "Whoosh", "fts5": "FTS5"}
_NONE = "—"


def lines(rows: Sequence[Row]) -> Iterator[str]:
    """The lines to print for the rows of one size."""
    measured = [row for row in rows if row["measure"] not in ("ratio", "limit")]
    engines = list(dict.fromkeys(row["engine"] for row in measured))
    cells = {(row["engine"], measure): text for row in measured for measure, text in _cells(row)}
    yield "Temps de calcul d’un cœur, en millisecondes : médiane (95e centile)."
    yield _line("", [NAMES.get(engine, engine) for engine in engines])
    for measure, label in LABELS.items():
        found = [cells.get((engine, measure), _NONE) for engine in engines]
        if any(cell != _NONE for cell in found):
            yield _line(label, found)
    yield from _details(measured)
    yield from _ratios([row for row in rows if row["measure"] == "ratio"])
    promised = [row for row in rows if row["measure"] in ("ratio", "limit") and row["promised"] is not None]
    if promised:
        yield "Ce qui est promis :"
        yield from (f"  {promise(row)}" for row in promised)


def promise(row: Row) -> str:
    """What is promised, and whether it is kept."""
    label = LABELS[row["of"]].partition(", en ")[0].partition(", fiches")[0]
    kept = "tenu" if row["kept"] else "PAS TENU"
    if row["measure"] == "limit":
        unit = "Mo" if row["figure"].endswith("_mb") else "ms"
        return f"{label} : {number(row['value'], 0)} {unit} (promis : au plus {number(row['promised'], 0)}), {kept}"
    bound = _faster(row["promised"]) if row["promised"] >= 1 else _slower(row["promised"])
    told = _faster(row["value"]) if row["value"] >= 1 else _slower(row["value"])
    limit = "au moins" if row["promised"] >= 1 else "au plus"
    return f"{label} : {told} que {NAMES.get(row['against'], row['against'])} (promis : {limit} {bound}), {kept}"


def _faster(ratio: float) -> str:
    return f"{_times(ratio)} fois plus rapide"


def _slower(ratio: float) -> str:
    return f"{_times(1 / ratio)} fois plus lent"


def _ratios(rows: Sequence[Row]) -> Iterator[str]:
    """A rival's time divided by ours, measure by measure."""
    if not rows:
        return
    rivals = list(dict.fromkeys(row["against"] for row in rows))
    values = {(row["of"], row["against"]): _times(row["value"]) for row in rows}
    yield "Combien de fois Savoirs est plus rapide (moins de 1 : plus lent) :"
    yield _line("", [NAMES.get(rival, rival) for rival in rivals])
    for measure, label in LABELS.items():
        if any((measure, rival) in values for rival in rivals):
            yield _line(label.partition(", fiches")[0], [values.get((measure, rival), _NONE) for rival in rivals])


def _cells(row: Row) -> Iterator[tuple[str, str]]:
    measure = row["measure"]
    if measure in ("add", "follow"):
        yield measure, _pair(row["wall_p50_ms"], row["wall_p95_ms"])
    elif "p50_ms" in row:
        yield measure, _pair(row["p50_ms"], row["p95_ms"])
    elif measure in ("build_words", "build"):
        yield measure, number(row["notes_per_s"], 0)
    elif measure == "fit":
        yield measure, number(row["cpu_s"], 1)
    elif measure == "memory":
        yield measure, number(row["anonymous_mb"], 0)
    elif measure == "open":
        yield measure, number(row["without_checksums_ms"], 0)
    if "size_bytes" in row:
        yield "size", number(row["size_bytes"] / 1e6, 0)


def _details(rows: Iterable[Row]) -> Iterator[str]:
    """What the one figure of memory and of opening is made of."""
    for row in rows:
        if row["measure"] == "open":
            yield (
                f"  Ouverture : {number(row['open_ms'], 0)} ms, dont {number(row['checksum_ms'], 0)} de sommes de "
                f"contrôle, puis {number(row['first_query_ms'], 0)} ms ; "
                f"avant elle, imports : {number(row['imports_ms'], 0)} ms ; "
                f"après elle, boucles compilées : {number(row['loops_ms'], 0)} ms."
            )
        if row["measure"] == "memory":
            learning = "oui" if row["sklearn"] else "non"
            yield (
                f"  Mémoire : {number(row['anonymous_mb'], 0)} Mo anonymes, dont {number(row['imported_mb'], 0)} "
                f"d’imports et {number(row['loops_mb'], 0)} de boucles compilées ; "
                f"{number(row['file_mb'], 0)} Mo de fichiers ; scikit-learn importé : {learning}."
            )


def _pair(p50_ms: float, p95_ms: float) -> str:
    return f"{_times(p50_ms)} ({_times(p95_ms)})"


def _times(value: float) -> str:
    """A number with three figures or so."""
    return number(value, 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3)


def _line(head: str, cells: Iterable[str]) -> str:
    return f"  {head:<57}" + "".join(f"{cell:>17}" for cell in cells)
