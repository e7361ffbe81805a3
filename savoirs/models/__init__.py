"""Typed tables, one module a subject. Import a class from here; ``Base.metadata`` then knows every table."""

from savoirs.models.accounts import Account, ApiToken, Role, SignInLink, SignInSession
from savoirs.models.base import Base, record_id
from savoirs.models.calls import Call, CallAnswer, CallNotice, CallStatus
from savoirs.models.contacts import Consent, Contact, ContactMode
from savoirs.models.drafts import WrittenDraft
from savoirs.models.erasures import AppliedErasure
from savoirs.models.evaluations import Framework, FrameworkItem, FrameworkSection
from savoirs.models.gatherings import (
    Gathering,
    GatheringTheme,
    Objective,
    Participation,
    ParticipationRole,
    Slot,
    SlotKind,
    Workshop,
    WorkshopOutput,
)
from savoirs.models.imports import Import, ImportState
from savoirs.models.introductions import Block, Introduction, IntroductionStatus
from savoirs.models.journal import Change, ChangeAction, LexiconLine
from savoirs.models.notes import (
    Experience,
    ExperienceRole,
    Indicator,
    IndicatorExample,
    Note,
    NoteAudience,
    NoteKind,
    NoteStatus,
    NoteTheme,
    NoteTool,
    Revision,
    RevisionState,
    Stance,
    Testimony,
    Tool,
    ToolAlias,
)
from savoirs.models.organisations import Organisation, OrganisationAlias, OrganisationAudience, OrganisationKind
from savoirs.models.outbox import Letter, LetterState
from savoirs.models.searches import SavedSearch, SearchMiss
from savoirs.models.sources import Source
from savoirs.models.themes import Theme, ThemeSynonym
from savoirs.models.upkeep import Check, Outcome, Trial, Verdict

__all__ = [
    "Account",
    "ApiToken",
    "AppliedErasure",
    "Base",
    "Block",
    "Call",
    "CallAnswer",
    "CallNotice",
    "CallStatus",
    "Change",
    "ChangeAction",
    "Check",
    "Consent",
    "Contact",
    "ContactMode",
    "Experience",
    "ExperienceRole",
    "Framework",
    "FrameworkItem",
    "FrameworkSection",
    "Gathering",
    "GatheringTheme",
    "Import",
    "ImportState",
    "Indicator",
    "IndicatorExample",
    "Introduction",
    "IntroductionStatus",
    "Letter",
    "LetterState",
    "LexiconLine",
    "Note",
    "NoteAudience",
    "NoteKind",
    "NoteStatus",
    "NoteTheme",
    "NoteTool",
    "Objective",
    "Organisation",
    "OrganisationAlias",
    "OrganisationAudience",
    "OrganisationKind",
    "Outcome",
    "Participation",
    "ParticipationRole",
    "Revision",
    "RevisionState",
    "Role",
    "SavedSearch",
    "SearchMiss",
    "SignInLink",
    "SignInSession",
    "Slot",
    "SlotKind",
    "Source",
    "Stance",
    "Testimony",
    "Theme",
    "ThemeSynonym",
    "Tool",
    "ToolAlias",
    "Trial",
    "Verdict",
    "Workshop",
    "WorkshopOutput",
    "WrittenDraft",
    "record_id",
]
