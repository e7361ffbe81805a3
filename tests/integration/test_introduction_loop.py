"""The whole loop, by a real mail server and the pages that letters open: nothing sent twice, nothing lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from savoirs import consents, database
from savoirs.config import Settings
from savoirs.models import (
    Block,
    Consent,
    Contact,
    ContactMode,
    Introduction,
    IntroductionStatus,
    Letter,
    LetterState,
    Role,
)
from tests.builders import make_account, make_contact, make_note, make_organisation, make_theme
from tests.pages import text_of as page_text
from tests.pages import words_of
from tests.post import NOW, MailServer, link_to, links_of, mail_server, make_round, text_of
from tests.signing_in import signed_in
from tests.web import make_client

Sessions = sessionmaker[Session]

ASKER, ASKED = "zohra@example.org", "camille@example.org"
REQUEST = {
    "context": "Nous perdons nos étudiants.",
    "question": "Comment faites-vous ?",
    "availability": "le mardi matin",
    "preference": "telephone",
    "name": "Zohra, Association Exemple La Ruche",
    "email": ASKER,
    "agree_relay": "y",
    "agree_exchange": "y",
}


@dataclass
class Loop:
    """Two associations, a browser, a mail server, and the day it is."""

    client: FlaskClient
    sessions: Sessions
    settings: Settings
    server: MailServer
    fil: str
    ruche: str
    now: dt.datetime = NOW

    def later(self, **time: float) -> None:
        """Let time go by, for pages and for the post."""
        self.now += dt.timedelta(**time)
        self.client.application.config["SAVOIRS_TODAY"] = self.now.date()

    def round(self) -> None:
        """A round of the post."""
        make_round(self.sessions, self.settings, max(self.now, self.noon))

    @property
    def noon(self) -> dt.datetime:
        """The moment that pages take it to be."""
        return dt.datetime.combine(self.now.date(), dt.time(12), dt.UTC)

    def ask(self, **changes: str) -> TestResponse:
        """Send the form."""
        return self.client.post(f"/pairs/demande?organisation={self.fil}&besoin=bénévoles", data=REQUEST | changes)

    def last(self, address: str) -> EmailMessage:
        """The last letter that an address received."""
        return self.server.to(address)[-1]

    def sent(self, **changes: str) -> str:
        """A request that was asked, confirmed and received; the path where it is answered."""
        assert self.ask(**changes).status_code == 303
        self.round()
        address = changes.get("email", ASKER)
        assert self.client.post(link_to(self.last(address), "/mises-en-relation/confirmer")).status_code == 303
        self.round()
        return link_to(self.last(ASKED), "/mises-en-relation/reponse")

    def one(self) -> Introduction:
        """The last request as it is kept."""
        with database.reading(self.sessions) as session:
            return session.scalars(select(Introduction).order_by(Introduction.id.desc()).limit(1)).one()

    def contact(self) -> str:
        """The path of the recipient's own agreement."""
        with database.reading(self.sessions) as session:
            contact = session.scalars(select(Contact).where(Contact.email == ASKED)).one()
            handle = consents.handle(contact, self.settings.secret())
        from savoirs import links

        return f"/accord/{links.sign(self.settings.secret(), 'consent', handle)}"


@pytest.fixture
def loop(session_factory: Sessions, tmp_path: Path) -> Iterator[Loop]:
    """Le Fil can be asked; La Ruche too."""
    with database.transaction(session_factory) as session:
        fil = make_organisation(session, "Association Exemple Le Fil", fictional=False)
        ruche = make_organisation(session, "Association Exemple La Ruche", fictional=False)
        make_contact(session, fil, email=ASKED, name="Camille, accueil")
        make_contact(session, ruche, email="ruche@example.org", name="Une personne")
        make_account(session, "edition", role=Role.EDITOR)
        make_note(session, "Rappeler", themes=[make_theme(session, key="fidelisation")])
        known = (fil.id, ruche.id)
    with mail_server() as server:
        settings = server.settings(tmp_path)
        client = make_client(
            session_factory,
            tmp_path,
            smtp_host="127.0.0.1",
            smtp_port=server.port,
            smtp_security="none",
            writes_per_hour=10**6,
        )
        yield Loop(client, session_factory, settings, server, *known)


def test_addresses_are_exchanged_after_two_agreements_only(loop: Loop) -> None:
    """Asked, confirmed, answered d'accord: only then does each have the other's address, in a letter."""
    page = words_of(loop.client.get(loop.ask().location))
    assert "Un message vient de vous être adressé" in page
    loop.round()
    assert loop.server.to(ASKED) == []
    confirm = link_to(loop.last(ASKER), "/mises-en-relation/confirmer")
    assert "Comment faites-vous ?" in words_of(loop.client.get(confirm))
    followed = loop.client.post(confirm, follow_redirects=True)
    assert "Votre message est parti" in words_of(followed)
    loop.round()
    received = text_of(loop.last(ASKED))
    for words in ("Zohra", "Nous perdons nos étudiants.", "Comment faites-vous ?", "le mardi matin", "téléphone"):
        assert words in received, words
    assert ASKER not in received
    answer = link_to(loop.last(ASKED), "/mises-en-relation/reponse")
    assert [path.partition("?")[2] for path in links_of(loop.last(ASKED))[:3]] == [
        "choix=accepted",
        "choix=passed",
        "choix=declined",
    ]
    assert 'value="accepted" id="f-decision" checked' in page_text(loop.client.get(f"{answer}?choix=accepted"))
    done = loop.client.post(answer, data={"decision": "accepted", "word": "Avec plaisir."}, follow_redirects=True)
    assert "Vous avez répondu « d’accord »" in words_of(done)
    assert ASKER not in words_of(done)
    loop.round()
    assert ASKED in text_of(loop.last(ASKER))
    assert "Avec plaisir." in text_of(loop.last(ASKER))
    assert ASKER in text_of(loop.last(ASKED))
    follow = link_to(loop.server.to(ASKER)[0], "/mises-en-relation/suivi")
    assert "Son adresse est dans le message" in words_of(loop.client.get(follow))


def test_opening_a_link_changes_nothing(loop: Loop) -> None:
    """Mail scanners follow links: each page is read, by GET and HEAD, and nothing is written."""
    loop.ask()
    loop.round()
    first = links_of(loop.last(ASKER))
    for path in first:
        loop.client.get(path)
        loop.client.head(path)
    assert loop.one().status == IntroductionStatus.UNCONFIRMED
    loop.client.post(link_to(loop.last(ASKER), "/mises-en-relation/confirmer"))
    loop.round()
    for path in links_of(loop.last(ASKED)):
        assert loop.client.get(path).status_code == 200
        loop.client.head(path)
    assert loop.one().status == IntroductionStatus.SENT
    with database.reading(loop.sessions) as session:
        assert session.scalars(select(Consent.withdrawn_at).where(Consent.scope == "relay")).all() == [None, None]


def test_two_clicks_do_it_once(loop: Loop) -> None:
    """Confirming twice sends one request; answering twice exchanges once; another answer changes nothing."""
    loop.ask()
    loop.round()
    confirm = link_to(loop.last(ASKER), "/mises-en-relation/confirmer")
    for _ in range(2):
        assert loop.client.post(confirm).status_code == 303
        loop.round()
    assert len(loop.server.to(ASKED)) == 1
    answer = link_to(loop.last(ASKED), "/mises-en-relation/reponse")
    for _ in range(2):
        assert loop.client.post(answer, data={"decision": "accepted"}).status_code == 303
        loop.round()
    other = loop.client.post(answer, data={"decision": "declined"})
    assert other.status_code == 409
    assert "La première réponse compte" in words_of(other)
    assert (len(loop.server.to(ASKER)), len(loop.server.to(ASKED))) == (2, 2)


@pytest.mark.parametrize("page", ["confirmer", "suivi", "reponse", "suite"])
def test_a_forged_link_opens_nothing(loop: Loop, page: str) -> None:
    """Cut, changed, or made for another page: a page says so, and nothing is done."""
    loop.ask()
    loop.round()
    good = link_to(loop.last(ASKER), "/mises-en-relation/confirmer").rpartition("/")[2]
    for token in ("x", good[:-1], f"{good}x", good if page != "confirmer" else good[1:]):
        for answer in (
            loop.client.get(f"/mises-en-relation/{page}/{token}"),
            loop.client.post(f"/mises-en-relation/{page}/{token}", data={"decision": "accepted"}),
        ):
            assert answer.status_code == 404
            assert "Ce lien n’ouvre plus rien" in words_of(answer)
    assert loop.one().status == IntroductionStatus.UNCONFIRMED


def test_an_expired_link_says_so(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    """After 90 days, with what to do instead; what was written is kept."""
    loop.ask()
    loop.round()
    confirm = link_to(loop.last(ASKER), "/mises-en-relation/confirmer")
    later = dt.datetime.now(dt.UTC).timestamp() + 91 * 86_400
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    for answer in (loop.client.get(confirm), loop.client.post(confirm)):
        assert answer.status_code == 410
        assert "plus de 90 jours" in words_of(answer)
    assert loop.one().status == IntroductionStatus.UNCONFIRMED


def test_a_consent_withdrawn_before_the_answer_closes_kindly(loop: Loop) -> None:
    """Who asked is told once, with other peers; the link of the request gives no address any more."""
    answer = loop.sent()
    assert "accord retiré" in words_of(
        loop.client.post(loop.contact(), data={"action": "withdraw"}, follow_redirects=True)
    )
    loop.client.post(loop.contact(), data={"action": "withdraw"})
    refused = loop.client.post(answer, data={"decision": "accepted"})
    assert refused.status_code == 409
    loop.round()
    assert "ne souhaite plus être jointe" in text_of(loop.last(ASKER))
    assert "/pairs?besoin=b%C3%A9n%C3%A9voles" in links_of(loop.last(ASKER))
    assert not any(ASKED in text_of(message) for message in loop.server.to(ASKER))
    assert len(loop.server.to(ASKER)) == 2
    assert loop.one().status == IntroductionStatus.CLOSED


def test_a_consent_withdrawn_before_the_letters_left_gives_no_address(loop: Loop) -> None:
    """Said d'accord, then changed their mind while the mail server was down: no address leaves."""
    answer = loop.sent()
    loop.client.post(answer, data={"decision": "accepted"})
    loop.client.post(loop.contact(), data={"action": "withdraw"})
    loop.round()
    assert ASKED not in text_of(loop.last(ASKER))
    assert "ne peut plus vous répondre" in str(loop.last(ASKER)["Subject"])
    assert len(loop.server.to(ASKED)) == 1


def test_a_bounced_address_tells_who_asked_and_proposes_others(loop: Loop) -> None:
    """A 5xx for the recipient: the letter failed, the contact is marked, the organisation can be asked no more."""
    loop.server.answers[ASKED] = "550 5.1.1 unknown"
    loop.ask()
    loop.round()
    loop.client.post(link_to(loop.last(ASKER), "/mises-en-relation/confirmer"))
    loop.round()
    assert "n’existe plus" in text_of(loop.last(ASKER))
    assert any(path.startswith("/pairs?besoin=") for path in links_of(loop.last(ASKER)))
    with database.reading(loop.sessions) as session:
        assert session.scalars(select(Contact.bounced_at).where(Contact.email == ASKED)).one() is not None
        failed = session.scalars(select(Letter.state).where(Letter.kind == "introduction.request")).all()
    assert failed == [LetterState.FAILED]
    loop.later(days=8)
    assert "Savoirs ne connaît personne à qui écrire" in words_of(
        loop.client.get(f"/pairs/demande?organisation={loop.fil}")
    )


def test_a_requester_whose_address_bounces_is_not_passed_on(loop: Loop) -> None:
    """Nothing leaves, and the request closes in silence."""
    loop.server.answers[ASKER] = "550 unknown"
    loop.ask()
    loop.round()
    assert loop.one().status == IntroductionStatus.CLOSED
    loop.round()
    assert loop.server.messages == []


@pytest.mark.parametrize("when", ["before confirming", "before answering"])
def test_a_recipient_who_pauses_meanwhile_is_left_in_peace(loop: Loop, when: str) -> None:
    """What they have not answered closes; who asked is told until when it makes no sense to wait."""
    if when == "before answering":
        answer = loop.sent()
    else:
        loop.ask()
        loop.round()
    paused = loop.client.post(
        loop.contact(), data={"action": "pause", "paused_until": "31 décembre 2026"}, follow_redirects=True
    )
    assert "En pause jusqu’au 31 décembre 2026" in words_of(paused)
    if when == "before answering":
        assert loop.client.post(answer, data={"decision": "accepted"}).status_code == 409
    else:
        loop.client.post(link_to(loop.last(ASKER), "/mises-en-relation/confirmer"))
    loop.round()
    assert "est en pause" in text_of(loop.last(ASKER))
    assert loop.one().status == IntroductionStatus.CLOSED
    assert len(loop.server.to(ASKED)) == (1 if when == "before answering" else 0)


def test_a_pause_in_the_past_or_too_long_is_refused(loop: Loop) -> None:
    """One sentence, what was typed still there, nothing closed."""
    for until in ("hier", "1 janvier 2020", "1 janvier 2035"):
        answer = loop.client.post(loop.contact(), data={"action": "pause", "paused_until": until})
        assert answer.status_code == 422
        assert "Choisissez un jour à venir" in words_of(answer)
        assert until in page_text(answer)


def test_passing_on_is_told_remembered_and_ready_to_send(loop: Loop) -> None:
    """« Pas moi, voyez La Ruche »: the requester gets the form filled, and no address is in it."""
    answer = loop.sent()
    assert 'list="associations"' in page_text(loop.client.get(answer))
    unnamed = loop.client.post(answer, data={"decision": "passed"})
    assert (unnamed.status_code, "Écrivez le nom" in words_of(unnamed)) == (422, True)
    itself = loop.client.post(answer, data={"decision": "passed", "passed_to": "association exemple le fil"})
    assert (itself.status_code, "C’est votre association" in words_of(itself)) == (422, True)
    hidden = loop.client.post(answer, data={"decision": "passed", "passed_to": "quelquun@example.org"})
    assert (hidden.status_code, "adresse e-mail" in words_of(hidden)) == (422, True)
    loop.client.post(answer, data={"decision": "passed", "passed_to": "Association Exemple La Ruche"})
    loop.round()
    letter = loop.last(ASKER)
    again = next(path for path in links_of(letter) if path.startswith("/pairs/demande"))
    page = page_text(loop.client.get(again))
    for words in ("Nous perdons nos étudiants.", "Comment faites-vous ?", "le mardi matin", REQUEST["name"]):
        assert words in page, words
    assert ASKER not in page
    sent = loop.client.post(again, data=REQUEST)
    assert sent.status_code == 303
    with database.reading(loop.sessions) as session:
        first, second = session.scalars(select(Introduction).order_by(Introduction.id)).all()
        assert (first.passed_to_id, second.previous_id, second.organisation_id) == (loop.ruche, first.id, loop.ruche)
    editor = signed_in(loop.client.application.test_client(), loop.sessions, "edition")
    assert "Association Exemple La Ruche 1 fois" in words_of(editor.get("/moderation"))


def test_passing_on_to_somebody_we_do_not_know(loop: Loop) -> None:
    """The name is told as it was written; other peers are proposed beside."""
    answer = loop.sent()
    loop.client.post(answer, data={"decision": "passed", "passed_to": "Les Amis du Canal", "word": "De notre part."})
    loop.round()
    assert "vous conseille : Les Amis du Canal" in text_of(loop.last(ASKER))
    assert "De notre part." in text_of(loop.last(ASKER))


def test_declining_is_told_with_other_peers(loop: Loop) -> None:
    """« Pas en ce moment »: not a judgement, and by the need alone others are proposed."""
    answer = loop.sent()
    loop.client.post(answer, data={"decision": "declined"})
    loop.round()
    assert "Ce n’est pas un jugement" in text_of(loop.last(ASKER))
    (path,) = [path for path in links_of(loop.last(ASKER)) if path.startswith("/pairs")]
    assert path == "/pairs?besoin=b%C3%A9n%C3%A9voles"


def test_one_reminder_then_a_kind_end(loop: Loop) -> None:
    """Nine days after it left, one reminder; nine days later, closed, with others to ask. Once each."""
    loop.sent()
    for _ in range(40):
        loop.later(days=1)
        loop.round()
    assert [message["Subject"].split()[0] for message in loop.server.to(ASKED)] == ["Zohra,", "Rappel"]
    assert len(loop.server.to(ASKER)) == 2
    assert "n’a pas répondu" in text_of(loop.last(ASKER))
    one = loop.one()
    assert one.sent_at is not None
    assert one.reminded_at is not None
    assert one.closed_at is not None
    assert one.reminded_at - one.sent_at >= dt.timedelta(days=9)
    assert one.closed_at - one.reminded_at >= dt.timedelta(days=9)


def test_nobody_is_reminded_of_what_never_left(loop: Loop) -> None:
    """A mail server down for three days delays the reminder: days count from when the request left."""
    loop.ask()
    loop.round()
    loop.client.post(link_to(loop.last(ASKER), "/mises-en-relation/confirmer"))
    loop.server.answers[ASKED] = "451 try later"
    for _ in range(3):
        loop.round()
        loop.later(days=1)
    loop.server.answers.clear()
    loop.later(hours=6)
    loop.round()
    assert len(loop.server.to(ASKED)) == 1
    loop.later(days=8)
    loop.round()
    assert len(loop.server.to(ASKED)) == 1
    loop.later(days=1)
    loop.round()
    assert len(loop.server.to(ASKED)) == 2


def test_a_request_can_be_taken_back(loop: Loop) -> None:
    """By the link of the first letter; who tries to answer afterwards is told kindly."""
    answer = loop.sent()
    follow = link_to(loop.server.to(ASKER)[0], "/mises-en-relation/suivi")
    page = loop.client.post(follow, follow_redirects=True)
    assert "Vous avez retiré cette demande" in words_of(page)
    loop.client.post(follow)
    assert "Cette demande est close" in words_of(loop.client.get(answer))
    assert loop.client.post(answer, data={"decision": "accepted"}).status_code == 409
    loop.later(days=30)
    loop.round()
    assert len(loop.server.messages) == 2
    with database.reading(loop.sessions) as session:
        assert session.scalars(select(Consent.withdrawn_at).where(Consent.scope == "introduction")).one() is not None


def test_a_second_request_waits_a_week_and_keeps_the_text(loop: Loop) -> None:
    """To the same organisation: 422, the text in the page, and the day from which it is possible; then it is."""
    loop.sent()
    refused = loop.ask(question="Et ensuite ?")
    assert refused.status_code == 422
    page = page_text(refused)
    assert "Et ensuite ?" in page
    assert "à partir du 1er décembre 2026" in page
    assert "il n’est pas parti" in page
    loop.later(days=7, minutes=5)
    loop.later(days=1)
    assert loop.ask(question="Et ensuite ?").status_code == 303


def test_an_organisation_receives_few_requests_a_week(loop: Loop) -> None:
    """Two: the third is refused when it is written, and one written before waits at its link, which works later."""
    for number in range(3):
        assert loop.ask(email=f"demande{number}@example.org").status_code == 303
    loop.round()
    links = [link_to(loop.last(f"demande{number}@example.org"), "/mises-en-relation/confirmer") for number in range(3)]
    assert [loop.client.post(link).status_code for link in links] == [303, 303, 422]
    assert "assez de demandes" in words_of(loop.client.post(links[2]))
    assert loop.ask(email="quatrieme@example.org").status_code == 422
    loop.later(days=8)
    assert loop.client.post(links[2]).status_code == 303
    loop.round()
    assert len(loop.server.to(ASKED)) == 3


def test_a_person_sends_few_requests_a_week(loop: Loop) -> None:
    """Five, confirmed or not: nobody's mailbox is filled with our questions by others."""
    with database.transaction(loop.sessions) as session:
        others = [make_organisation(session, fictional=False) for _ in range(6)]
        for other in others:
            make_contact(session, other, email=f"{other.key}@example.org")
        ids = [other.id for other in others]
    codes = [loop.client.post(f"/pairs/demande?organisation={id_}", data=REQUEST).status_code for id_ in ids]
    assert codes == [303] * 5 + [422]


def test_a_reported_sender_writes_no_more(loop: Loop) -> None:
    """Told « no answer » and nothing else; under a variant of the address too. An editor sees the report."""
    answer = loop.sent()
    nameless = loop.client.post(answer, data={"decision": "reported"})
    assert (nameless.status_code, "Dites ce qui ne va pas" in words_of(nameless)) == (422, True)
    loop.client.post(answer, data={"decision": "reported", "reason": "rude"})
    loop.round()
    assert "n’a pas répondu" in text_of(loop.last(ASKER))
    loop.later(days=30)
    for email in (ASKER, "Zohra+encore@example.org"):
        assert loop.ask(email=email).status_code == 400
    assert loop.ask(email="autre@example.org").status_code == 303
    with database.reading(loop.sessions) as session:
        assert "example" not in session.scalars(select(Block.sender)).one()
    editor = signed_in(loop.client.application.test_client(), loop.sessions, "edition")
    assert "ton blessant" in words_of(editor.get("/moderation"))
    seen = editor.post("/moderation/demandes/1", data={"status": "handled"}, follow_redirects=True)
    assert "Signalement marqué comme vu" in words_of(seen)
    assert "ton blessant" not in words_of(editor.get("/moderation"))


def test_a_recipient_blocks_while_declining(loop: Loop) -> None:
    """One box; the person is not told."""
    answer = loop.sent()
    loop.client.post(answer, data={"decision": "declined", "block": "y"})
    loop.later(days=30)
    assert loop.ask().status_code == 400


def test_a_month_later_both_are_asked_and_a_note_begins(loop: Loop) -> None:
    """A box and a line each; the line is in the note that one more click opens, and a second look shows it again."""
    answer = loop.sent()
    loop.client.post(answer, data={"decision": "accepted"})
    loop.round()
    loop.later(days=29)
    loop.round()
    assert (len(loop.server.to(ASKER)), len(loop.server.to(ASKED))) == (2, 2)
    loop.later(days=1)
    for _ in range(2):
        loop.round()
    assert (len(loop.server.to(ASKER)), len(loop.server.to(ASKED))) == (3, 3)
    path = link_to(loop.last(ASKER), "/mises-en-relation/suite")
    nothing = loop.client.post(path, data={"line": "x"})
    assert (nothing.status_code, "Choisissez l’une des réponses" in words_of(nothing)) == (422, True)
    leaked = loop.client.post(path, data={"outcome": "helped", "line": "écrire à ami@example.org"})
    assert (leaked.status_code, "ami@example.org" in page_text(leaked)) == (422, True)
    told = loop.client.post(
        path, data={"outcome": "helped", "line": "Un appel le lundi suffit."}, follow_redirects=True
    )
    page = page_text(told)
    assert "Merci, c’est gardé" in page
    note = page.partition('href="/partager?suite=')[2].partition('"')[0]
    begun = page_text(loop.client.get(f"/partager?suite={note}"))
    assert "Un appel le lundi suffit." in begun
    assert "Nous perdons nos étudiants." in begun
    assert loop.client.get("/partager?suite=forged").status_code == 200
    other = link_to(loop.last(ASKED), "/mises-en-relation/suite")
    loop.client.post(other, data={"outcome": "talked"})
    assert (loop.one().requester_outcome, loop.one().recipient_outcome) == ("helped", "talked")


def test_unsubscribing_is_one_click_for_a_mail_program(loop: Loop) -> None:
    """RFC 8058: the two headers, and a POST without cookie or form token that acts, once or twice alike."""
    answer = loop.sent()
    letter = loop.last(ASKED)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = str(letter["List-Unsubscribe"]).strip("<>")
    path = "/desabonnement/" + address.partition("/desabonnement/")[2]
    loop.client.application.config["WTF_CSRF_ENABLED"] = True
    stranger = loop.client.application.test_client()
    assert "Un clic suffit" in words_of(stranger.get(path))
    for _ in range(2):
        done = stranger.post(path, data={"List-Unsubscribe": "One-Click"})
        assert (done.status_code, "C’est fait" in words_of(done)) == (200, True)
    assert stranger.post(f"{path}x").status_code == 404
    loop.client.application.config["WTF_CSRF_ENABLED"] = False
    assert loop.client.post(answer, data={"decision": "accepted"}).status_code == 409
    assert loop.ask(email="autre@example.org").status_code == 400
    assert loop.server.to(ASKER)[0]["List-Unsubscribe"] is None


def test_without_an_address_an_editor_relays(loop: Loop) -> None:
    """The organisation agreed, and nobody's address is known: the request waits for an editor once it is confirmed."""
    with database.transaction(loop.sessions) as session:
        session.scalars(select(Contact).where(Contact.email == ASKED)).one().email = None
    loop.ask()
    editor = signed_in(loop.client.application.test_client(), loop.sessions, "edition")
    assert "veut joindre" not in words_of(editor.get("/moderation"))
    loop.round()
    page = loop.client.post(link_to(loop.last(ASKER), "/mises-en-relation/confirmer"), follow_redirects=True)
    assert "Une personne qui relit les fiches va transmettre" in words_of(page)
    assert "Zohra, Association Exemple La Ruche veut joindre" in words_of(editor.get("/moderation"))
    editor.post("/moderation/demandes/1", data={"status": "declined"})
    loop.round()
    assert "n’a pas pu être transmise" in text_of(loop.last(ASKER))


def test_an_answer_with_an_address_in_it_is_refused_and_kept(loop: Loop) -> None:
    """Addresses travel by our letters only: the text stays, one sentence says why, nothing is answered."""
    answer = loop.sent()
    refused = loop.client.post(answer, data={"decision": "accepted", "word": "Écrivez à moi@example.org"})
    assert refused.status_code == 422
    assert "moi@example.org" in page_text(refused)
    assert loop.client.post(answer, data={"word": "Bonjour"}).status_code == 422
    assert loop.client.post(answer, data={"decision": "peut-être"}).status_code == 422
    assert loop.one().status == IntroductionStatus.SENT


@pytest.mark.parametrize("why", ["rejected", "tried for days", "closed by a file"])
def test_a_request_that_cannot_leave_is_told(loop: Loop, why: str) -> None:
    """Its letter is rejected, tried in vain, or has no object any more: nobody waits for an answer for ever."""
    loop.ask()
    loop.round()
    loop.client.post(link_to(loop.last(ASKER), "/mises-en-relation/confirmer"))
    if why == "closed by a file":
        with database.transaction(loop.sessions) as session:
            session.scalars(select(Contact).where(Contact.email == ASKED)).one().mode = ContactMode.CLOSED
    elif why == "rejected":
        loop.server.rejected.add(ASKED)
    else:
        loop.server.answers[ASKED] = "451 later"
    for _ in range(6 if why == "tried for days" else 1):
        for hours in range(0, 24, 6) if why == "tried for days" else (0,):
            make_round(loop.sessions, loop.settings, loop.noon + dt.timedelta(hours=hours))
        loop.later(days=1)
    for _ in range(2):
        loop.later(days=1)
        loop.round()
    assert loop.one().status == IntroductionStatus.CLOSED
    assert "n’est plus joignable" in text_of(loop.last(ASKER))
    assert loop.server.to(ASKED) == []
