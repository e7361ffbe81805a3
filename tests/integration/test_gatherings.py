"""Days: their page, their calendar, and a new one prepared after an older one."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy.orm import Session, sessionmaker

from savoirs import database, gatherings
from savoirs.errors import ForbiddenError, InvalidError, NotFoundError
from savoirs.models import Gathering, NoteKind, NoteStatus, ParticipationRole, Role, SlotKind
from tests.builders import make_account, make_gathering, make_note, make_organisation, make_source

SLOTS = (
    ("09:30", SlotKind.WELCOME, "Accueil, café ; thé"),
    ("10:00", SlotKind.PLENARY, "Présentation"),
    ("17:00", SlotKind.RESTITUTION, "Restitution"),
)
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


def test_a_page_has_the_day_in_order(session: Session) -> None:
    """Aims, programme, workshops with their notes, testimonies apart, roles apart from participants."""
    source = make_source(session)
    funder, participant = make_organisation(session, "Fondation Exemple"), make_organisation(session)
    day = make_gathering(
        session,
        slots=SLOTS,
        objectives=["Un.", "Deux."],
        participations=[(funder, ParticipationRole.FUNDER), (participant, ParticipationRole.PARTICIPANT)],
        workshops=2,
        source_id=source.id,
    )
    for line, title in ((20, "seconde"), (10, "première")):
        make_note(session, title, workshop_id=day.workshops[0].id, source_id=source.id, first_line=line)
    make_note(session, "attente", workshop_id=day.workshops[0].id, status=NoteStatus.PENDING)
    make_note(session, "témoignage", kind=NoteKind.TESTIMONY, source_id=source.id)
    make_note(session, "ailleurs")
    view = gatherings.view(session, day.id)
    assert view.objectives == ("Un.", "Deux.")
    assert [slot.start for slot in view.slots] == ["09:30", "10:00", "17:00"]
    assert [[note.title for note in workshop.notes] for workshop in view.workshops] == [["première", "seconde"], []]
    assert [note.title for note in view.testimonies] == ["témoignage"]
    assert view.other_notes == ()
    assert [named.name for named in view.roles[ParticipationRole.FUNDER]] == ["Fondation Exemple"]
    assert ParticipationRole.PARTICIPANT not in view.roles
    assert [named.id for named in view.participants] == [participant.id]
    (line,) = gatherings.listing(session)
    assert (line.id, line.workshops, line.notes) == (day.id, 2, 3)


def test_naming_is_not_taking_part(session: Session) -> None:
    """An organisation named in a note of the day is no participant."""
    source = make_source(session)
    day = make_gathering(session, source_id=source.id, participants_note="Non fournie dans la source.")
    make_note(session, cited=[make_organisation(session)], source_id=source.id)
    view = gatherings.view(session, day.id)
    assert (view.participants, view.participants_note) == ((), "Non fournie dans la source.")


def test_a_page_costs_a_bounded_number_of_queries(
    session_factory: sessionmaker[Session], max_queries: Callable[[int], AbstractContextManager[list[str]]]
) -> None:
    """However many workshops, notes and organisations."""
    with database.transaction(session_factory) as session:
        roles = [(make_organisation(session), ParticipationRole.PARTICIPANT) for _ in range(20)]
        day = make_gathering(session, workshops=6, participations=roles, source_id=make_source(session).id)
        for workshop in day.workshops:
            for _ in range(5):
                make_note(session, workshop_id=workshop.id, cited=[roles[0][0]])
    with database.reading(session_factory) as session, max_queries(4):
        assert sum(len(workshop.notes) for workshop in gatherings.view(session, day.id).workshops) == 30


def test_with_its_day_each_slot_is_an_event(session: Session) -> None:
    """At local times, each until the next; texts escaped; lines ended by CR LF."""
    day = make_gathering(session, "La journée", slots=SLOTS, date="2026-12-01", place="Lyon, salle 2")
    text = gatherings.icalendar(gatherings.view(session, day.id), now=NOW)
    lines = text.split("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
    assert [line for line in lines if line.startswith("DTSTART")] == [
        "DTSTART:20261201T093000",
        "DTSTART:20261201T100000",
        "DTSTART:20261201T170000",
    ]
    assert [line for line in lines if line.startswith("DTEND")] == ["DTEND:20261201T100000", "DTEND:20261201T170000"]
    assert r"SUMMARY:Accueil\, café \; thé" in lines
    assert lines.count(r"LOCATION:Lyon\, salle 2") == 3
    assert lines.count("DTSTAMP:20261123T120000Z") == 3
    assert len({line for line in lines if line.startswith("UID:")}) == 3


def test_without_a_day_no_date_is_invented(session: Session) -> None:
    """A journal entry tells the programme; a day can be given instead."""
    view = gatherings.view(session, make_gathering(session, slots=SLOTS).id)
    text = gatherings.icalendar(view, now=NOW).replace("\r\n ", "")
    assert "BEGIN:VJOURNAL" in text
    assert "DTSTART" not in text
    assert r"09:30 Accueil\, café \; thé\n10:00 Présentation" in text
    assert "DTSTART:20270305T093000" in gatherings.icalendar(view, day=dt.date(2027, 3, 5), now=NOW)


def test_long_lines_are_folded_between_characters(session: Session) -> None:
    """At 75 octets at most, and unfold to what they were."""
    title = "é" * 200
    day = make_gathering(session, slots=[("09:00", SlotKind.MEAL, title)], date="2026-12-01")
    text = gatherings.icalendar(gatherings.view(session, day.id), now=NOW)
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert f"SUMMARY:{title}" in text.replace("\r\n ", "")


def test_a_new_day_takes_the_programme_and_nothing_else(session: Session) -> None:
    """Slots, no aims, workshops or participants."""
    editor = make_account(session, role=Role.EDITOR)
    organisation = make_organisation(session)
    model = make_gathering(session, slots=SLOTS, participations=[(organisation, ParticipationRole.FUNDER)])
    copied = gatherings.copy_programme(session, model.id, " Journée 2027 ", "2027-03-05", editor)
    session.flush()
    session.expire_all()
    view = gatherings.view(session, copied.id)
    assert (view.title, view.year, view.date) == ("Journée 2027", 2027, "2027-03-05")
    assert [slot.title for slot in view.slots] == [title for _, _, title in SLOTS]
    assert (view.objectives, view.workshops, view.roles, view.themes) == ((), (), {}, ())
    again = gatherings.copy_programme(session, model.id, "Journée 2027", "2027-03-05", editor)
    assert again.id != copied.id


def test_a_new_day_needs_a_title_a_date_and_an_editor(session: Session) -> None:
    """Mistakes come together, beside their fields."""
    editor = make_account(session, role=Role.EDITOR)
    model = make_gathering(session)
    with pytest.raises(InvalidError) as error:
        gatherings.copy_programme(session, model.id, "", "2027-03", editor)
    assert [(one.field, one.code) for one in error.value.errors] == [("title", "missing"), ("date", "bad_date")]
    with pytest.raises(ForbiddenError):
        gatherings.copy_programme(session, model.id, "Un", "2027-03-05", make_account(session))
    for wanted in (
        lambda: gatherings.view(session, "inconnue"),
        lambda: gatherings.copy_programme(session, "inconnue", "Un", "2027-03-05", editor),
    ):
        with pytest.raises(NotFoundError):
            wanted()
    assert session.query(Gathering).count() == 1
