"""Accounts, their sessions and tokens. Secrets are kept hashed; an account has a login, not an address."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from savoirs.models.base import Base, OptionalTimestamp, Timestamp, text_enum, utc_now
from savoirs.models.organisations import Organisation


class Role(StrEnum):
    """What an account may do: a member writes for its organisation, an editor edits all, an admin keeps accounts."""

    MEMBER = "member"
    EDITOR = "editor"
    ADMIN = "admin"


class Account(Base):
    """A person who signs in.

    ``seen_on`` is the ISO day of their last visit; ``warned_at``, when they were told that an account without visits is
    removed.
    """

    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    login: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    role: Mapped[Role] = mapped_column(text_enum(Role))
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[Timestamp] = mapped_column(default=utc_now)
    seen_on: Mapped[str | None] = mapped_column(String(10))
    warned_at: Mapped[OptionalTimestamp]
    disabled_at: Mapped[OptionalTimestamp]

    organisation: Mapped[Organisation | None] = relationship()


class SignInSession(Base):
    """An open session. ``token_hash`` is the SHA-256 of the cookie's 256-bit token."""

    __tablename__ = "sign_in_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[Timestamp] = mapped_column(default=utc_now)
    seen_at: Mapped[Timestamp] = mapped_column(default=utc_now)
    expires_at: Mapped[Timestamp]

    account: Mapped[Account] = relationship()


class SignInLink(Base):
    """A link that signs in once."""

    __tablename__ = "sign_in_links"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[Timestamp]
    used_at: Mapped[OptionalTimestamp]

    account: Mapped[Account] = relationship()


class ApiToken(Base):
    """A bearer token of the API."""

    __tablename__ = "api_tokens"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    label: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[Timestamp] = mapped_column(default=utc_now)
    revoked_at: Mapped[OptionalTimestamp]

    account: Mapped[Account] = relationship()
