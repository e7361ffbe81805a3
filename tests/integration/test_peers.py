"""Finding peers: two lists, each card with its sentence, its words, and whether one may be reached."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy.orm import Session, sessionmaker

from savoirs import database, peers
from savoirs.errors import NotFoundError, SavoirsError
from savoirs.journal import JournalFeed
from savoirs.models import ContactMode, Introduction, IntroductionStatus, Note, NoteStatus, Organisation, Stance
from savoirs.peer_cards import best_sentence
from savoirs.peers import PeerResults
from tests.builders import make_contact, make_note, make_organisation
from tests.fakes import WordEngine

Sessions = sessionmaker[Session]
TODAY = dt.date(2026, 11, 23)
NEED = "Nos bénévoles ne reviennent pas"


def find(sessions: Sessions, **asked: object) -> PeerResults:
    """Peers with a new engine."""
    with database.reading(sessions) as session:
        return peers.find(session, WordEngine(), JournalFeed(sessions), today=TODAY, **asked)  # type: ignore[arg-type]


def organisation_that(session: Session, stance: Stance, text: str, *, name: str = "", **note: object) -> Organisation:
    """An organisation that lived what a text tells."""
    organisation = make_organisation(session, name)
    make_note(session, context=text, lived=[(organisation, stance)], **note)  # type: ignore[arg-type]
    return organisation


def test_who_solved_it_and_who_lives_it_are_two_lists(session_factory: Sessions) -> None:
    """Solved and failed on one side, need and ongoing on the other."""
    with database.transaction(session_factory) as session:
        ids = {stance: organisation_that(session, stance, "Les bénévoles reviennent.").id for stance in Stance}
    found = find(session_factory, need=NEED)
    assert {card.organisation.id for card in found.solved} == {ids[Stance.SOLVED], ids[Stance.FAILED]}
    assert {card.organisation.id for card in found.same} == {ids[Stance.NEED], ids[Stance.ONGOING]}


def test_a_card_has_the_sentence_that_earned_it(session_factory: Sessions) -> None:
    """Whole, marked, and its words with their shares."""
    with database.transaction(session_factory) as session:
        organisation_that(
            session, Stance.SOLVED, "Il pleut. **Les bénévoles reviennent** <trois> fois. Fin.", date="2025-03"
        )
    (card,) = find(session_factory, need=NEED).solved
    (evidence,) = card.evidence
    assert evidence.sentence == "Les <mark>bénévoles</mark> <mark>reviennent</mark> &lt;trois&gt; fois."
    assert evidence.sentence_text == "Les bénévoles reviennent <trois> fois."
    assert card.date == evidence.date == "2025-03"
    assert sum(reason.share for reason in card.reasons) == pytest.approx(1)


def test_only_who_agreed_may_be_reached(session_factory: Sessions) -> None:
    """The card says so, and why not."""
    with database.transaction(session_factory) as session:
        reached = organisation_that(session, Stance.SOLVED, NEED)
        make_contact(session, reached)
        pending = organisation_that(session, Stance.SOLVED, NEED)
        make_contact(session, pending, consent=False)
        paused = organisation_that(session, Stance.SOLVED, NEED)
        make_contact(session, paused, paused_until="2026-12-15")
        unknown = organisation_that(session, Stance.SOLVED, NEED)
    cards = {card.organisation.id: card for card in find(session_factory, need=NEED).solved}
    assert {id_: (card.contactable, card.availability) for id_, card in cards.items()} == {
        reached.id: (True, "relay"),
        pending.id: (False, "pending"),
        paused.id: (False, "paused"),
        unknown.id: (False, "none"),
    }
    assert cards[paused.id].paused_until == "2026-12-15"


def test_an_anonymous_note_proposes_nobody(session_factory: Sessions) -> None:
    """Not even behind the index's back."""
    with database.transaction(session_factory) as session:
        organisation_that(session, Stance.FAILED, NEED, anonymous=True)
        later = organisation_that(session, Stance.FAILED, NEED)
    assert [card.organisation.id for card in find(session_factory, need=NEED).solved] == [later.id]
    engine, feed = WordEngine(), JournalFeed(session_factory)
    engine.catch_up(feed)
    with database.transaction(session_factory) as session:
        for note in session.query(Note):
            note.anonymous = True
    with database.reading(session_factory) as session:
        assert peers.find(session, engine, feed, need=NEED, today=TODAY).solved == ()


def test_who_looks_is_not_proposed_and_sees_differences(session_factory: Sessions) -> None:
    """Size, staff, publics and region, when they differ."""
    with database.transaction(session_factory) as session:
        mine = make_organisation(session, audiences=["jeunes"], volunteers=10, employees=0, departement="69")
        make_note(session, context=NEED, lived=[(mine, Stance.SOLVED)])
        other = make_organisation(session, audiences=["familles"], volunteers=40, employees=2, departement="35")
        make_note(session, context=NEED, lived=[(other, Stance.SOLVED)])
        like = make_organisation(session, audiences=["jeunes"], volunteers=12, employees=0, departement="01")
        make_note(session, context=NEED, lived=[(like, Stance.SOLVED)])
    found = find(session_factory, need=NEED, viewer_organisation_id=mine.id)
    told = {card.organisation.id: {one.code: one.params for one in card.differences} for card in found.solved}
    assert told == {
        other.id: {
            "volunteers": {"theirs": 40, "yours": 10},
            "employees": {"theirs": 2, "yours": 0},
            "audiences": {"theirs": ("familles",)},
            "territory": {"theirs": "Bretagne", "yours": "Auvergne-Rhône-Alpes"},
        },
        like.id: {},
    }


def test_peers_of_a_note_and_of_an_organisation(session_factory: Sessions) -> None:
    """Without a need in words, from what is told already; a sentence is there all the same."""
    with database.transaction(session_factory) as session:
        mine = organisation_that(session, Stance.NEED, NEED)
        other = organisation_that(session, Stance.SOLVED, "Il pleut. Des bénévoles reviennent.")
        note_id = session.query(Note.id).filter(Note.context == NEED).scalar()
    for asked in ({"note_id": note_id}, {"organisation_id": mine.id}):
        (card,) = find(session_factory, **asked).solved
        assert card.organisation.id == other.id
        assert card.evidence[0].sentence == "Des <mark>bénévoles</mark> <mark>reviennent</mark>."


def test_a_merged_organisation_is_the_one_that_is_kept(session_factory: Sessions) -> None:
    """On both sides: proposed under the kept name, and not proposed to itself."""
    with database.transaction(session_factory) as session:
        kept = make_organisation(session, "Emmaüs d’exemple")
        other = make_organisation(session, "Emmaus d’exemple", merged_into_id=kept.id)
        make_note(session, context=NEED, lived=[(other, Stance.SOLVED)])
    assert [card.organisation.name for card in find(session_factory, need=NEED).solved] == ["Emmaüs d’exemple"]
    assert find(session_factory, need=NEED, viewer_organisation_id=other.id).solved == ()


def test_near_home_is_a_filter(session_factory: Sessions) -> None:
    """A département is a territory."""
    with database.transaction(session_factory) as session:
        for departement in ("69", "35"):
            organisation = make_organisation(session, departement=departement)
            make_note(session, context=NEED, lived=[(organisation, Stance.SOLVED)])
    found = find(session_factory, need=NEED, filters={"territory": ("35",)})
    assert [card.organisation.departement for card in found.solved] == ["35"]


def test_bad_values_are_named(session_factory: Sessions) -> None:
    """Unknown ids, limits and filters."""
    with database.transaction(session_factory) as session:
        hidden = make_note(session, status=NoteStatus.WITHDRAWN)
    for asked, code in (
        ({"note_id": "inconnue"}, "unknown_note"),
        ({"note_id": hidden.id}, "unknown_note"),
        ({"organisation_id": "inconnue"}, "unknown_organisation"),
    ):
        with pytest.raises(NotFoundError) as missing:
            find(session_factory, **asked)
        assert missing.value.code == code
    for asked, code in (({"limit": 0}, "bad_limit"), ({"filters": {"kind": ("x",)}}, "bad_filter")):
        with pytest.raises(SavoirsError) as error:
            find(session_factory, need=NEED, **asked)
        assert error.value.code == code


def test_a_page_costs_a_bounded_number_of_queries(
    session_factory: Sessions, max_queries: Callable[[int], AbstractContextManager[list[str]]]
) -> None:
    """Whatever the number of cards and of notes behind them."""
    engine, feed = WordEngine(), JournalFeed(session_factory)
    with database.transaction(session_factory) as session:
        for stance in Stance:
            for _ in range(12):
                organisation = organisation_that(session, stance, NEED)
                make_contact(session, organisation)
                make_note(session, context=NEED, lived=[(organisation, stance)])
        viewer = make_organisation(session)
    engine.catch_up(feed)
    with database.reading(session_factory) as session, max_queries(2):
        found = peers.find(session, engine, feed, need=NEED, viewer_organisation_id=viewer.id, limit=20, today=TODAY)
    assert (len(found.solved), len(found.same)) == (20, 20)


def test_no_need_finds_nobody(session_factory: Sessions) -> None:
    """The page says what to write instead."""
    with database.transaction(session_factory) as session:
        organisation_that(session, Stance.SOLVED, NEED)
    found = find(session_factory)
    assert (found.solved, found.same) == ((), ())


def test_a_text_without_a_word_of_the_need_gives_its_first_sentence() -> None:
    """A note may be near by its title or its themes alone."""
    assert (
        best_sentence(WordEngine(), "Il pleut souvent ici, l’hiver. Fin.", "bénévoles")
        == "Il pleut souvent ici, l’hiver."
    )
    assert best_sentence(WordEngine(), "", "bénévoles") == ""


def test_a_very_long_sentence_is_an_excerpt() -> None:
    """No card is a page."""
    assert (
        len(best_sentence(WordEngine(), "bénévoles " * 200, "bénévoles").replace("<mark>", "").replace("</mark>", ""))
        <= 300
    )


def make_request(session: Session, organisation: Organisation, day: str, **values: object) -> Introduction:
    """A request that an organisation received on a day."""
    requester = make_contact(session, organisation, consent=False, mode=ContactMode.CLOSED)
    requester.organisation = None
    one = Introduction(
        organisation=organisation,
        requester=requester,
        context="",
        question="",
        preference="visit",
        created_at=dt.datetime.fromisoformat(f"{day}T10:00+00:00"),
        **({"status": IntroductionStatus.SENT} | values),
    )
    session.add(one)
    session.flush()
    return one


def test_who_received_as_many_requests_as_it_may_is_shown_and_not_asked(session_factory: Sessions) -> None:
    """Seven days later it can be asked again; what nobody confirmed does not count."""
    with database.transaction(session_factory) as session:
        asked = organisation_that(session, Stance.SOLVED, NEED)
        make_contact(session, asked)
        make_request(session, asked, "2026-11-17")
        make_request(session, asked, "2026-11-23", status=IntroductionStatus.ACCEPTED)
        make_request(session, asked, "2026-11-23", status=IntroductionStatus.UNCONFIRMED)
        make_request(session, asked, "2026-11-16")
    for most, availability in ((2, "busy"), (3, "relay"), (None, "relay")):
        (card,) = find(session_factory, need=NEED, most_requests=most).solved
        assert (card.availability, card.contactable) == (availability, availability == "relay")
        assert card.recent_requests == 2


def test_of_equals_the_one_that_was_asked_less_is_shown(session_factory: Sessions) -> None:
    """So that the same is not asked by everyone; who lived it far better stays."""
    with database.transaction(session_factory) as session:
        often, seldom = (organisation_that(session, Stance.SOLVED, NEED) for _ in range(2))
        for _ in range(3):
            make_request(session, min(often, seldom, key=lambda one: one.id), "2026-11-20")
        spared = max(often, seldom, key=lambda one: one.id)
        far = organisation_that(session, Stance.SOLVED, "Les bénévoles dansent.")
    assert [card.organisation.id for card in find(session_factory, need=NEED, limit=1).solved] == [spared.id]
    assert far.id not in {card.organisation.id for card in find(session_factory, need=NEED, limit=2).solved}


def test_not_all_are_from_one_region(session_factory: Sessions) -> None:
    """Of those who are as near, some are from elsewhere; asked for a place, one gets that place only."""
    with database.transaction(session_factory) as session:
        for place in ("69", "69", "01", "35"):
            organisation = make_organisation(session, departement=place)
            make_note(session, context=NEED, lived=[(organisation, Stance.SOLVED)])
    regions = [card.organisation.region for card in find(session_factory, need=NEED, limit=2).solved]
    assert sorted(map(str, regions)) == ["Auvergne-Rhône-Alpes", "Bretagne"]
    rhone = find(session_factory, need=NEED, limit=2, filters={"territory": ("auvergne-rhone-alpes",)}).solved
    assert {card.organisation.region for card in rhone} == {"Auvergne-Rhône-Alpes"}


def test_one_may_keep_to_some_publics(session_factory: Sessions) -> None:
    """Organisations that work with one of them; and who looks is left out all the same."""
    with database.transaction(session_factory) as session:
        young = make_organisation(session, audiences=["jeunes", "familles"])
        old = make_organisation(session, audiences=["personnes-agees"])
        mine, unknown = make_organisation(session, audiences=["jeunes"]), make_organisation(session)
        for organisation in (young, old, mine, unknown):
            make_note(session, context=NEED, lived=[(organisation, Stance.SOLVED)])
    found = find(session_factory, need=NEED, audiences=["jeunes"], viewer_organisation_id=mine.id)
    assert [card.organisation.id for card in found.solved] == [young.id]
    both = find(session_factory, need=NEED, audiences=["jeunes", "personnes-agees"])
    assert {card.organisation.id for card in both.solved} == {young.id, mine.id, old.id}
