"""What the columns of a table hold, by their headers as people write them in French."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from savoirs.documents.folding import fold


class Column(StrEnum):
    """What a column holds."""

    TOOL = "tool"
    INDICATOR = "indicator"
    NAME = "name"
    ALIASES = "aliases"
    KIND = "kind"
    DEPARTEMENT = "departement"
    POSTCODE = "postcode"
    WEBSITE = "website"
    EMAIL = "email"
    TELEPHONE = "telephone"
    PERSON = "person"
    PROVIDER = "provider"
    MEASURE = "measure"
    EXAMPLE = "example"
    COST = "cost"
    DESCRIPTION = "description"
    VOLUNTEERS = "volunteers"
    EMPLOYEES = "employees"


_HEADERS = (
    (Column.EMAIL, r"e-?mail|mail|courriel|mel\b|adresses? (?:e-?mail|mail|electroniques?|courriel)"),
    (Column.TELEPHONE, r"tel\b|telephones?|portable|mobile|gsm|numero de telephone|n[°o] de telephone"),
    (Column.PERSON, r"(?:nom|personne|nom et prenom)?\s*(?:du |de la |de |de l')?(?:contact|referente?|"
                    r"responsable|interlocut\w+|president\w*|correspondante?)"
                    r"|prenom|nom et prenom|nom prenom|prenom et nom|prenom nom"),
    (Column.WEBSITE, r"site|sites?\b.*|url|web|page web|lien|adresse (?:web|internet|du site)"),
    (Column.POSTCODE, r"code postal|cp|code-postal|codepostal"),
    (Column.DEPARTEMENT, r"departements?|dept?s?|dpt|dep|n[°o] (?:de |du )?departement|code (?:du )?departement|"
                         r"territoire"),
    (Column.ALIASES, r"sigles?|alias|acronymes?|autres? noms?|nom d'usage|abreviations?|aussi (?:appelee?|"
                     r"connue?) sous.*|appellations?"),
    (Column.TOOL, r"outils?|nom de l'outil|logiciels?|applications?|applis?|plateformes?|ressources?"),
    (Column.INDICATOR, r"indicateurs?|criteres?|nom de l'indicateur"),
    (Column.PROVIDER, r"fournisseurs?|editeurs?|proposee? par|par qui|porteurs?|fourni par|producteurs?|organisme"),
    (Column.MEASURE, r"mesure|comment (?:le |la )?mesurer|mode de calcul|calcul|methode"),
    (Column.EXAMPLE, r"exemples?"),
    (Column.COST, r"prix|cout|tarifs?|couts"),
    (Column.KIND, r"types?(?: de structure| d'organisation)?|natures?(?: juridique)?|categories?|"
                  r"statuts?(?: juridique)?|formes? juridiques?"),
    (Column.VOLUNTEERS, r"benevoles|nombre de benevoles|nb benevoles"),
    (Column.EMPLOYEES, r"salaries|nombre de salaries|nb salaries|etp"),
    (Column.DESCRIPTION, r"descriptions?|objets?(?: social)?|missions?|activites?(?: principales?)?|usages?|"
                         r"a quoi (?:ca|cela) sert|pour quoi faire|"
                         r"utilite|commentaires?|presentation|fonctions?|utilisation"),
    (Column.NAME, r"(?:noms?|denominations?|raisons? sociales?|intitules?|titres?|"
                  r"libelles?)?(?: complet)?\s*(?:de l'|de la |des |du |d'|de )?"
                  r"(?:associations?|structures?|organisations?|organismes?|partenaires?|etablissements?|entites?|membres?|adherents?)|"
                  r"noms?|denominations?|raisons? sociales?|intitules?"),
)  # fmt: skip
_COMPILED = tuple((column, re.compile(rf"^(?:{pattern})$")) for column, pattern in _HEADERS)
_VAGUE = ("nom", "noms")
"""Headers that another one, more precise, is preferred to."""

_SIGNS = re.compile(r"[^a-z0-9°' -]+")


def columns_of(cells: Sequence[str]) -> dict[Column, int]:
    """The place of each column that a row of headers names; empty when the row is no header."""
    headers = [" ".join(_SIGNS.sub(" ", fold(cell.replace("_", " "))).split()) for cell in cells]
    found: dict[Column, int] = {}
    for place, header in sorted(enumerate(headers), key=lambda one: one[1] in _VAGUE):
        column = next((column for column, pattern in _COMPILED if pattern.match(header)), None)
        if header in _VAGUE and "prenom" in headers:
            column = Column.PERSON
        if column is not None:
            found.setdefault(column, place)
    if Column.PROVIDER in found and Column.TOOL not in found:
        found.setdefault(Column.NAME, found.pop(Column.PROVIDER))
    filled = sum(bool(cell.strip()) for cell in cells)
    return found if filled and len(found) >= max(1, filled // 3) else {}
