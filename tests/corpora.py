"""Small corpus folders for tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

THEME = """---
record: theme
id: lien-social
name: Lien social
order: 1
synonyms: [se rencontrer]
---

Ce qui relie les gens.
"""

ORGANISATION = """---
record: organisation
id: exemple-un
name: Association Exemple Un
kind: association
aliases: [Exemple Un]
departement: "69"
audiences: [jeunes]
size: {volunteers: 0, employees: 2}
website: https://un.example.org
fictional: true
contact: {mode: relay}
---

Une association d’exemple.
"""

SOURCE = """---
record: source
id: synthese
title: Synthèse d’exemple
year: 2017
origin: un document d’exemple
sha256: 0a00000000000000000000000000000000000000000000000000000000000000
lines: 40
---
"""

CONTACT = """---
record: contact
id: contact-un
organisation: exemple-un
mode: relay
consent: pending
source: {id: synthese, lines: [4, 4]}
---

Une personne à joindre par le relais.
"""

GATHERING = """---
record: gathering
id: journee
title: Une journée
year: 2017
themes: [lien-social]
source: {id: synthese, lines: [1, 40]}
objectives:
  - {text: "Se connaître, puis agir.", lines: [2, 2]}
slots:
  - {start: "09:30", end: "10:00", kind: welcome, title: Accueil, lines: [3, 3]}
participations:
  - {organisation: exemple-un, role: organiser}
participants_note: Non fourni dans la source.
workshops:
  - number: 1
    theme: lien-social
    question: Comment faire durer le lien ?
    synthesis_title: Faire durer le lien
    output: tools
    full_notes: none
    lines: [5, 9]
  - number: 2
    theme: lien-social
    question: Et après ?
    output: indicators
    full_notes: announced
    full_notes_note: Annoncées.
---

Une journée d’exemple.
"""

FRAMEWORK = """---
record: framework
id: cadre
title: Un cadre
source: {id: synthese}
workshop: journee/2
sections:
  - number: 1
    title: Ce qui était prévu
    items:
      - key: objectif
        title: Objectif
        help: Ce que l’on visait.
        many: false
        signed: false
        points_to_expectation: false
        shareable_as_need: true
        lines: [7, 8]
---
"""

NOTE = """---
record: note
id: repas-partage
kind: practice
title: "Un repas partagé : pour commencer"
summary: On mange, puis on parle.
themes: [lien-social]
audiences: [benevoles]
date: 2024-11
true_as_of: 2026-03-12
essentials:
  for_whom: une petite équipe
  time: 2 h
  cost: aucun
  requires: une table
experiences:
  - organisation: exemple-un
    role: lived
    stance: solved
source: {id: synthese, lines: [10, 12]}
workshop: journee/1
tools: [une nappe]
---

On a dressé la table.

## Le contexte

Personne ne venait.

### Un détail

Il pleuvait.

## Ce qui a marché

Tout, ou presque.
"""

TOOL = """---
record: note
id: outil-de-coeur
kind: tool
title: Un outil
summary: Il sert à tout.
themes: [lien-social]
date: 2017
experiences:
  - organisation: exemple-un
    role: cited
tool:
  provider: exemple-un
  category: divers
  as_written: Outil de Cœur
  aliases: [outil, l’outil]
trials:
  - organisation: exemple-un
    outcome: adapted
    line: "Deux fois par mois : c’est assez."
    moment: 2026-01-05T08:30:00Z
  - outcome: abandoned
    moment: 2026-02-07T17:00:01.000250Z
checks:
  - organisation: exemple-un
    verdict: changed
    line: Il a changé de nom.
    moment: 2026-03-12T09:30:00Z
---
"""

INDICATOR = """---
record: note
id: indicateur
kind: indicator
title: Un indicateur
summary: On compte.
themes: [lien-social]
date: 2017
indicator:
  dimension: réseau
  nature: qualitative
  measure: ""
  examples: ["un médecin, ou deux"]
---
"""

TESTIMONY = """---
record: note
id: temoignage
kind: testimony
title: Un témoignage
summary: Une parole rapportée.
themes: [lien-social]
date: 2017
testimony: {}
anonymous: true
---

Une participante dit sa joie.
"""

CALL = """---
record: call
id: abcdefgh23
title: Qui a gardé ses voisins après le repas ?
theme: lien-social
organisation: exemple-un
status: closed
asked: 2026-04-01T07:00:00Z
opened: 2026-04-02T10:15:00Z
closed: 2026-05-02T10:15:00.500000Z
told:
  - organisation: exemple-un
    moment: 2026-04-02T10:15:00Z
answers:
  - note: repas-partage
    moment: 2026-04-20T12:00:00Z
---

Ils viennent une fois, puis plus.
"""

FILES: Mapping[str, str] = {
    "sources/synthese.md": SOURCE,
    "themes/lien-social.md": THEME,
    "organisations/exemple-un.md": ORGANISATION,
    "contacts/contact-un.md": CONTACT,
    "gatherings/journee.md": GATHERING,
    "frameworks/cadre.md": FRAMEWORK,
    "notes/demonstration/exemple-un/repas-partage.md": NOTE,
    "notes/outil-de-coeur.md": TOOL,
    "notes/indicateur.md": INDICATOR,
    "notes/temoignage.md": TESTIMONY,
    "calls/abcdefgh23.md": CALL,
    "language/stopwords.txt": "# mots vides\nle\nla\n",
    "language/families.txt": "bénévole, bénévolat\n",
}
"""One corpus with every kind of record, in canonical form."""


def write_corpus(folder: Path, **changed: tuple[str, str]) -> Path:
    """Write ``FILES`` in a folder.

    Args:
        folder: Where.
        **changed: For a file's stem with « _ » for « - », a text in it and what to put in its place.
    """
    for name, content in FILES.items():
        old, new = changed.get(Path(name).stem.replace("-", "_"), ("", ""))
        assert old in content, f"{old!r} is not in {name}"
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content.replace(old, new, 1) if old else content, "utf-8")
    return folder


def read_corpus(folder: Path) -> dict[str, str]:
    """Every file of a folder, by its path there."""
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
