"""What is held of a person, said in French: titles of sections and columns, and words for values."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Mapping

from savoirs.plaintext import masked
from savoirs.privacy.held import Held, Row, Value
from web.dates import date_in_words
from web.labels import KINDS

SECTIONS = {
    "account": "Compte",
    "contacts": "Contacts",
    "consents": "Accords donnés",
    "requests_written": "Demandes écrites",
    "requests_received": "Demandes reçues",
    "notes": "Fiches écrites",
    "drafts": "Brouillons de fiches",
    "imports": "Fichiers envoyés",
    "versions": "Versions de fiches",
    "trials": "Essais racontés",
    "checks": "Vérifications de fiches",
    "calls": "Appels à expérience",
    "searches": "Recherches gardées",
    "sessions": "Connexions ouvertes",
    "tokens": "Jetons pour l’API",
    "letters": "Messages envoyés",
    "blocks": "Expéditeurs bloqués",
}

COLUMNS = {
    "login": "Identifiant",
    "name": "Nom",
    "role": "Rôle",
    "organisation": "Organisation",
    "created_at": "Créé le",
    "seen_on": "Dernière visite",
    "disabled_at": "Fermé le",
    "email": "Adresse e-mail",
    "telephone": "Téléphone",
    "mode": "Joignable",
    "description": "Description",
    "paused_until": "En pause jusqu’au",
    "address_confirmed_at": "Adresse confirmée le",
    "refused_at": "Refus le",
    "scope": "Pour quoi",
    "wording_version": "Version de la phrase",
    "given_by": "Donné par",
    "granted_at": "Donné le",
    "confirmed_at": "Confirmé le",
    "withdrawn_at": "Retiré le",
    "status": "État",
    "need": "Besoin",
    "sentence": "Phrase lue",
    "context": "Situation",
    "question": "Question",
    "availability": "Disponibilités",
    "preference": "Façon d’échanger",
    "answer": "Réponse",
    "outcome": "Ce que cela a donné",
    "line": "En une phrase",
    "from": "De la part de",
    "id": "Numéro",
    "title": "Fiche",
    "kind": "Genre",
    "summary": "Résumé",
    "introduction": "Introduction",
    "action": "Ce qui a été fait",
    "worked": "Ce qui a marché",
    "failed": "Ce qui n’a pas marché",
    "number": "Version",
    "state": "État",
    "verdict": "Réponse",
    "search": "Recherche",
    "text": "Texte",
    "filters": "Filtres",
    "by_email": "Par e-mail",
    "seen_at": "Vu le",
    "expires_at": "Jusqu’au",
    "label": "À quoi il sert",
    "revoked_at": "Supprimé le",
    "sent_at": "Envoyé le",
    "fields": "Ce qui est écrit",
    "updated_at": "Gardé le",
}

_VALUES: Mapping[str, Mapping[str, str]] = {
    "role": {"member": "membre", "editor": "relit et publie", "admin": "tient les comptes"},
    "mode": {"public": "ouvertement", "relay": "par le relais", "closed": "non"},
    "state": {
        "applied": "appliquée",
        "conflicting": "gardée à part",
        "pending": "en attente",
        "sent": "envoyé",
        "failed": "échoué",
        "dropped": "abandonné",
        "queued": "en attente",
        "reading": "en lecture",
        "ready": "à relire",
        "cancelled": "annulé",
        "done": "relu",
    },
    "status": {
        "draft": "brouillon",
        "pending": "en attente",
        "published": "publiée",
        "withdrawn": "retirée",
        "unconfirmed": "à confirmer",
        "waiting": "en attente",
        "sent": "transmise",
        "accepted": "acceptée",
        "passed": "passée à quelqu’un d’autre",
        "declined": "refusée",
        "closed": "close",
        "cancelled": "annulée",
        "reported": "signalée",
        "handled": "transmise par une personne",
        "open": "ouvert",
    },
    "preference": {"telephone": "téléphone", "writing": "par écrit", "visit": "visite"},
    "outcome": {"adopted": "gardé tel quel", "adapted": "gardé avec des changements", "abandoned": "abandonné"},
    "verdict": {"confirmed": "toujours vrai", "changed": "a changé", "ended": "c’est fini"},
    "scope": {"relay": "être joint par le relais", "public": "être joint ouvertement", "introduction": "une demande"},
    "kind": KINDS,
}

_NOT_SHOWN = frozenset({"email", "telephone"})
"""Columns that a page hints at: whole, they are in the file that one takes away."""

_DAYS = ("_at", "_on", "_until")
"""Ends of the names of columns that hold a day or a moment."""

_READ_ME = """Vos données dans Savoirs, telles qu’elles étaient le {day}.

mes-donnees.json : tout, pour un programme.
Les fichiers .csv : la même chose, une rubrique par fichier, pour un tableur.
"""


def shown(held: Held) -> dict[str, list[list[tuple[str, str]]]]:
    """For a page: by section's title, the rows, each a list of column and value; nothing empty, no whole address."""
    return {
        SECTIONS[name]: [[(column, value) for column, value in _said(row, hint=True) if value] for row in rows]
        for name, rows in held.items()
    }


def archive(held: Held, day: str) -> bytes:
    """A zip of everything: one JSON, and one CSV a section."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("lisez-moi.txt", _READ_ME.format(day=day))
        whole = {SECTIONS[name]: [dict(_said(row)) for row in rows] for name, rows in held.items()}
        files.writestr("mes-donnees.json", json.dumps(whole, ensure_ascii=False, indent=2))
        for name, rows in held.items():
            files.writestr(f"{_file_name(SECTIONS[name])}.csv", _csv(rows))
    return content.getvalue()


def _csv(rows: tuple[Row, ...]) -> bytes:
    """With a byte order mark, without which spreadsheets read accents wrongly; no cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([COLUMNS[column] for column in rows[0]])
    writer.writerows([[_inert(value) for _, value in _said(row)] for row in rows])
    return text.getvalue().encode("utf-8-sig")


def _inert(value: str) -> str:
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def _said(row: Row, *, hint: bool = False) -> Iterator[tuple[str, str]]:
    for column, value in row.items():
        text = _word(column, value)
        if hint:
            text = hinted(text) if column in _NOT_SHOWN else masked(text)
            text = date_in_words(text) if column.endswith(_DAYS) else text
        yield COLUMNS[column], text


def _word(column: str, value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    text = str(value)
    return _VALUES.get(column, {}).get(text, text[:10] if column.endswith(_DAYS) else text)


def hinted(text: str) -> str:
    """Enough to recognise one's own address or number, and no more: « c…@e….org », « 01 … »."""
    name, at, domain = text.partition("@")
    if at:
        host, dot, end = domain.rpartition(".")
        return f"{name[:1]}…@{host[:1]}…{dot}{end}"
    return f"{text[:2]} …" if text else ""


def _file_name(title: str) -> str:
    plain = title.lower().replace("à", "a").replace("é", "e").replace("’", "-")
    return "-".join(plain.split())
