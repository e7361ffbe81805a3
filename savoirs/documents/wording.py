"""The words that tell what a passage is. All are compared folded: lower case, no accents, plain apostrophes."""

from __future__ import annotations

import re
from enum import StrEnum


class Role(StrEnum):
    """What a section is about, by its heading."""

    CONTEXT = "context"
    AIMS = "aims"
    WORKSHOPS = "workshops"
    PARTICIPANTS = "participants"
    PROGRAMME = "programme"
    WORKSHOP = "workshop"
    CONTACTS = "contacts"
    TESTIMONIES = "testimonies"
    INDICATORS = "indicators"
    TOOLS = "tools"
    PRACTICES = "practices"
    FRAMEWORK = "framework"
    PRINCIPLE = "principle"
    OTHER = "other"


HOUR = re.compile(
    r"^\W{0,3}(?:de\s+)?(\d{1,2})\s?(?:[hH:]\s?(\d{2})?|heures?)"
    r"(?:\s*(?:[-–—àa/>→]|jusqu['’]à)+\s*(\d{1,2})\s?(?:[hH:]\s?(\d{2})?|heures?))?(?![\w/])\s*[:\-–—|.]*\s*"
)
"""An hour at the start of a line, and perhaps the one it ends at."""

_AFTER = (
    r"(?:\s+(?:de|du|des|d'|la|le|les|l'|et|a|au|aux|pour|retenus?|poursuivis?|generaux|suivis?|proposes?|presents?)"
    r"(?:\s?[\w'-]+){0,6})?\s*:?"
)

_SECTIONS: tuple[tuple[Role, str], ...] = (
    (Role.FRAMEWORK, r"(?:proposition d'un |proposition de )?(?:cadre (?:logique|d'evaluation|de bilan)|"
                     r"(?:trame|grille|canevas|modele|plan)s? (?:d'evaluation|de rapport|de bilan|du rapport|"
                     r"du bilan))"),
    (Role.PARTICIPANTS, r"(?:liste des |les |personnes |associations |structures |organisations )?"
                        r"(?:participant(?:e?s)?|participantes et participants|present(?:e?s)?|etaient presents|"
                        r"excuse(?:e?s)?|"
                        r"associations presentes|structures presentes|emargement|partenaires presents)"),
    (Role.AIMS, r"(?:les |nos |rappel des )?(?:enjeux?|objectifs?|buts?|finalites?|intentions?|ambitions?|attendus)"),
    (Role.PROGRAMME, r"(?:le )?(?:deroulement|deroule|programme|planning|emploi du temps|horaires|ordre du jour|"
                     r"agenda)"),
    (Role.CONTACTS, r"(?:vos |nos |les )?(?:contacts?(?: utiles)?|coordonnees|nous (?:contacter|joindre|ecrire)|"
                    r"pour nous (?:contacter|joindre)|annuaire)"),
    (Role.TESTIMONIES, r"(?:les |quelques )?(?:temoignages?|verbatims?|paroles|retours|ressentis?|mots de la fin|"
                       r"ils en parlent|elles en parlent|ce qu'(?:ils|elles|en) \w+)"),
    (Role.INDICATORS, r"(?:liste d'|liste des |quelques |les |des )?(?:indicateurs?|criteres de (?:reussite|succes)|"
                      r"signes de (?:reussite|succes))"),
    (Role.TOOLS, r"(?:les |quelques |liste des |liste d'|boite a )?(?:outils?|ressources?|applications?|logiciels?|"
                 r"plateformes?|sites? utiles?)"),
    (Role.PRACTICES, r"(?:les |nos |quelques |\d+ )?(?:bonnes pratiques|conseils?|astuces?|recommandations?|"
                     r"idees?|pistes? "
                     r"d'actions?|pratiques?|ce qui (?:a marche|marche|fonctionne|a fonctionne)|bons reflexes|"
                     r"a retenir)"),
    (Role.PRINCIPLE, r"(?:le |les |nos |en )?(?:preambule|principes?)"),
    (Role.WORKSHOPS, r"(?:les |themes des |questions des )?(?:ateliers|groupes de travail|tables rondes|thematiques)"),
    (Role.CONTEXT, r"(?:le )?(?:contexte|presentation|introduction|pourquoi cette \w+|origine)"),
)  # fmt: skip
_COMPILED = tuple((role, re.compile(rf"^{pattern}(?!\w)")) for role, pattern in _SECTIONS)
_NAMES = tuple(re.compile(rf"^{pattern}{_AFTER}$") for _, pattern in _SECTIONS)

WORKSHOP_HEADING = re.compile(
    r"^(?:(?:synthese|restitution|compte[- ]rendu|bilan|retour|resultats?|conclusions?)\s*(?:de |du |des |"
    r"d')?(?:l')?\s*)?"
    r"(?:atelier|groupe|table ronde|table)\s*(?:de travail\s*)?(?:n[°o]?\.?\s*|#\s*|"
    r"numero\s*)?(\d{1,2})\b\s*[:.\-|/]*\s*"
)
"""« Synthèse atelier #1 : numérique », folded: what comes after the match is the theme."""

_LONGEST_NAME = 70
_AS_A_WORD = {
    Role.FRAMEWORK: re.compile(r"\bcadre (?:logique|d'evaluation)|\b(?:trame|grille|canevas|"
                               r"modele) (?:de rapport|d'evaluation|de bilan)"),
    Role.INDICATORS: re.compile(r"\bindicateurs?\b|\bcriteres de (?:reussite|succes)|\bsignes? (?:de reussite|"
                                r"de succes|que ca marche)"),
    Role.TOOLS: re.compile(r"\boutils?\b|\bressources?\b|\bplateformes?\b|\bapplications?\b|\blogiciels?\b|"
                           r"\bsites? (?:web|internet|utiles?)\b"),
    Role.PRACTICES: re.compile(r"\bconseils?\b|\bastuces?\b|\bbonnes pratiques\b|\bidees\b|\brecommandations?\b|"
                               r"\breflexes\b|\bsuggestions?\b"),
    Role.TESTIMONIES: re.compile(r"\btemoignages?\b|\bverbatims?\b"),
}  # fmt: skip


def names_a_section(folded: str) -> bool:
    """Whether a line is nothing but the name of a usual section."""
    return len(folded) <= _LONGEST_NAME and any(name.match(folded) for name in _NAMES)


def role_of(folded: str) -> Role:
    """What a section is about, by its heading."""
    if WORKSHOP_HEADING.match(folded):
        return Role.WORKSHOP
    for role, pattern in _COMPILED:
        if pattern.match(folded):
            return role
    return next((role for role, pattern in _AS_A_WORD.items() if pattern.search(folded)), Role.OTHER)


DAY = re.compile(
    r"\b(?:journees?|rencontres?|seminaires?|forums?|assises|colloques?|universite d'\w+|matinees?|congres|convention|"
    r"conventions|demi-journees?|week-end|ateliers?|hackathon)\b"
)
"""What a title calls a gathering."""

MEETING = re.compile(r"\b(?:reunions?|conseil d'administration|comites?|assemblee generale|bureau|point d'etape)\b")

FULL_NOTES = re.compile(
    r"en savoir plus|notes (?:de|des|du|completes)|(?:ensemble|totalite|integralite) des notes|"
    r"compte[- ]rendu (?:complet|integral|detaille)"
)

OFFERS = re.compile(
    r"\boutils?\b|\bplateformes?\b|\bapplications?\b|\bapplis?\b|\blogiciels?\b|\bressources?\b|\bsites?\b|\bacteurs?\b|"
    r"\bservices?\b|\bdispositifs?\b|\bformations?\b|\bsolutions?\b|\bstructures? (?:peuvent|aident|"
    r"ressources?)\b|\bappuis?\b"
)
"""Words that announce tools, or who may help."""

SUCH_AS = re.compile(
    r"\b(?:comme|tels? que|telles? que|par exemple|notamment|du type|type|dont)\s*:?\s+", re.IGNORECASE
)

EXAMPLE = re.compile(r"^(?:exemples?|ex|p\.? ?ex|par exemple|ainsi|comme)\b\s*[.:,]*\s*", re.IGNORECASE)

ROLES = (
    ("organiser", re.compile(r"\b(?:organisee?s?|proposee?s?|portee?s?|invitee?s?|"
                             r"reunie?s?) (?:ensemble )?(?:par|a l'initiative de)\b|\ba l'invitation de|"
                             r"\bpartenaires de\b|\bpartenaires du\b")),
    ("funder", re.compile(r"\b(?:financee?s?|soutenue?s?|subventionnee?s?) par\b|"
                          r"\bavec le soutien (?:financier )?(?:de|du)\b|\bmecenes?\b|"
                          r"\bpartenaires de la (?=fondation)")),
    ("facilitator", re.compile(r"\b(?:animee?s?|facilitee?s?|encadree?s?|moderee?s?) par\b|\banimation\b|"
                               r"\bfacilitation\b")),
)  # fmt: skip
"""Roles of the organisation that a sentence names after these words."""

_VERB = re.compile(
    r"^(?:(?:bien|toujours|ne (?:pas|jamais)|mieux)\s+)?(?:s'|se\s+|en\s+|y\s+)?([a-z-]+(?:er|ir|re|oir))(?:-\w+)?\b"
)
_COMMAND = re.compile(r"^(?:n'|ne\s+)?([a-z]+ez)\b")
_NO_VERBS = re.compile(
    r"^(?:.*ier|premiere?|derniere?|foyer|loyer|hiver|leader|diner|dejeuner|gouter|souper|papier|avenir|plaisir|loisir|"
    r"desir|souvenir|pouvoir|devoir|savoir|espoir|soir|miroir|histoire|memoire|territoire|laboratoire|repertoire|livre|lettre|"
    r"centre|cadre|titre|maitre|ministere|theatre|registre|offre|autre|entre|votre|notre|quatre|contre|outre|rencontre|"
    r"carriere|matiere|maniere|affaire|formulaire|questionnaire|annuaire|salaire|partenaire|hier|mer|cher|fier|super|"
    r"membre|nombre|chambre|arbre|ordre|genre|guerre|terre|heure|mesure|lecture|culture|nature|structure|ouverture|"
    r"procedure|voiture|ecriture|signature|peinture|figure|rencontre|oeuvre|fenetre|chiffre|presentoir|comptoir|couloir|"
    r"trottoir|tiroir|exemplaire|beneficiaire|volontaire|horaire|itineraire|inventaire|commentaire|poster|flyer|newsletter|"
    r"ancre|sur|par|pour|pair|air|chair|clair|noir|plusieurs|encore|libre|faire-part|second)$"
)
_IER_VERBS = re.compile(r"^(?:.*fier|publier|oublier|etudier|remercier|confier|associer|varier|copier|relier|"
                        r"multiplier|negocier|"
                        r"apprecier|lier|trier|prier|plier|allier|initier|envier|expedier|dedier|licencier|"
                        r"beneficier|financier-)$")  # fmt: skip


def is_an_action(folded: str) -> bool:
    """Whether a text begins with what to do: an infinitive, or a « vous » that commands."""
    command = _COMMAND.match(folded)
    if command and command.group(1) not in ("chez", "assez", "nez", "rez"):
        return True
    verb = _VERB.match(folded)
    if verb is None:
        return False
    word = verb.group(1)
    return bool(_IER_VERBS.match(word)) or not _NO_VERBS.match(word)


FIRST_PERSON = re.compile(
    r"(?:^|[\s,.;(«\"])(?:je|j'|nous|notre|nos|mon|ma|mes|m'a|moi|on)\b|\bj'|enrichissant|\bmerci\b|\bappris\b|\bbravo\b|\bravie?s?\b"
)
"""How people speak in a testimony."""
