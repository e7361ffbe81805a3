"""Writing a note: the fields of the page, and the draft that they make."""

from __future__ import annotations

import re
from dataclasses import replace

from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    IntegerField,
    StringField,
    TextAreaField,
)
from wtforms.validators import ValidationError
from wtforms.widgets import HiddenInput

from savoirs import guided_parts
from savoirs.drafts import ExperienceDraft, IndicatorDraft, NoteDraft, ToolDraft
from savoirs.models import ExperienceRole, NoteKind, Stance
from web.dates import date_in_words, today
from web.forms.fields import (
    BAD_CHOICE,
    Choice,
    Choices,
    SavoirsForm,
    at_most,
    clean_line,
    clean_text,
    required,
    unlabelled,
)
from web.forms.note_dates import read_date
from web.labels import AUDIENCES
from web.prompts import SECTIONS

TITLE_MAX_CHARS = 200
SUMMARY_MAX_CHARS = 180
ESSENTIAL_MAX_CHARS = 300
NAME_MAX_CHARS = 200
TOOLS_MAX_CHARS = 600

ESSENTIALS = ("for_whom", "time_needed", "cost", "requires")
TEXTS = ("introduction", "context", "action", "worked", "failed")


def _line(max_chars: int, what: str) -> StringField:
    return StringField(filters=[clean_line], validators=[at_most(max_chars, what)])


def _text() -> TextAreaField:
    return TextAreaField(filters=[clean_text])


class ShareForm(SavoirsForm):
    """A note, as it is written and as it travels through the preview.

    ``token`` names one act of writing, so that sending it twice makes one note; ``base_revision`` is the revision that
    an edit starts from; ``call``, the call that the note answers; ``writer``, the account
    that began to write. ``answered`` is the call's question, while the form has just begun.
    """

    answered = ""
    kind = Choice(choices=unlabelled(NoteKind), default=NoteKind.PRACTICE.value, validators=[required(BAD_CHOICE)])
    title = StringField(
        filters=[clean_line],
        validators=[required("Donnez un titre à votre fiche."), at_most(TITLE_MAX_CHARS, "Le titre")],
    )
    summary = _line(SUMMARY_MAX_CHARS, "La phrase qui résume")
    introduction = _text()
    context = _text()
    action = _text()
    worked = _text()
    failed = _text()
    tips = _text()
    figures = _text()
    organisation = _line(NAME_MAX_CHARS, "Le nom de l’association")
    stance = Choice(choices=unlabelled(Stance))
    anonymous = BooleanField()
    date = StringField(filters=[clean_line])
    themes = Choices()
    audiences = Choices(choices=unlabelled(AUDIENCES))
    for_whom = _line(ESSENTIAL_MAX_CHARS, "« Pour qui »")
    time_needed = _line(ESSENTIAL_MAX_CHARS, "« Temps »")
    cost = _line(ESSENTIAL_MAX_CHARS, "« Argent »")
    requires = _line(ESSENTIAL_MAX_CHARS, "« Il faut »")
    tools = _line(TOOLS_MAX_CHARS, "La liste des outils")
    category = _line(120, "L’usage de l’outil")
    aliases = _line(TOOLS_MAX_CHARS, "La liste des autres noms")
    dimension = _line(NAME_MAX_CHARS, "Ce que l’indicateur montre")
    measure = _text()
    examples = _text()
    still_true = BooleanField()
    call = HiddenField(filters=[clean_line])
    writer = HiddenField(filters=[clean_line])
    token = HiddenField(filters=[clean_line])
    base_revision = IntegerField(widget=HiddenInput())

    def validate_date(self, field: Field) -> None:
        """Read the date; what cannot be read stays in the field."""
        if field.data and read_date(field.data, today()) is None:
            raise ValidationError("Cette date n’est pas claire, ou n’est pas passée. Par exemple : novembre 2025.")

    def validate_stance(self, field: Field) -> None:
        """Who says which organisation lived it also says where it stands."""
        if self.organisation.data and not field.data:
            raise ValidationError("Dites où en est cette association : une des quatre réponses.")

    @property
    def readable(self) -> bool:
        """Whether a draft can be made, with mistakes or not: each choice is one of those offered."""
        return not any(self[name].errors for name in ("kind", "audiences", "themes")) and (
            not self.stance.data or self.stance.data in self.stance.choices
        )

    def offer_themes(self, keys: list[str]) -> None:
        """Give the themes that can be ticked."""
        self.themes.choices = unlabelled(keys)

    def first_fill(self, draft: NoteDraft, organisation: str, stance: Stance | None) -> None:
        """Put a draft in the fields, for somebody who is about to edit it."""
        for name in ("title", "summary", *TEXTS, *ESSENTIALS, "anonymous"):
            self[name].data = getattr(draft, name)
        for name, (part, heading) in SECTIONS.items():
            self[part].data, self[name].data = guided_parts.cut(self[part].data, heading)
        self.kind.data = draft.kind.value
        self.themes.data = list(draft.themes)
        self.audiences.data = list(draft.audiences)
        self.date.data = date_in_words(draft.date) if draft.date else ""
        self.tools.data = ", ".join(draft.tools)
        self.organisation.data = organisation
        self.stance.data = stance.value if stance else ""
        if draft.tool:
            self.category.data = draft.tool.category
            self.aliases.data = ", ".join(draft.tool.aliases)
        if draft.indicator:
            self.dimension.data = draft.indicator.dimension
            self.measure.data = draft.indicator.measure
            self.examples.data = "\n".join(draft.indicator.examples)

    def draft(self, base: NoteDraft, organisation_id: str | None) -> NoteDraft:
        """The draft that the fields make.

        Args:
            base: What the note is already; a new note has an empty one. What the page does not ask is kept from it.
            organisation_id: The organisation of the list that the typed name is, None when it is none of them.
        """
        stance = Stance(self.stance.data) if self.stance.data and self.organisation.data else None
        unlisted = bool(self.organisation.data) and organisation_id is None
        written = {name: self[name].data or "" for name in ("title", "summary", *TEXTS, *ESSENTIALS)}
        for name, (part, heading) in SECTIONS.items():
            written[part] = guided_parts.joined(written[part], heading, self[name].data or "")
        day = today()
        kind = NoteKind(self.kind.data)
        return replace(
            base,
            **written,
            kind=kind,
            themes=tuple(self.themes.data or ()),
            audiences=tuple(self.audiences.data or ()),
            date=read_date(self.date.data, day) if self.date.data else None,
            true_as_of=day.isoformat() if self.still_true.data else base.true_as_of,
            anonymous=bool(self.anonymous.data),
            experiences=_experiences(base, organisation_id, stance),
            tools=listed(self.tools.data),
            tool=self._tool(base) if kind is NoteKind.TOOL else None,
            indicator=self._indicator(base) if kind is NoteKind.INDICATOR else None,
            organisation_name=self.organisation.data if unlisted else "",
            organisation_stance=stance if unlisted else None,
        )

    def _tool(self, base: NoteDraft) -> ToolDraft:
        return replace(base.tool or ToolDraft(), category=self.category.data or "", aliases=listed(self.aliases.data))

    def _indicator(self, base: NoteDraft) -> IndicatorDraft:
        examples = tuple(line.strip() for line in (self.examples.data or "").splitlines() if line.strip())
        return replace(
            base.indicator or IndicatorDraft(),
            dimension=self.dimension.data or "",
            measure=self.measure.data or "",
            examples=examples,
        )


def listed(text: str | None) -> tuple[str, ...]:
    """« a, b ; c » as three names, without repetition."""
    names = (name.strip() for name in re.split(r"[,;]", text or ""))
    return tuple(dict.fromkeys(name for name in names if name))


def own_experience(draft: NoteDraft) -> ExperienceDraft | None:
    """The link that the page lets change: the first organisation that lived it."""
    return next((link for link in draft.experiences if link.role is ExperienceRole.LIVED), None)


def _experiences(base: NoteDraft, organisation_id: str | None, stance: Stance | None) -> tuple[ExperienceDraft, ...]:
    """The links of ``base``, the first lived one replaced by this organisation; the others are kept."""
    own = own_experience(base)
    others = tuple(link for link in base.experiences if link is not own)
    if organisation_id is None:
        return others
    rest = tuple(
        link for link in others if (link.organisation_id, link.role) != (organisation_id, ExperienceRole.LIVED)
    )
    return (ExperienceDraft(organisation_id, ExperienceRole.LIVED, stance), *rest)
