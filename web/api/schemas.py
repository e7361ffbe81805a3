"""What the API takes and gives: pydantic models, which are also its OpenAPI description."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

NoteKindName = Literal["practice", "tool", "indicator", "principle", "testimony", "report", "evaluation"]
RecordKindName = Literal[
    "practice",
    "tool",
    "indicator",
    "principle",
    "testimony",
    "report",
    "evaluation",
    "organisation",
    "gathering",
    "workshop",
]
RoleName = Literal["lived", "cited", "participant"]
StanceName = Literal["need", "ongoing", "solved", "failed"]
SortName = Literal["relevance", "newest", "oldest", "title"]

MAX_PAGE = 100_000
"""Past it there is nothing to see, and an offset must stay a machine integer."""

PerPage = Annotated[int, Field(ge=1, le=100)]


class Taken(BaseModel):
    """A model of what is sent: a field we do not know is a mistake, not a wish left unheard."""

    model_config = ConfigDict(extra="forbid")


class SearchParameters(BaseModel):
    """Parameters of a search. Filters may be repeated."""

    q: str = Field("", description="Ce que l’on cherche : n’importe quel texte.")
    kind: list[RecordKindName] = Field([], description="Types de fiches.")
    theme: list[str] = Field([], description="Clés de thèmes.")
    organisation: list[str] = Field([], description="Identifiants d’organisations.")
    territory: list[str] = Field([], description="Régions.")
    stance: list[StanceName] = Field([], description="Où en est l’association.")
    year: list[str] = Field([], description="Années.")
    sort: SortName = Field("relevance", description="Classement.")
    page: Annotated[int, Field(ge=1, le=MAX_PAGE)] = Field(1, description="Page, à partir de 1.")
    per_page: PerPage | None = Field(None, description="Résultats par page, 20 sauf réglage contraire.")
    exact: bool = Field(False, description="Ne corrige aucun mot.")


class SuggestParameters(BaseModel):
    """Parameters of a completion."""

    q: str = Field("", description="Le début d’une recherche.")


class RelatedParameters(BaseModel):
    """Parameters of related notes."""

    limit: Annotated[int, Field(ge=1, le=20)] = Field(5, description="Nombre de fiches.")


class Named(BaseModel):
    """A record by its id and name."""

    id: str
    name: str


class Reason(BaseModel):
    """A term and the share of the score it made; shares of a list sum to 1. The term "" is all other words."""

    term: str
    label: str
    share: float


class Understood(BaseModel):
    """A word as it was typed, what was searched for it, and its synonyms."""

    typed: str
    used: list[str]
    synonyms: list[str]


class Understanding(BaseModel):
    """What was understood of a query."""

    text: str
    understood: list[Understood]
    dropped: list[str]
    suggestion: str | None


class Result(BaseModel):
    """A result. ``excerpt`` is safe HTML with only ``<mark>``; ``excerpt_text`` is plain.

    ``via``: for a result found by meaning, its word nearest to the search; else empty. ``copies``: for a related note,
    others that are nearly the same text.
    """

    id: str
    kind: RecordKindName
    title: str
    url: str
    excerpt: str
    excerpt_text: str
    score: float
    by_meaning: bool
    via: str
    themes: list[Named]
    organisations: list[Named]
    territory: str | None
    stances: list[StanceName]
    date: str | None
    true_as_of: str | None
    anonymous: bool
    fictional: bool
    reasons: list[Reason]
    copies: list[Named]


class FacetValue(BaseModel):
    """A value of a facet, and how many results it would leave."""

    value: str
    label: str
    count: int
    active: bool


class SearchAnswer(BaseModel):
    """A page of results."""

    query: Understanding
    total: int
    page: int
    per_page: int
    took_ms: float
    results: list[Result]
    facets: dict[str, list[FacetValue]]


class RelatedAnswer(BaseModel):
    """Notes near another."""

    results: list[Result]


class SuggestAnswer(BaseModel):
    """Ways to end a search."""

    query: str
    completions: list[str]


class Experience(BaseModel):
    """An organisation's link to a note. ``stance`` is null unless it lived it."""

    organisation: Named
    role: RoleName
    stance: StanceName | None


class Source(BaseModel):
    """Where a note comes from; lines of the original, counted from 1, both ends included."""

    id: str
    title: str
    year: int | None
    lines: tuple[int, int] | None


class Note(BaseModel):
    """A note. Its five parts are Markdown."""

    id: str
    kind: NoteKindName
    status: Literal["draft", "pending", "published", "withdrawn"]
    title: str
    url: str
    summary: str
    introduction: str
    context: str
    action: str
    worked: str
    failed: str
    date: str | None
    true_as_of: str | None
    for_whom: str
    time_needed: str
    cost: str
    requires: str
    anonymous: bool
    fictional: bool
    themes: list[Named]
    audiences: list[str]
    tools: list[str]
    experiences: list[Experience]
    source: Source | None
    revision: int
    created: str
    updated: str


class ExperienceIn(Taken):
    """An organisation's link to a new note."""

    organisation: str = Field(description="Identifiant de l’organisation.")
    role: RoleName = "lived"
    stance: StanceName | None = None


Line = Annotated[str, StringConstraints(max_length=400)]
Text = Annotated[str, StringConstraints(max_length=100_000)]


class NoteIn(Taken):
    """A note to add."""

    kind: NoteKindName = "practice"
    title: Line = Field(description="Le titre.")
    summary: Line = ""
    introduction: Text = ""
    context: Text = ""
    action: Text = ""
    worked: Text = ""
    failed: Text = ""
    themes: list[Line] = Field([], description="Clés de thèmes.", max_length=50)
    audiences: list[Line] = Field([], max_length=50)
    date: Line | None = None
    true_as_of: Line | None = None
    for_whom: Line = ""
    time_needed: Line = ""
    cost: Line = ""
    requires: Line = ""
    anonymous: bool = False
    tools: list[Line] = Field([], max_length=50)
    experiences: list[ExperienceIn] = Field([], max_length=50)


class Theme(BaseModel):
    """A theme; ``id`` is what the filter ``theme`` takes."""

    id: str
    name: str
    description: str
    synonyms: list[str]
    parent: str | None


class ThemesAnswer(BaseModel):
    """All themes, parents before their children."""

    themes: list[Theme]


class Organisation(BaseModel):
    """An organisation."""

    id: str
    name: str
    kind: Literal["association", "foundation", "company", "public", "platform"]
    url: str
    territory: str | None
    region: str | None
    audiences: list[str]
    fictional: bool
    notes: int


class OrganisationsAnswer(BaseModel):
    """All organisations, by name."""

    organisations: list[Organisation]


class PeersIn(Taken):
    """A need to find peers for."""

    need: Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)] = Field(
        description="Ce qui bloque, avec vos mots."
    )
    organisation: Line | None = Field(None, description="Identifiant de votre organisation : elle n’est pas proposée.")
    limit: Annotated[int, Field(ge=1, le=20)] = Field(5, description="Nombre d’associations par liste.")


class PeerOrganisation(BaseModel):
    """Who is proposed."""

    id: str
    name: str
    territory: str | None
    url: str
    fictional: bool


class Evidence(BaseModel):
    """A note that earned an organisation its place; ``sentence`` is plain text."""

    note_id: str
    title: str
    sentence: str
    url: str


class Peer(BaseModel):
    """An organisation proposed, with the notes and words that say why."""

    organisation: PeerOrganisation
    score: float
    evidence: list[Evidence]
    reasons: list[Reason]
    contactable: bool


class PeersAnswer(BaseModel):
    """Who solved it (or failed usefully), and who lives the same."""

    solved: list[Peer]
    same: list[Peer]
