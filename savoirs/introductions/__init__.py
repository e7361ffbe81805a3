"""Requests to be put in touch, from the message to what came of it. Addresses are exchanged after two agreements."""

from savoirs.introductions.answering import REPORT_REASONS, Answer, answer
from savoirs.introductions.drafts import LIMITS, PREFERENCES, IntroductionDraft, check
from savoirs.introductions.following import follow_up
from savoirs.introductions.outcomes import LINE_MAX, OUTCOMES, SIDES, keep_outcome
from savoirs.introductions.requesting import WORDING, cancel, confirm, request
from savoirs.introductions.views import (
    IntroductionView,
    passed,
    reported,
    settle,
    view,
    waiting,
    waiting_count,
)

__all__ = [
    "LIMITS",
    "LINE_MAX",
    "OUTCOMES",
    "PREFERENCES",
    "REPORT_REASONS",
    "SIDES",
    "WORDING",
    "Answer",
    "IntroductionDraft",
    "IntroductionView",
    "answer",
    "cancel",
    "check",
    "confirm",
    "follow_up",
    "keep_outcome",
    "passed",
    "reported",
    "request",
    "settle",
    "view",
    "waiting",
    "waiting_count",
]
