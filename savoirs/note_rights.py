"""Who may do what with a note."""

from __future__ import annotations

from typing import Protocol

from savoirs.drafts import NoteDraft
from savoirs.errors import ForbiddenError
from savoirs.models import Account, ExperienceRole, Note, Role

EDITORS = (Role.EDITOR, Role.ADMIN)


class Owned(Protocol):
    """What says whose a note is: a view of it, for example."""

    @property
    def author_id(self) -> str | None:
        """The account that wrote it."""

    @property
    def lived_by(self) -> frozenset[str]:
        """Ids of the organisations that lived it."""


def is_editor(account: Account | None) -> bool:
    """Whether an account edits everything."""
    return account is not None and account.disabled_at is None and account.role in EDITORS


def require_editor(account: Account | None) -> None:
    """Refuse whoever does not edit everything.

    Raises:
        ForbiddenError: ``editors_only``.
    """
    if not is_editor(account):
        raise ForbiddenError("editors_only")


def may_edit(account: Account | None, note: Note | Owned) -> bool:
    """Whether an account may edit a note: an editor all, a member its own and what its organisation lived."""
    if account is None or account.disabled_at is not None:
        return False
    lived_by = lived(note) if isinstance(note, Note) else note.lived_by
    mine = account.organisation_id is not None and account.organisation_id in lived_by
    return is_editor(account) or mine or note.author_id == account.id


def may_publish(account: Account | None, draft: NoteDraft) -> bool:
    """Whether a new note is published at once: an editor's, or a member's that no other organisation than theirs lived.

    A tool or an indicator that nobody is said to have lived is a member's to publish too.
    """
    if is_editor(account):
        return True
    if account is None or account.disabled_at is not None or account.organisation_id is None or draft.organisation_name:
        return False
    return drafted(draft) <= {account.organisation_id}


def require_may_edit(account: Account, note: Note) -> None:
    """Refuse whoever may not edit a note.

    Raises:
        ForbiddenError: ``not_your_note``.
    """
    if not may_edit(account, note):
        raise ForbiddenError("not_your_note")


def require_may_tell(account: Account, note: Note, draft: NoteDraft) -> None:
    """Refuse a member who says that another organisation lived a note which it was not said to have lived.

    Raises:
        ForbiddenError: ``not_your_organisation``.
    """
    if not is_editor(account) and drafted(draft) - lived(note) - {account.organisation_id or ""}:
        raise ForbiddenError("not_your_organisation")


def lived(note: Note) -> frozenset[str]:
    """Ids of the organisations that lived a note."""
    return frozenset(one.organisation_id for one in note.experiences if one.role is ExperienceRole.LIVED)


def drafted(draft: NoteDraft) -> frozenset[str]:
    """Ids of the organisations that a draft says lived it."""
    return frozenset(one.organisation_id for one in draft.experiences if one.role is ExperienceRole.LIVED)
