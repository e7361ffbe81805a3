"""Organisations: rows of a list, those that a document names, and who may be reached for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from savoirs.documents.blocks import Block, BlockKind
from savoirs.documents.folding import fold
from savoirs.documents.names import hosts, strip_article, typed_organisations
from savoirs.documents.people import FoundContact
from savoirs.documents.proposals import Proposal
from savoirs.documents.rules.columns import Column
from savoirs.documents.workbench import Workbench
from savoirs.plaintext import EMAIL, TELEPHONE
from savoirs.slugs import slugify

_KINDS = (
    ("foundation", re.compile(r"\bfondation|\bfonds de dotation")),
    ("public", re.compile(r"\bcollectivite|\bmairie|\bcommune|\bpublic|\betat\b|\bdepartement|\bregion|\bccas\b|"
                          r"\betablissement")),
    ("company", re.compile(r"\bentreprise|\bsociete|\bsarl\b|\bsas\b|\bscop\b|\bcooperative|\bmutuelle")),
    ("platform", re.compile(r"\bplateforme")),
)  # fmt: skip
_WEBSITE = re.compile(r"^(?:https?://)?[\w-]+(?:\.[\w-]+)+(?:/\S*)?$")
_DEPARTEMENT = re.compile(r"\b(97[1-8]|98[4-8]|2[abAB]|\d{1,2})\b")
_POSTCODE = re.compile(r"\b(\d{2})\s?(\d{3})\b")
_ALIASES = re.compile(r"\s*[;,/|]\s*")
_CORSICA = 20000
_SOUTH_CORSICA = 20200
_NUMBER = re.compile(r"^\d{1,6}$")


def organisation_of_row(bench: Workbench, row: Block, told: Mapping[Column, str]) -> Proposal | None:
    """The organisation of a row; a column of addresses or numbers becomes its contact, which nothing else tells."""
    name = told.get(Column.NAME, "").strip()
    if not name or bench.masked(name) != name or not any(char.isalpha() for char in name):
        return None
    hidden = [told.get(one, "").strip() for one in (Column.EMAIL, Column.TELEPHONE, Column.PERSON)]
    bench.people = bench.people.also(hidden)
    contact = _contact_of_row(bench, row, name, told)
    aliases = tuple(one for one in _ALIASES.split(told.get(Column.ALIASES, "")) if one)
    fields: dict[str, Any] = {
        "name": name[:200],
        "kind": _kind(told.get(Column.KIND, ""), name),
        "aliases": aliases[:12],
        "departement": _departement(told),
        "website": _website(told.get(Column.WEBSITE, "")),
        "description": told.get(Column.DESCRIPTION, ""),
        "volunteers": _number(told.get(Column.VOLUNTEERS, "")),
        "employees": _number(told.get(Column.EMPLOYEES, "")),
    }
    proposal = bench.propose(
        "organisation",
        name,
        (row.first, row.last),
        rule="row_of_organisations",
        confidence=0.95,
        words=(name,),
        fields=fields,
        children=(contact,) if contact is not None else (),
    )
    shown = " | ".join(
        told[one] for one in told if one not in (Column.EMAIL, Column.TELEPHONE, Column.PERSON) and told[one]
    )
    return replace(proposal, passage=bench.masked(shown))


def name_mentions(bench: Workbench) -> None:
    """Note the organisations that the document names with the word that says what they are."""
    for block in bench.blocks:
        if block.kind is BlockKind.ROW:
            continue
        hosting = frozenset(hosts(block.text))
        for name in typed_organisations(block.text):
            sort = "platform" if name in hosting else ""
            if len(name.split()) <= 8:
                bench.name(name, block, rule="named_with_its_kind", kind=sort, confidence=0.6)
        if _stands_alone(block):
            bench.name(block.text, block, rule="stands_alone", confidence=0.6)
            bench.take(block)
            bench.apart.add(block)


def name_contacts(bench: Workbench) -> None:
    """Note the organisations that contacts are reached for."""
    for contact in bench.people.contacts:
        if contact.organisation:
            bench.name(contact.organisation, contact.line, rule="has_a_contact", confidence=0.85)


def contacts(bench: Workbench) -> tuple[Proposal, ...]:
    """Who may be reached, for the contacts that no row of a list told already."""
    rows = {
        line for block in bench.blocks if block.kind is BlockKind.ROW for line in range(block.first, block.last + 1)
    }
    found = []
    for contact in bench.people.contacts:
        block = next((one for one in bench.blocks if one.first <= contact.line <= one.last), None)
        if contact.line in rows and block is not None and not bench.is_free(block):
            continue
        bench.take(*(one for one in bench.blocks if contact.first <= one.first <= contact.line and len(one.text) < 100))
        found.append(_contact(bench, contact))
    return tuple(found)


def organisations(bench: Workbench, rows: tuple[Proposal, ...]) -> tuple[Proposal, ...]:
    """The organisations of the document that no row told already, by their first line."""
    told = {slugify(name, max_length=200) for row in rows for name in (row.title, *row.fields.get("aliases", ()))}
    named = sorted((slug, one) for slug, one in bench.organisations.items() if slug not in told)
    return tuple(
        bench.propose(
            "organisation",
            one.name,
            (one.first, one.last),
            rule=one.rule,
            confidence=one.confidence,
            words=(one.name,),
            fields={"name": one.name, "kind": one.kind},
        )
        for _, one in sorted(named, key=lambda pair: (pair[1].first, pair[0]))
    )


def _stands_alone(block: Block) -> bool:
    """Whether a block is nothing but the name of an organisation, as below a logo."""
    if block.kind not in (BlockKind.PARAGRAPH, BlockKind.HEADING) or len(block.text) > 80:
        return False
    bare = strip_article(block.text)
    return any(name == bare for name in typed_organisations(bare)) and block.gap > 0


def _contact(bench: Workbench, contact: FoundContact) -> Proposal:
    first = contact.first or contact.line
    organisation = bench.name(contact.organisation, contact.line, rule="has_a_contact") if contact.organisation else ""
    return bench.propose(
        "contact",
        organisation,
        (first if organisation else contact.line, contact.line),
        rule="address" if contact.email else "telephone",
        confidence=0.95,
        words=(organisation,),
        fields=_reach(contact.email, contact.telephone, contact.name, organisation),
    )


def _contact_of_row(bench: Workbench, row: Block, name: str, told: Mapping[Column, str]) -> Proposal | None:
    email = EMAIL.search(told.get(Column.EMAIL, "")) or EMAIL.search(row.text)
    telephone = TELEPHONE.search(told.get(Column.TELEPHONE, "")) or TELEPHONE.search(
        _french(told.get(Column.TELEPHONE, ""))
    )
    if email is None and telephone is None:
        return None
    person = told.get(Column.PERSON, "").strip() or None
    return bench.propose(
        "contact",
        name,
        (row.first, row.last),
        rule="address" if email else "telephone",
        confidence=0.95,
        words=(name,),
        fields=_reach(email.group().lower() if email else None, telephone.group() if telephone else None, person, name),
    )


def _reach(email: str | None, telephone: str | None, name: str | None, organisation: str) -> dict[str, Any]:
    return {"email": email, "telephone": telephone, "name": name, "organisation": organisation}


def _french(text: str) -> str:
    """A telephone number whose first zero a spreadsheet took away."""
    digits = re.sub(r"\D", "", text)
    return f"0{digits}" if len(digits) == 9 else digits


def _kind(text: str, name: str) -> str:
    folded = fold(f"{text} {name}")
    return next((kind for kind, pattern in _KINDS if pattern.search(folded)), "association")


def _departement(told: Mapping[Column, str]) -> str | None:
    """The code of a département, from its column or from a postcode."""
    given = told.get(Column.DEPARTEMENT, "")
    code = _DEPARTEMENT.search(given)
    if code and not _POSTCODE.search(given):
        return code.group().upper().zfill(2)
    written = told.get(Column.POSTCODE, "").strip()
    postcode = _POSTCODE.search(written.zfill(5) if written else given)
    if postcode is None:
        return given or None
    whole = int(postcode.group(1) + postcode.group(2))
    if postcode.group(1) == "20":
        return "2A" if _CORSICA <= whole < _SOUTH_CORSICA else "2B"
    return str(whole)[:3] if postcode.group(1) in ("97", "98") else postcode.group(1)


def _website(text: str) -> str | None:
    text = text.strip()
    if not text or not _WEBSITE.match(text):
        return None
    return (text if text.startswith(("http://", "https://")) else f"https://{text}")[:300]


def _number(text: str) -> int | None:
    text = text.replace(" ", "").replace("\u00a0", "")
    return int(text) if _NUMBER.match(text) else None
