"""The rows of a note, table by table."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Delete, delete

from savoirs.corpus import note_parts
from savoirs.corpus.identities import Identities
from savoirs.corpus.records import Record
from savoirs.corpus.shelves import source_values
from savoirs.models import (
    Base,
    Experience,
    ExperienceRole,
    Indicator,
    IndicatorExample,
    NoteAudience,
    NoteKind,
    NoteTheme,
    NoteTool,
    Stance,
    Testimony,
    Tool,
    ToolAlias,
)

_CHILDREN: tuple[type[Base], ...] = (
    NoteTheme,
    NoteAudience,
    NoteTool,
    Experience,
    ToolAlias,
    Tool,
    IndicatorExample,
    Indicator,
    Testimony,
)


def note(record: Record, note_id: str, identities: Identities) -> dict[str, Any]:
    """The row of a note, but for its status and its moments."""
    front, essentials = record.front, record.front.get("essentials", {})
    return {
        "id": note_id,
        "key": record.key,
        "folder": record.folder,
        "kind": NoteKind(front["kind"]),
        "title": front["title"],
        "summary": front.get("summary", ""),
        "date": front.get("date"),
        "true_as_of": front.get("true_as_of"),
        "for_whom": essentials.get("for_whom", ""),
        "time_needed": essentials.get("time", ""),
        "cost": essentials.get("cost", ""),
        "requires": essentials.get("requires", ""),
        "anonymous": front.get("anonymous", False),
        "workshop_id": identities.find("workshop", front.get("workshop")),
        **source_values(front, identities),
        **note_parts.split(record.body),
    }


def deletions(note_ids: Collection[str]) -> list[Delete]:
    """What forgets all that hangs from notes, but for their revisions."""
    queries = []
    for model in _CHILDREN:
        column: Any = model.__table__.c["note_id"]
        queries.append(delete(model).where(column.in_(note_ids)).execution_options(synchronize_session=False))
    return queries


class Details:
    """Rows of all that hangs from notes, by table, parents first."""

    def __init__(self) -> None:
        order = (NoteTheme, NoteAudience, NoteTool, Experience, Tool, ToolAlias, Indicator, IndicatorExample, Testimony)
        self.rows: dict[type[Base], list[dict[str, Any]]] = {model: [] for model in order}

    def add(self, record: Record, note_id: str, identities: Identities) -> None:
        """Add the rows of a note."""
        front = record.front
        self._list(NoteTheme, note_id, "theme_id", [identities.get("theme", key) for key in front["themes"]])
        self._list(NoteAudience, note_id, "audience", front.get("audiences", ()))
        self._list(NoteTool, note_id, "name", front.get("tools", ()))
        for place, link in enumerate(front.get("experiences", ())):
            self.rows[Experience].append(
                {
                    "note_id": note_id,
                    "organisation_id": identities.get("organisation", link["organisation"]),
                    "role": ExperienceRole(link["role"]),
                    "stance": Stance(link["stance"]) if "stance" in link else None,
                    "position": place,
                }
            )
        self._tool(front.get("tool"), note_id, identities)
        self._indicator(front.get("indicator"), note_id)
        if "testimony" in front:
            self.rows[Testimony].append({"note_id": note_id, "author": front["testimony"].get("author")})

    def _list(self, model: type[Base], note_id: str, column: str, values: Collection[str]) -> None:
        self.rows[model] += [
            {"note_id": note_id, "position": place, column: value} for place, value in enumerate(values)
        ]

    def _tool(self, tool: dict[str, Any] | None, note_id: str, identities: Identities) -> None:
        if tool is None:
            return
        provider = identities.find("organisation", tool.get("provider"))
        named = {"category": tool.get("category", ""), "as_written": tool.get("as_written", "")}
        self.rows[Tool].append({"note_id": note_id, "provider_id": provider, **named})
        self._list(ToolAlias, note_id, "name", tool.get("aliases", ()))

    def _indicator(self, indicator: dict[str, Any] | None, note_id: str) -> None:
        if indicator is None:
            return
        told = {name: indicator.get(name, "") for name in ("dimension", "nature", "measure")}
        self.rows[Indicator].append({"note_id": note_id, **told})
        self._list(IndicatorExample, note_id, "text", indicator["examples"])
