"""Documents and queries made up from a seed: words, operators anywhere, spelling errors, passages of real texts."""

from __future__ import annotations

import random
from collections.abc import Sequence

from indexer.engine import Document

WORDS = tuple(
    """
accueil accueillir bénévole bénévoles bénévolat association associatif repas partagé partager visite visiter
personne personnes âgée âgées isolement lien social durable jardin jardiner atelier ateliers numérique
formation former formatrice école élève élèves lecture lire théâtre musique cœur œuvre œuvrer l’été
aujourd’hui sûr sur R.N.A. RNA porte-à-porte sans-abri SDF e-mail budget subvention subventions trésorier trésorière
financeur évaluer évaluation indicateur indicateurs loger rue maraude chantier échec réussir réussite parrain
marraine parrainage mentor jeune jeunes jeunesse 2017 2024 69 conseil d’administration assemblée générale
mur mûr pêche péché tâche tache ne pas sans jamais plus contre
""".split()  # noqa: SIM905  # a list of two hundred quotes is no easier to read
)

STOPS = (
    "le",
    "la",
    "les",
    "l’",
    "d’",
    "un",
    "une",
    "des",
    "du",
    "de",
    "au",
    "aux",
    "à",
    "en",
    "est",
    "pour",
    "qui",
    "et",
)

FIELDS = ("titre", "texte", "outil", "thème", "type", "organisation", "theme", "title", "auteur", "x")


def make_text(rng: random.Random, length: int) -> str:
    """Words and stop words, some capitals, some punctuation."""
    chosen = [rng.choice(STOPS if rng.random() < 0.35 else WORDS) for _ in range(length)]
    text = " ".join(word.capitalize() if rng.random() < 0.1 else word for word in chosen)
    return text.replace("’ ", "’").replace(" ne ", rng.choice([". Ne ", " ne ", ", ne "]))


def make_documents(rng: random.Random, count: int) -> list[Document]:
    """Documents with something in every field."""
    return [
        Document(
            id=f"d{number:04}",
            kind=rng.choice(("practice", "tool")),
            title=make_text(rng, rng.randint(0, 7)),
            body=make_text(rng, rng.randint(0, 60)),
            tools=make_text(rng, rng.randint(0, 3)),
            themes=make_text(rng, rng.randint(0, 4)),
            organisations=make_text(rng, rng.randint(0, 3)),
            kinds=rng.choice(("outil", "pratique", "témoignage résolu")),
            day=rng.randint(0, 20),
        )
        for number in range(count)
    ]


def make_query(rng: random.Random, texts: Sequence[str], depth: int = 2) -> str:
    """A query as somebody might type it, or a cat."""
    chance = rng.random()
    if depth and chance < 0.35:
        parts = [make_query(rng, texts, depth - 1) for _ in range(rng.randint(2, 3))]
        query = rng.choice((" ET ", " OU ", " SAUF ", " AND ", " OR ", " NOT ", " ", " ET SAUF ")).join(parts)
        return f"({query})" if rng.random() < 0.5 else query
    if depth and chance < 0.4:
        return f"SAUF {make_query(rng, texts, depth - 1)}"
    if chance < 0.45:
        return rng.choice(('"', "(", ")", "ET", "*", "~", ":", "« ", "", "titre:", '""', "-"))
    return _leaf(rng, texts)


def _leaf(rng: random.Random, texts: Sequence[str]) -> str:
    word = rng.choice(WORDS if rng.random() < 0.9 else STOPS)
    kind = rng.randrange(6)
    if kind == 0:
        leaf = f'"{_passage(rng, texts)}"'
    elif kind == 1:
        leaf = f"{word[: rng.randint(1, 6)]}*"
    elif kind == 2:
        leaf = f"{misspell(rng, word)}~"
    elif kind == 3:
        leaf = misspell(rng, word)
    else:
        leaf = word
    return f"{rng.choice(FIELDS)}:{leaf}" if rng.random() < 0.2 else leaf


def _passage(rng: random.Random, texts: Sequence[str]) -> str:
    words = rng.choice(texts).split()
    start = rng.randrange(max(1, len(words)))
    passage = words[start : start + rng.randint(1, 4)]
    if passage and rng.random() < 0.2:
        passage[rng.randrange(len(passage))] = rng.choice(WORDS)
    return " ".join(passage).replace('"', "")


def misspell(rng: random.Random, word: str) -> str:
    """One or two typing errors, or none."""
    letters = list(word)
    for _ in range(rng.randrange(3)):
        place = rng.randrange(len(letters))
        change = rng.randrange(4)
        if change == 0:
            letters.insert(place, rng.choice("aeinrst"))
        elif change == 1:
            letters[place] = rng.choice("aeinrst")
        elif change == 2 and len(letters) > 1:
            del letters[place]
        elif place + 1 < len(letters):
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
    return "".join(letters)
