"""Names in a sentence: « des outils comme A ou B », « A, B avec C, ateliers de D » — tools, and who offers them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from savoirs.documents.folding import fold
from savoirs.documents.names import PROPER, proper_name, strip_article
from savoirs.documents.wording import OFFERS, SUCH_AS, is_an_action

_CAPITAL = "A-ZÀ-ÖØ-ÞŒ"
_COMMAS = re.compile(r"[,;]\s+(?![^()]*\))")
_LAST_AND = re.compile(r"\s+(?:et|ou|et/ou|puis)\s+(?![^()]*\))")
_ENDING = re.compile(r"(?:\s*(?:,\s*)?etc)?[\s.…!;:]*$", re.IGNORECASE)
_PURPOSE = re.compile(
    r"\s+(?:pour|afin de|permettant de|qui permet(?:tent)? de)\s+(?=(?:s['’]|se |ne )?[a-zéèêà-]+(?:er|ir|re|oir)\b)"
)
_WITH = re.compile(rf"\b(?:avec|par|chez)\s+(?:l['’]|la |le |les )?(?=[{_CAPITAL}])")
_OF = re.compile(rf"\b(?:de la|du|des|de l['’]|de|d['’])\s*(?=[{_CAPITAL}])")
_IN_BRACKETS = re.compile(r"^(.*?)\s*\(([^()]*)\)\s*(.*)$")
_FOR_SOMEBODY = re.compile(rf"^([{_CAPITAL}][\w.-]+)\s+(?:[Ff]or|[Pp]our (?:les|l['’]))\b")
_DESCRIBED = re.compile(r"^(.{2,60}?)\s*(?::|\s[-–—]\s|→)\s*(\S.{3,})$")
_COLON = re.compile(r"^(.{3,}?)\s*:\s+(.+)$")
_LONGEST_PIECE_WORDS = 14
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Offer:
    """A tool or a support that a text names.

    Attributes:
        name: Its name as written.
        provider: Who offers it; empty when the text does not say.
        purpose: What it is for; empty when the text does not say.
        own_name: Whether the provider is only the tool's own name.
    """

    name: str
    provider: str
    purpose: str = ""
    own_name: bool = False


@dataclass(frozen=True, slots=True)
class Offers:
    """The offers of a sentence; ``action`` is what they serve to do, when the sentence ends with it."""

    offers: tuple[Offer, ...]
    action: str = ""
    words: str = ""


def offers_of(text: str, *, announced: bool) -> Offers | None:
    """The tools and supports that an item names.

    Args:
        text: The item.
        announced: Whether the sentence above the list says that these are tools.
    """
    such_as = SUCH_AS.search(text)
    if such_as and OFFERS.search(fold(text[: such_as.start()])):
        return _such_as(text, such_as)
    colon = _COLON.match(text)
    if colon and OFFERS.search(fold(colon.group(1))) and _pieces(colon.group(2)):
        pieces = _pieces(colon.group(2))
        if pieces and (len(pieces) > 1 or PROPER.match(pieces[0])) and len(colon.group(1).split()) > 1:
            return Offers(tuple(_offer(piece) for piece in pieces), words=OFFERS.search(fold(colon.group(1))).group())  # type: ignore[union-attr]
    if not announced or is_an_action(fold(text)):
        return None
    described = _DESCRIBED.match(text)
    if described and proper_name(described.group(1)):
        return Offers((_described(described.group(1), described.group(2)),))
    pieces = _pieces(text)
    return Offers(tuple(_offer(piece) for piece in pieces)) if pieces else None


def named_offer(name: str, purpose: str = "", provider: str = "") -> Offer:
    """The offer of a row of a table, or of an item « name : what for »."""
    found = _offer(name)
    return Offer(found.name, provider or found.provider, purpose or found.purpose, found.own_name and not provider)


def _such_as(text: str, such_as: re.Match[str]) -> Offers | None:
    rest = text[such_as.end() :]
    purpose = _PURPOSE.search(rest)
    action = _ENDING.sub("", rest[purpose.end() :]) if purpose else ""
    names = _split(_ENDING.sub("", rest[: purpose.start()] if purpose else rest.split(". ")[0]))
    named = [name for name in names if proper_name(name)]
    if not named or len(named) < len(names):
        return None
    return Offers(tuple(_offer(name, action) for name in named), action, such_as.group().strip())


def _pieces(text: str) -> list[str]:
    """The names listed in a text: several, most of them with a capital somewhere; empty when it lists none."""
    pieces = [piece for piece in _split(_ENDING.sub("", text)) if piece]
    short = all(len(piece.split()) <= _LONGEST_PIECE_WORDS for piece in pieces)
    named = sum(bool(proper_name(piece[:1].lower() + piece[1:] if " " in piece else piece)) for piece in pieces)
    if not short or not pieces:
        return []
    if len(pieces) == 1:
        return pieces if (PROPER.match(pieces[0]) and len(pieces[0].split()) <= 6) or named else []
    return pieces if named * 2 >= len(pieces) else []


def _split(text: str) -> list[str]:
    """A list cut at its commas, and at its last « et » or « ou » when both sides are names."""
    pieces = [piece.strip() for piece in _COMMAS.split(text)]
    last = _LAST_AND.split(pieces[-1])
    if len(last) > 1 and all(proper_name(piece) and len(piece.split()) <= 8 for piece in last):
        pieces[-1:] = [piece.strip() for piece in last]
    return [re.sub(r"^(?:et|ou|ou encore|enfin)\s+", "", piece) for piece in pieces]


def _offer(piece: str, action: str = "") -> Offer:
    piece = piece.strip(' .«»"')
    brackets = _IN_BRACKETS.match(piece)
    inside = ""
    if brackets:
        piece, inside = f"{brackets.group(1)} {brackets.group(3)}".strip(), brackets.group(2).strip()
    purpose = _PURPOSE.search(piece)
    name, told = (piece[: purpose.start()], piece[purpose.end() :]) if purpose else (piece, "")
    provider = _provider(piece, inside)
    given = _WITH.search(told)
    if given:
        told = told[: given.start()]
    if purpose is None or not proper_name(name):
        name = piece
    own = "" if provider else _own_name(name)
    return Offer(name.strip()[:_LONGEST_NAME], provider or own, told.strip() or action, own_name=bool(own))


def _described(name: str, text: str) -> Offer:
    found = _offer(name)
    provider = _WITH.search(text) if found.own_name else None
    given = _named_at(text, provider.end()) if provider else ""
    return Offer(found.name, given or found.provider, _ENDING.sub("", text), found.own_name and not given)


def _provider(piece: str, inside: str) -> str:
    """Who offers a thing: « avec A », « de la B », « (C) », or the first word of « D for somebody »."""
    for pattern in (_WITH, _OF):
        match = pattern.search(piece)
        if match and match.start() > 0:
            found = _named_at(piece, match.end())
            if found:
                return found
    if inside and PROPER.match(inside) and len(inside.split()) <= 6:
        return _named_at(inside, 0)
    own = _FOR_SOMEBODY.match(piece)
    return own.group(1) if own else ""


def _own_name(name: str) -> str:
    """The name of a tool without the common words before it: « plateforme A » is A."""
    return strip_article(proper_name(name))


def _named_at(text: str, start: int) -> str:
    match = PROPER.match(text[start:])
    return match.group().strip(" .") if match else ""
