"""Writing notes: who may, what is kept, what two people do at once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session, sessionmaker

from savoirs import database, notes
from savoirs.drafts import ExperienceDraft, IndicatorDraft, NoteDraft, ToolDraft
from savoirs.errors import ForbiddenError, InvalidError, NotFoundError
from savoirs.journal import JournalFeed, last_seq
from savoirs.models import (
    Account,
    Experience,
    ExperienceRole,
    Note,
    NoteKind,
    NoteStatus,
    Organisation,
    Revision,
    RevisionState,
    Role,
    Stance,
)
from tests.builders import make_account, make_note, make_organisation, make_theme


@pytest.fixture
def organisation(session: Session) -> Organisation:
    """The member's organisation."""
    return make_organisation(session, "Association Exemple Le Fil")


@pytest.fixture
def member(session: Session, organisation: Organisation) -> Account:
    """A member of the organisation."""
    return make_account(session, role=Role.MEMBER, organisation=organisation)


@pytest.fixture
def editor(session: Session) -> Account:
    """An editor."""
    return make_account(session, role=Role.EDITOR)


@pytest.fixture
def draft(session: Session, organisation: Organisation) -> NoteDraft:
    """What the organisation lived."""
    make_theme(session, key="accueil")
    return NoteDraft(
        title="Un repas",
        action="Cuisiner.",
        themes=("accueil",),
        audiences=("jeunes",),
        tools=("agenda",),
        experiences=(ExperienceDraft(organisation.id, stance=Stance.SOLVED),),
    )


def test_a_member_publishes_what_their_organisation_lived(session: Session, draft: NoteDraft, member: Account) -> None:
    """At once, with its revision and its change."""
    before = last_seq(session)
    note = notes.add(session, draft, member)
    assert (note.status, note.author_id, note.revision) == (NoteStatus.PUBLISHED, member.id, 1)
    assert note.published_at is not None
    assert notes.draft_of(note) == draft
    assert [revision.draft for revision in notes.revisions(session, note.id)] == [draft]
    assert last_seq(session) == before + 1


def test_the_note_of_a_visitor_waits(session: Session, draft: NoteDraft) -> None:
    """It is kept, and no reader sees it."""
    note = notes.add(session, draft, None)
    assert note.status is NoteStatus.PENDING
    with pytest.raises(NotFoundError):
        notes.view(session, note.id)
    assert [one.note.id for one in notes.pending(session)] == [note.id]


def test_a_member_publishes_what_nobody_is_said_to_have_lived(
    session: Session, draft: NoteDraft, member: Account
) -> None:
    """A tool or an indicator needs no story; without an organisation of their own, an account waits all the same."""
    told_by_nobody = replace(draft, experiences=())
    assert notes.add(session, told_by_nobody, member).status is NoteStatus.PUBLISHED
    assert not notes.may_publish(make_account(session), told_by_nobody)


def test_a_member_does_not_publish_for_others(session: Session, draft: NoteDraft) -> None:
    """What another organisation lived waits for an editor, as a visitor's note does."""
    other = make_account(session, organisation=make_organisation(session))
    assert notes.add(session, draft, other).status is NoteStatus.PENDING
    assert not notes.may_publish(other, draft)


def test_an_editor_publishes_anything(session: Session, draft: NoteDraft, editor: Account) -> None:
    """For any organisation, or none."""
    assert notes.add(session, draft, editor).status is NoteStatus.PUBLISHED
    assert notes.add(session, replace(draft, experiences=()), editor).status is NoteStatus.PUBLISHED


def test_two_notes_may_have_one_title(session: Session, draft: NoteDraft, editor: Account) -> None:
    """Each with its own key and id."""
    keys = [notes.add(session, draft, editor).key for _ in range(3)]
    assert keys == ["un-repas", "un-repas-2", "un-repas-3"]


def test_a_draft_with_mistakes_writes_nothing(session: Session, draft: NoteDraft, editor: Account) -> None:
    """All mistakes are told at once."""
    before = last_seq(session)
    with pytest.raises(InvalidError) as error:
        notes.add(session, replace(draft, title="", themes=("inconnu",)), editor)
    assert [one.field for one in error.value.errors] == ["title", "themes"]
    assert last_seq(session) == before


@pytest.mark.parametrize(
    "details",
    [
        {"kind": NoteKind.TOOL, "tool": ToolDraft(None, "agenda", "Agenda 3000", ("agenda", "planning"))},
        {"kind": NoteKind.INDICATOR, "indicator": IndicatorDraft("réseau", "qualitative", "compter", ("un", "deux"))},
        {"kind": NoteKind.TESTIMONY, "testimony_author": "Prénom Inventé"},
    ],
)
def test_each_kind_keeps_its_details(
    session: Session, draft: NoteDraft, editor: Account, details: dict[str, object]
) -> None:
    """Written, read back, changed, and left behind when the kind changes."""
    wanted = replace(draft, **details)  # type: ignore[arg-type]
    note = notes.add(session, wanted, editor)
    session.expire_all()
    assert notes.get_draft(session, note.id) == (wanted, 1)
    notes.edit(session, note.id, draft, editor, 1)
    session.expire_all()
    assert notes.get_draft(session, note.id) == (draft, 2)


def test_an_edit_is_a_new_revision(session: Session, draft: NoteDraft, member: Account) -> None:
    """The old one stays readable; lists may shrink, grow and change order."""
    second = make_organisation(session)
    note = notes.add(session, draft, member)
    note.experiences.append(
        Experience(organisation=second, role=ExperienceRole.LIVED, stance=Stance.SOLVED, position=1)
    )
    session.flush()
    changed = replace(
        draft,
        worked="Tout.",
        audiences=("familles", "jeunes"),
        tools=(),
        experiences=(ExperienceDraft(second.id, stance=Stance.NEED), draft.experiences[0]),
    )
    outcome = notes.edit(session, note.id, changed, member, 1)
    session.expire_all()
    assert outcome.conflict is None
    assert notes.get_draft(session, note.id) == (changed, 2)
    assert [one.number for one in notes.revisions(session, note.id)] == [2, 1]


def test_saving_the_same_again_changes_nothing(session: Session, draft: NoteDraft, member: Account) -> None:
    """A double click makes no revision and no conflict."""
    note = notes.add(session, draft, member)
    changed = replace(draft, worked="Tout.")
    for _ in range(2):
        outcome = notes.edit(session, note.id, changed, member, 1)
        assert (outcome.note.revision, outcome.conflict) == (2, None)


def test_two_people_saving_the_same_note_keep_both_versions(
    session_factory: sessionmaker[Session], draft: NoteDraft, session: Session, organisation: Organisation
) -> None:
    """The first becomes the note; the second is kept apart and can be compared, then saved over the first."""
    session.commit()
    with database.transaction(session_factory) as first:
        author = make_account(first, "premiere", organisation=first.get_one(Organisation, organisation.id))
        note_id = notes.add(first, draft, author).id
    with database.transaction(session_factory) as first:
        notes.edit(first, note_id, replace(draft, worked="Le repas."), first.get_one(Account, author.id), 1)
    with database.transaction(session_factory) as second:
        editor = make_account(second, "seconde", role=Role.EDITOR)
        mine = replace(draft, worked="Le café.")
        outcome = notes.edit(second, note_id, mine, editor, 1)
        assert outcome.conflict is not None
        assert outcome.note.worked == "Le repas."
    with database.transaction(session_factory) as second:
        kept = second.get_one(Revision, outcome.conflict.id)
        assert (kept.state, NoteDraft.from_json(kept.draft)) == (RevisionState.CONFLICTING, mine)
        theirs, revision = notes.get_draft(second, note_id)
        (told,) = notes.differences(theirs, mine)
        assert (told.field, told.before, told.after) == ("worked", "Le repas.", "Le café.")
        assert notes.edit(second, note_id, mine, second.get_one(Account, editor.id), revision).conflict is None
        assert second.get_one(Note, note_id).worked == "Le café."


def test_a_conflicting_version_sent_twice_is_kept_once(
    session: Session, draft: NoteDraft, member: Account, editor: Account
) -> None:
    """Sending the form again makes no third version."""
    note = notes.add(session, draft, member)
    notes.edit(session, note.id, replace(draft, worked="Un."), member, 1)
    for _ in range(2):
        notes.edit(session, note.id, replace(draft, worked="Deux."), editor, 1)
    states = [one.state for one in notes.revisions(session, note.id)]
    assert states.count(RevisionState.CONFLICTING) == 1


def test_a_note_from_a_file_keeps_its_first_state(session: Session, editor: Account) -> None:
    """Though no revision was written for it, the first edit keeps what it was."""
    note = make_note(session, "Avant", action="Cuisiner.")
    draft, revision = notes.get_draft(session, note.id)
    notes.edit(session, note.id, replace(draft, title="Après"), editor, revision)
    assert [one.draft.title for one in notes.revisions(session, note.id)] == ["Après", "Avant"]


def test_any_version_can_be_restored(session: Session, draft: NoteDraft, member: Account, editor: Account) -> None:
    """An earlier one or a conflicting one, as a new revision."""
    note = notes.add(session, draft, member)
    notes.edit(session, note.id, replace(draft, worked="Un."), member, 1)
    notes.edit(session, note.id, replace(draft, worked="Deux."), editor, 1)
    conflicting, second, first = notes.revisions(session, note.id)
    assert notes.restore(session, note.id, conflicting.id, member).worked == "Deux."
    assert notes.restore(session, note.id, first.id, member).worked == ""
    assert (second.number, note.revision) == (2, 4)
    with pytest.raises(NotFoundError):
        notes.restore(session, note.id, 10_000, member)


def test_others_may_not_edit(session: Session, draft: NoteDraft, member: Account) -> None:
    """Nor withdraw, nor restore, nor publish."""
    note = notes.add(session, draft, member)
    other = make_account(session, organisation=make_organisation(session))
    assert notes.may_edit(member, note)
    assert not notes.may_edit(other, note)
    assert not notes.may_edit(None, note)
    for refused in (
        lambda: notes.edit(session, note.id, draft, other, 1),
        lambda: notes.withdraw(session, note.id, other),
        lambda: notes.restore(session, note.id, 1, other),
        lambda: notes.publish(session, note.id, member),
        lambda: notes.remove_testimony_author(session, note.id, member),
    ):
        with pytest.raises(ForbiddenError):
            refused()


def test_a_member_does_not_tell_what_others_lived(session: Session, draft: NoteDraft, member: Account) -> None:
    """Adding somebody else's experience is an editor's job; naming them is not."""
    note = notes.add(session, draft, member)
    other = make_organisation(session).id
    cited = replace(draft, experiences=(*draft.experiences, ExperienceDraft(other, ExperienceRole.CITED)))
    assert notes.edit(session, note.id, cited, member, 1).note.revision == 2
    lived = replace(draft, experiences=(*draft.experiences, ExperienceDraft(other, stance=Stance.NEED)))
    with pytest.raises(ForbiddenError) as error:
        notes.edit(session, note.id, lived, member, 2)
    assert error.value.code == "not_your_organisation"


def test_a_disabled_account_may_nothing(session: Session, draft: NoteDraft, editor: Account) -> None:
    """Whatever its role."""
    note = notes.add(session, draft, editor)
    editor.disabled_at = note.created_at
    assert not notes.may_edit(editor, note)
    assert not notes.may_publish(editor, draft)


def test_withdrawn_then_published_again(
    session_factory: sessionmaker[Session], session: Session, draft: NoteDraft, member: Account, editor: Account
) -> None:
    """Readers lose it, its author does not; publishing gives it back with its first day."""
    note = notes.add(session, draft, member)
    first = note.published_at
    notes.withdraw(session, note.id, member)
    with pytest.raises(NotFoundError):
        notes.view(session, note.id)
    assert notes.view(session, note.id, member).status is NoteStatus.WITHDRAWN
    session.commit()
    feed = JournalFeed(session_factory)
    assert {one.id: one.document for one in feed.updates(0, feed.last_seq())}[note.id] is None
    notes.publish(session, note.id, editor)
    assert notes.view(session, note.id).status is NoteStatus.PUBLISHED
    assert note.published_at == first


def test_the_organisation_a_visitor_names_is_recognised(
    session: Session, draft: NoteDraft, organisation: Organisation
) -> None:
    """By its name without accents or case; the note then says it lived it."""
    told = replace(
        draft, experiences=(), organisation_name="association exemple LE FIL", organisation_stance=Stance.FAILED
    )
    note = notes.add(session, told, None)
    assert [(one.organisation_id, one.stance) for one in note.experiences] == [(organisation.id, Stance.FAILED)]
    assert note.status is NoteStatus.PENDING


def test_an_unknown_organisation_is_created_when_an_editor_says_so(
    session: Session, draft: NoteDraft, editor: Account
) -> None:
    """Until then its name is only in the draft, where the editor reads it."""
    told = replace(
        draft, experiences=(), organisation_name="Association Exemple Neuve", organisation_stance=Stance.NEED
    )
    note = notes.add(session, told, None)
    (waiting,) = notes.pending(session)
    assert waiting.organisation_name == "Association Exemple Neuve"
    assert note.experiences == []
    notes.publish(session, note.id, editor, create_organisation=True)
    view = notes.view(session, note.id)
    assert [one.organisation.name for one in view.lived] == ["Association Exemple Neuve"]
    assert view.stances == (Stance.NEED,)


def test_a_removed_name_is_nowhere(session: Session, draft: NoteDraft, editor: Account) -> None:
    """Neither in the note nor in any of its revisions, conflicting ones included."""
    told = replace(draft, kind=NoteKind.TESTIMONY, testimony_author="Prénom Inventé")
    note = notes.add(session, told, editor)
    notes.edit(session, note.id, replace(told, worked="Un."), editor, 1)
    notes.edit(session, note.id, replace(told, worked="Deux."), editor, 1)
    notes.remove_testimony_author(session, note.id, editor)
    session.flush()
    session.expire_all()
    assert notes.view(session, note.id).testimony_author is None
    assert all(one.draft.testimony_author is None for one in notes.revisions(session, note.id))
    rows = session.connection().exec_driver_sql("SELECT draft FROM revisions").all()
    assert not any("Inventé" in str(row) or "Invent" in str(row) for row in rows)


def test_an_unknown_note_is_not_found(session: Session, editor: Account, draft: NoteDraft) -> None:
    """Whatever one wants of it."""
    for wanted in (
        lambda: notes.view(session, "inconnue"),
        lambda: notes.get_draft(session, "inconnue"),
        lambda: notes.edit(session, "inconnue", draft, editor, 1),
        lambda: notes.publish(session, "inconnue", editor),
    ):
        with pytest.raises(NotFoundError) as error:
            wanted()
        assert error.value.code == "unknown_note"


def test_the_page_of_a_note_costs_a_bounded_number_of_queries(
    session_factory: sessionmaker[Session], max_queries: Callable[[int], AbstractContextManager[list[str]]]
) -> None:
    """However many organisations, themes and principles it has."""
    with database.transaction(session_factory) as session:
        theme = make_theme(session)
        organisations = [make_organisation(session, audiences=["jeunes", "familles"]) for _ in range(20)]
        for _ in range(10):
            make_note(session, kind=NoteKind.PRINCIPLE, themes=[theme], lived=[(organisations[0], Stance.SOLVED)])
        note = make_note(
            session,
            kind=NoteKind.TOOL,
            themes=[theme, *(make_theme(session) for _ in range(5))],
            lived=[(organisation, Stance.SOLVED) for organisation in organisations],
            tool={"provider": organisations[3], "aliases": ["a", "b"]},
        )
    with database.reading(session_factory) as session, max_queries(2):
        view = notes.view(session, note.id)
    assert (len(view.lived), len(view.principles)) == (20, 10)


def test_a_note_read_whole_gives_the_draft_it_was_written_from(session: Session, editor: Account) -> None:
    """Reading it in two statements for its form, and row by row to save it, tell the same."""
    organisation = make_organisation(session)
    note = make_note(
        session,
        kind=NoteKind.TOOL,
        themes=[make_theme(session), make_theme(session)],
        audiences=["jeunes"],
        tools=["Carnet", "Tableau"],
        lived=[(organisation, Stance.SOLVED)],
        cited=[make_organisation(session)],
        tool={"provider": organisation, "aliases": ["a", "b"]},
    )
    assert notes.get_draft(session, note.id) == (notes.draft_of(note), note.revision)
