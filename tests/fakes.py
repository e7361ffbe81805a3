"""A small real search engine in memory: words shared, nothing else; and the same in trouble, as a real one may be."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from indexer.engine import (
    FACETS,
    Document,
    Evidence,
    Facet,
    Feed,
    Hit,
    Page,
    Peer,
    PeerLists,
    PeersRequest,
    Reason,
    Request,
    Sort,
    Status,
    Understanding,
    Word,
)

_WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """Words of four letters or more, folded, without a final s: enough to meet plurals."""
    folded = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(char for char in folded if not unicodedata.combining(char))
    return [word.rstrip("s") for word in _WORD.findall(plain) if len(word) > 3]


class WordEngine:
    """A search engine whose score is the share of the query's words that a document has."""

    def __init__(self) -> None:
        self._seq = -1
        self._documents: dict[str, Document] = {}
        self._words: dict[str, Counter[str]] = {}

    def catch_up(self, feed: Feed) -> int:
        """Follow the feed."""
        last = feed.last_seq()
        if self._seq < 0:
            self.rebuild(feed)
        elif last > self._seq:
            for update in feed.updates(self._seq, last):
                self._put(update.id, update.document)
            self._seq = last
        return self._seq

    def poll(self, feed: Feed) -> bool:
        """Follow the feed: it is quick."""
        self.catch_up(feed)
        return True

    def maintain(self, feed: Feed) -> None:
        """Nothing can wait."""

    def needs_maintenance(self, feed: Feed) -> bool:  # noqa: ARG002
        """Never."""
        return False

    def rebuild(self, feed: Feed) -> None:
        """Read everything again."""
        self._documents, self._words = {}, {}
        self._seq, documents = feed.snapshot()
        for document in documents:
            self._put(document.id, document)

    def search(self, request: Request) -> Page:
        """Documents with one word of the query at least; all of them for an empty query."""
        asked = words(request.text)
        scores = {id_: self._score(asked, id_) for id_ in self._documents}
        matching = {id_: score for id_, score in scores.items() if score > 0 or not asked}
        found = [id_ for id_ in matching if self._passes(id_, request.filters)]
        ordered = sorted(found, key=lambda id_: self._rank(request, matching[id_], id_))
        hits = ordered[request.offset : request.offset + request.limit]
        known = set().union(*self._words.values()) if self._words else set()
        return Page(
            len(found),
            tuple(Hit(id_, matching[id_], self._reasons(asked, [id_]) if request.explain else ()) for id_ in hits),
            {name: self._facet(name, matching, request.filters) if name in request.facets else () for name in FACETS},
            Understanding(
                request.text,
                tuple(Word(word, (word,)) for word in asked if word in known),
                tuple(word for word in asked if word not in known),
            ),
        )

    def related(self, document: str, limit: int = 5, *, explain: bool = True) -> tuple[Hit, ...]:
        """The documents that share most words with one."""
        if document not in self._documents:
            return ()
        asked = list(self._words[document])
        scores = {id_: self._score(asked, id_) for id_ in self._documents if id_ != document}
        near = sorted((id_ for id_, score in scores.items() if score > 0), key=lambda id_: (-scores[id_], id_))
        return tuple(Hit(id_, scores[id_], self._reasons(asked, [id_]) if explain else ()) for id_ in near[:limit])

    def peers(self, request: PeersRequest) -> PeerLists:
        """Entities by the sum of the scores of their three best documents."""
        asked = self._asked(request)
        found: dict[str, dict[str, list[tuple[float, str]]]] = defaultdict(lambda: defaultdict(list))
        for id_, document in self._documents.items():
            score = self._score(asked, id_)
            if score and id_ != request.document and self._passes(id_, request.filters):
                for link in document.links:
                    if link.entity != request.entity and link.entity not in request.exclude:
                        found[link.group][link.entity].append((score * link.weight, id_))
        groups = {group: self._ranked(asked, found[group])[: request.limit] for group in request.groups}
        return PeerLists(groups, Understanding(request.need, tuple(Word(word, (word,)) for word in asked)))

    def complete(self, prefix: str, limit: int = 8) -> tuple[str, ...]:
        """Words of the index that begin like the last word."""
        begins = (words(f"{prefix}____") or [""])[-1].rstrip("_")
        counts = sum(self._words.values(), Counter[str]())
        return tuple(word for word, _ in counts.most_common() if begins and word.startswith(begins))[:limit]

    def excerpt(self, text: str, query: str, length: int = 280, exact: bool = False) -> str:  # noqa: ARG002
        """The beginning of the text, with the query's words marked."""
        asked = set(words(query))
        out, at = [], 0
        for match in _WORD.finditer(text[:length]):
            out.append(html.escape(text[at : match.start()], quote=False))
            word = html.escape(match.group(), quote=False)
            out.append(f"<mark>{word}</mark>" if asked.intersection(words(match.group())) else word)
            at = match.end()
        return "".join([*out, html.escape(text[at:length], quote=False)])

    def verify(self, feed: Feed) -> tuple[str, ...]:
        """Ids that differ from the feed."""
        there = {document.id: document for document in feed.snapshot()[1]}
        return tuple(sorted(id_ for id_ in there | self._documents if there.get(id_) != self._documents.get(id_)))

    def status(self) -> Status:
        """What is in memory."""
        return Status("words", max(self._seq, 0), len(self._documents), 0, 0, "")

    def close(self) -> None:
        """Nothing to let go of."""

    def _put(self, id_: str, document: Document | None) -> None:
        self._documents.pop(id_, None)
        self._words.pop(id_, None)
        if document is not None:
            self._documents[id_] = document
            self._words[id_] = Counter(words(" ".join(document.texts())))

    def _score(self, asked: Iterable[str], id_: str) -> float:
        wanted = set(asked)
        return len(wanted.intersection(self._words[id_])) / len(wanted) if wanted else 0.0

    def _passes(self, id_: str, filters: Mapping[str, tuple[str, ...]]) -> bool:
        facets = self._documents[id_].facets
        return all(set(facets.get(name, ())).intersection(values) for name, values in filters.items() if values)

    def _rank(self, request: Request, score: float, id_: str) -> tuple[float | str, ...]:
        document = self._documents[id_]
        if request.sort is Sort.TITLE:
            return (document.title.lower(), id_)
        if request.sort is Sort.OLDEST:
            return (document.day, id_)
        if request.sort is Sort.NEWEST or not request.text.strip():
            return (-document.day, id_)
        return (-score, id_)

    def _facet(self, name: str, matching: Iterable[str], filters: Mapping[str, tuple[str, ...]]) -> tuple[Facet, ...]:
        others = {other: values for other, values in filters.items() if other != name}
        counts = Counter(
            value
            for id_ in matching
            if self._passes(id_, others)
            for value in self._documents[id_].facets.get(name, ())
        )
        active = set(filters.get(name, ()))
        values = sorted(set(counts) | active, key=lambda value: (-counts[value], value))
        return tuple(Facet(value, counts[value], value in active) for value in values)

    def _reasons(self, asked: Iterable[str], ids: Iterable[str]) -> tuple[Reason, ...]:
        shared = [word for word in dict.fromkeys(asked) if any(word in self._words[id_] for id_ in ids)]
        return tuple(Reason(word, word, 1 / len(shared)) for word in shared)

    def _asked(self, request: PeersRequest) -> list[str]:
        if request.need:
            return words(request.need)
        if request.document is not None:
            return list(self._words.get(request.document, ()))
        mine = [
            id_ for id_, document in self._documents.items() if request.entity in {o.entity for o in document.links}
        ]
        return [word for id_ in mine for word in self._words[id_]]

    def _ranked(self, asked: list[str], entities: Mapping[str, list[tuple[float, str]]]) -> tuple[Peer, ...]:
        peers = []
        for entity, scored in entities.items():
            best = sorted(scored, key=lambda pair: (-pair[0], pair[1]))[:3]
            total = sum(score for score, _ in best)
            evidence = tuple(Evidence(id_, score / total) for score, id_ in best)
            peers.append(Peer(entity, total / 3, evidence, self._reasons(asked, [id_ for _, id_ in best])))
        return tuple(sorted(peers, key=lambda peer: (-peer.score, peer.entity)))


class AwayEngine(WordEngine):
    """An engine whose index is being made again, for as long as ``away`` says."""

    away = True

    def poll(self, feed: Feed) -> bool:
        """Not yet, while it is away."""
        return not self.away and super().poll(feed)


class BrokenEngine(WordEngine):
    """An engine that follows, and breaks whatever it is asked, repeating it as real ones do."""

    def search(self, request: Request) -> Page:
        """Break."""
        raise KeyError(request.text)

    def related(self, document: str, limit: int = 5, *, explain: bool = True) -> tuple[Hit, ...]:  # noqa: ARG002
        """Break."""
        raise IndexError(document)

    def peers(self, request: PeersRequest) -> PeerLists:
        """Break."""
        raise ValueError(request.need)

    def complete(self, prefix: str, limit: int = 8) -> tuple[str, ...]:  # noqa: ARG002
        """Break."""
        raise RuntimeError(prefix)


class BrokenExcerpts(WordEngine):
    """An engine that finds, and breaks when it marks a text."""

    def excerpt(self, text: str, query: str, length: int = 280, exact: bool = False) -> str:  # noqa: ARG002
        """Break."""
        raise UnicodeError(query)
