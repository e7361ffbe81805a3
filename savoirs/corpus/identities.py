"""Which id each key has: of what the database holds, and of what is about to be loaded."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from savoirs.corpus.records import Record
from savoirs.models import Gathering, Note, Organisation, Source, Theme, Workshop, record_id


def new_id(kind: str, key: str) -> str:
    """The id that a record gets: made of its key, but for a call, whose key is its id."""
    return key if kind == "call" else record_id(kind, key)


class Identities:
    """Ids by kind and key. A workshop's key is ``gathering/number``.

    Args:
        known: Ids of what the database holds.
    """

    def __init__(self, known: dict[str, dict[str, str]]) -> None:
        self._known = known
        self._former: dict[str, frozenset[str]] = {}

    @classmethod
    def of(cls, session: Session, *, notes: bool = False) -> Identities:
        """What the database holds that a record may refer to. Four queries.

        Args:
            session: Where to read.
            notes: Whether a record may refer to a note, which makes five queries.
        """
        known: dict[str, dict[str, str]] = {}
        models: list[tuple[str, type[Source | Theme | Organisation | Note]]]
        models = [("source", Source), ("theme", Theme), ("organisation", Organisation)]
        for kind, model in [*models, *([("note", Note)] if notes else [])]:
            known[kind] = dict(session.execute(select(model.key, model.id)).all())
        workshops = select(Gathering.key, Workshop.number, Workshop.id).join_from(Workshop, Gathering)
        known["workshop"] = {f"{key}/{number}": id_ for key, number, id_ in session.execute(workshops)}
        return cls(known)

    def add(self, records: Iterable[Record]) -> None:
        """Make room for records about to be loaded; a gathering's workshops are those of its file, and no other."""
        for record in records:
            if record.kind == "gathering":
                self._replace_workshops(record)
            elif record.kind in self._known:
                self._known[record.kind].setdefault(record.key, new_id(record.kind, record.key))

    def knows(self, kind: str, key: str) -> bool:
        """Whether there is such a record."""
        return key in self._known[kind]

    def get(self, kind: str, key: str) -> str:
        """The id of a record that exists."""
        return self._known[kind][key]

    def find(self, kind: str, key: str | None) -> str | None:
        """The id of a record, None when none is named."""
        return None if key is None else self.get(kind, key)

    def former_workshops(self, gathering: str) -> frozenset[str]:
        """Keys of the workshops that a gathering about to be loaded has in the database."""
        return self._former.get(gathering, frozenset())

    def _replace_workshops(self, record: Record) -> None:
        workshops = self._known["workshop"]
        before = {key: id_ for key, id_ in workshops.items() if key.rpartition("/")[0] == record.key}
        self._former[record.key] = frozenset(before)
        for key in before:
            del workshops[key]
        for workshop in record.front.get("workshops", ()):
            key = f"{record.key}/{workshop['number']}"
            workshops[key] = before.get(key) or record_id("workshop", key)
