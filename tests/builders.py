"""Rows with sensible defaults: a test says only what it is about. All is fictional.

Each function adds its row to the session, flushes, and returns it. Names are numbered, so that two calls never clash.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from savoirs.imports.pieces import Piece, keep_pieces
from savoirs.models import (
    Account,
    Call,
    CallStatus,
    Change,
    ChangeAction,
    Check,
    Consent,
    Contact,
    ContactMode,
    Experience,
    ExperienceRole,
    Framework,
    FrameworkItem,
    FrameworkSection,
    Gathering,
    GatheringTheme,
    Import,
    ImportState,
    Indicator,
    IndicatorExample,
    Introduction,
    IntroductionStatus,
    Note,
    NoteAudience,
    NoteKind,
    NoteStatus,
    NoteTheme,
    NoteTool,
    Objective,
    Organisation,
    OrganisationAlias,
    OrganisationAudience,
    OrganisationKind,
    Outcome,
    Participation,
    ParticipationRole,
    Role,
    Slot,
    SlotKind,
    Source,
    Stance,
    Testimony,
    Theme,
    ThemeSynonym,
    Tool,
    ToolAlias,
    Trial,
    Verdict,
    Workshop,
    WorkshopOutput,
    record_id,
)
from savoirs.models.base import utc_now

Row = TypeVar("Row")

_numbers = itertools.count(1)


def make_source(session: Session, *, key: str | None = None, **values: Any) -> Source:
    """A source of 200 lines."""
    key = key or f"source-{next(_numbers)}"
    defaults: dict[str, Any] = {"title": "Synthèse d’exemple", "year": 2017, "origin": "document d’exemple"}
    defaults |= {"sha256": "0" * 64, "line_count": 200}
    return _added(session, Source(id=record_id("source", key), key=key, **(defaults | values)))


def make_import(session: Session, account: Account, **values: Any) -> Import:
    """A file that was read, with one proposed note."""
    number = next(_numbers)
    fields = {"text": "Rappeler le lundi.", "lived_by": [], "cites": [], "tools": [], "examples": [], "workshop": None}
    proposed = Piece("p1", "practice", "Rappeler le lundi", 1, 1, rule="says_what_to_do", fields=fields, origin=(1, 1))
    defaults: dict[str, Any] = {
        "name": "notes.txt",
        "sha256": hashlib.sha256(str(number).encode()).hexdigest(),
        "size_bytes": 20,
        "format": "text",
    }
    defaults |= {"state": ImportState.READY, "text": "Rappeler le lundi.\nEt le mardi."}
    row = Import(id=f"imp{number:07}", account_id=account.id, **(defaults | values))
    keep_pieces(row, [proposed])
    return _added(session, row)


def make_theme(
    session: Session,
    name: str = "",
    *,
    key: str | None = None,
    parent: Theme | None = None,
    synonyms: Sequence[str] = (),
    **values: Any,
) -> Theme:
    """A theme, a root unless it has a parent."""
    number = next(_numbers)
    key = key or f"theme-{number}"
    theme = Theme(id=record_id("theme", key), key=key, name=name or f"Thème {number}", parent=parent, **values)
    theme.synonyms = [ThemeSynonym(position=position, text=text) for position, text in enumerate(synonyms)]
    return _added(session, theme)


def make_organisation(
    session: Session,
    name: str = "",
    *,
    key: str | None = None,
    aliases: Sequence[str] = (),
    audiences: Sequence[str] = (),
    **values: Any,
) -> Organisation:
    """A fictional association of Lyon (69)."""
    number = next(_numbers)
    key = key or f"exemple-{number}"
    defaults: dict[str, Any] = {"kind": OrganisationKind.ASSOCIATION, "departement": "69", "fictional": True}
    organisation = Organisation(
        id=record_id("organisation", key), key=key, name=name or f"Association Exemple {number}", **(defaults | values)
    )
    organisation.aliases = [OrganisationAlias(position=place, name=alias) for place, alias in enumerate(aliases)]
    organisation.audiences = [
        OrganisationAudience(position=place, audience=audience) for place, audience in enumerate(audiences)
    ]
    return _added(session, organisation)


def make_contact(
    session: Session, organisation: Organisation, *, consent: bool = True, key: str | None = None, **values: Any
) -> Contact:
    """A contact reached by relay, who agreed to it unless ``consent`` is false."""
    key = key or f"contact-{next(_numbers)}"
    contact = Contact(
        id=record_id("contact", key), key=key, organisation=organisation, **({"mode": ContactMode.RELAY} | values)
    )
    if consent:
        contact.consents = [Consent(scope="relay", wording_version="1", given_by="")]
    return _added(session, contact)


def make_note(
    session: Session,
    title: str = "",
    *,
    key: str | None = None,
    kind: NoteKind = NoteKind.PRACTICE,
    themes: Sequence[Theme] = (),
    audiences: Sequence[str] = (),
    tools: Sequence[str] = (),
    lived: Sequence[tuple[Organisation, Stance]] = (),
    cited: Sequence[Organisation] = (),
    tool: dict[str, Any] | None = None,
    indicator: dict[str, Any] | None = None,
    author: str | None = None,
    journal: bool = True,
    **values: Any,
) -> Note:
    """A published note, and its entry in the journal.

    Args:
        session: Where to add it.
        title: Its title.
        key: Its key in the corpus.
        kind: Its kind.
        themes: Its themes; one of its own when none is given.
        audiences: Values of ``AUDIENCES``.
        tools: Names of tools used.
        lived: Who lived it, and where they stand.
        cited: Who is only named.
        tool: For a tool: ``provider`` (an organisation), ``category``, ``as_written``, ``aliases``.
        indicator: For an indicator: ``dimension``, ``nature``, ``measure``, ``examples``.
        author: For a testimony: the name of who said it.
        journal: Whether to write the change.
        **values: Columns of the note.
    """
    number = next(_numbers)
    key = key or f"fiche-{number}"
    defaults: dict[str, Any] = {
        "status": NoteStatus.PUBLISHED,
        "summary": "Un résumé d’exemple.",
        "date": "2025-03",
        "published_at": utc_now(),
    }
    note = Note(
        id=record_id("note", key), key=key, kind=kind, title=title or f"Fiche d’exemple {number}", **(defaults | values)
    )
    note.themes = [
        NoteTheme(theme=theme, position=place) for place, theme in enumerate(themes or [make_theme(session)])
    ]
    note.audiences = [NoteAudience(position=place, audience=audience) for place, audience in enumerate(audiences)]
    note.tools = [NoteTool(position=place, name=name) for place, name in enumerate(tools)]
    links = [(organisation, ExperienceRole.LIVED, stance) for organisation, stance in lived]
    note.experiences = [
        Experience(organisation=organisation, role=role, stance=stance, position=place)
        for place, (organisation, role, stance) in enumerate(
            [*links, *((organisation, ExperienceRole.CITED, None) for organisation in cited)]
        )
    ]
    _add_details(note, tool, indicator, author)
    session.add(note)
    if journal:
        session.add(Change(record="note", record_id=note.id, action=ChangeAction.UPSERT))
    session.flush()
    return note


def _add_details(note: Note, tool: dict[str, Any] | None, indicator: dict[str, Any] | None, author: str | None) -> None:
    if tool is not None or note.kind is NoteKind.TOOL:
        details = dict(tool or {})
        aliases = details.pop("aliases", ())
        note.tool = Tool(
            **details, aliases=[ToolAlias(position=place, name=name) for place, name in enumerate(aliases)]
        )
    if indicator is not None or note.kind is NoteKind.INDICATOR:
        details = {"dimension": "réseau", "nature": "qualitative"} | dict(indicator or {})
        examples = details.pop("examples", ())
        rows = [IndicatorExample(position=place, text=text) for place, text in enumerate(examples)]
        note.indicator = Indicator(**details, examples=rows)
    if author is not None or note.kind is NoteKind.TESTIMONY:
        note.testimony = Testimony(author=author)


def make_gathering(
    session: Session,
    title: str = "",
    *,
    key: str | None = None,
    themes: Sequence[Theme] = (),
    objectives: Sequence[str] = ("Se rencontrer.",),
    slots: Sequence[tuple[str, SlotKind, str]] = (("09:30", SlotKind.WELCOME, "Accueil"),),
    participations: Sequence[tuple[Organisation, ParticipationRole]] = (),
    workshops: int = 1,
    journal: bool = True,
    **values: Any,
) -> Gathering:
    """A day of 2025 with one aim, one slot and one workshop, and their entries in the journal."""
    number = next(_numbers)
    key = key or f"journee-{number}"
    gathering = Gathering(
        id=record_id("gathering", key),
        key=key,
        title=title or f"Journée d’exemple {number}",
        **({"year": 2025} | values),
    )
    gathering.themes = [
        GatheringTheme(theme=theme, position=place) for place, theme in enumerate(themes or [make_theme(session)])
    ]
    gathering.objectives = [Objective(position=place, text=text) for place, text in enumerate(objectives)]
    gathering.slots = [
        Slot(position=place, start=start, kind=kind, title=name) for place, (start, kind, name) in enumerate(slots)
    ]
    gathering.participations = [
        Participation(organisation=organisation, role=role, position=place)
        for place, (organisation, role) in enumerate(participations)
    ]
    gathering.workshops = [_workshop(key, number, gathering.themes[0].theme) for number in range(1, workshops + 1)]
    session.add(gathering)
    if journal:
        session.add(Change(record="gathering", record_id=gathering.id, action=ChangeAction.UPSERT))
        for workshop in gathering.workshops:
            session.add(Change(record="workshop", record_id=workshop.id, action=ChangeAction.UPSERT))
    session.flush()
    return gathering


def _workshop(gathering_key: str, number: int, theme: Theme) -> Workshop:
    return Workshop(
        id=record_id("workshop", f"{gathering_key}/{number}"),
        number=number,
        theme=theme,
        question="Comment faire durer le lien ?",
        synthesis_title="Faire durer le lien",
        output=WorkshopOutput.TOOLS,
    )


def make_framework(session: Session, *, key: str | None = None, **values: Any) -> Framework:
    """A framework of one section and one item."""
    key = key or f"cadre-{next(_numbers)}"
    framework = Framework(id=record_id("framework", key), key=key, **({"title": "Cadre d’exemple"} | values))
    item = FrameworkItem(position=0, key="objectif-general", title="Objectif général")
    framework.sections = [FrameworkSection(number=1, title="Ce qui était prévu", items=[item])]
    return _added(session, framework)


def make_account(
    session: Session,
    login: str = "",
    *,
    role: Role = Role.MEMBER,
    organisation: Organisation | None = None,
    **values: Any,
) -> Account:
    """An account without a password."""
    number = next(_numbers)
    login = login or f"compte-{number}"
    return _added(
        session,
        Account(
            id=record_id("account", login), login=login, name=login, role=role, organisation=organisation, **values
        ),
    )


def make_call(session: Session, question: str = "", *, status: CallStatus = CallStatus.OPEN, **values: Any) -> Call:
    """An anonymous call that all may read, and its entry in the journal."""
    number = next(_numbers)
    opened = utc_now() if status in (CallStatus.OPEN, CallStatus.CLOSED) else None
    call = Call(
        id=record_id("call", f"appel-{number}"),
        question=question or f"Qui a déjà vécu la situation {number} ?",
        status=status,
        **({"opened_at": opened} | values),
    )
    session.add(Change(record="call", record_id=call.id, action=ChangeAction.UPSERT))
    return _added(session, call)


def make_introduction(
    session: Session, organisation: Organisation, *, email: str = "demande@example.org", **values: Any
) -> Introduction:
    """A request that its organisation has received, from a person of elsewhere. ``recipient`` is its contact."""
    key = f"demande-{next(_numbers)}"
    requester = Contact(
        id=record_id("contact", key), key=key, mode=ContactMode.CLOSED, name="Zohra, Les Glycines", email=email
    )
    requester.consents = [Consent(scope="introduction", wording_version="1", given_by="")]
    defaults: dict[str, Any] = {"context": "Nous perdons nos étudiants.", "question": "Comment faites-vous ?"}
    defaults |= {"preference": "writing", "status": IntroductionStatus.SENT, "need": "fidéliser"}
    return _added(session, Introduction(organisation=organisation, requester=requester, **(defaults | values)))


def make_trial(
    session: Session, note: Note, account: Account, outcome: Outcome = Outcome.ADOPTED, **values: Any
) -> Trial:
    """That an account's organisation tried a note. Nothing is written in the journal."""
    defaults = {"organisation_id": account.organisation_id}
    return _added(session, Trial(note_id=note.id, account_id=account.id, outcome=outcome, **(defaults | values)))


def make_check(
    session: Session, note: Note, account: Account, verdict: Verdict = Verdict.CONFIRMED, **values: Any
) -> Check:
    """An answer to « toujours vrai ? ». Nothing is written in the journal."""
    defaults = {"organisation_id": account.organisation_id}
    return _added(session, Check(note_id=note.id, account_id=account.id, verdict=verdict, **(defaults | values)))


def _added(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row
