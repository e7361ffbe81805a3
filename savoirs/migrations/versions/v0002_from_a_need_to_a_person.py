"""Introductions that go all the way, letters, calls, what keeps notes alive, kept searches.

A later change of a model is a new step beside this one, never an edit here.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915
    op.create_table(
        "search_misses",
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("words", "month", name="pk_search_misses"),
    )
    op.create_table(
        "applied_erasures",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_applied_erasures"),
    )
    op.create_table(
        "saved_searches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("by_email", sa.Boolean(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("last_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_saved_searches_account_id_accounts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_saved_searches"),
    )
    with op.batch_alter_table("saved_searches") as table:
        table.create_index("ix_saved_searches_account_id", ["account_id"])

    op.create_table(
        "calls",
        sa.Column("id", sa.String(length=10), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("theme_id", sa.String(length=10), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("asker_id", sa.String(length=10), nullable=True),
        sa.Column("account_id", sa.String(length=32), nullable=True),
        sa.Column("organisation_id", sa.String(length=10), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_calls_account_id_accounts", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["asker_id"], ["contacts.id"], name="fk_calls_asker_id_contacts", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_calls_organisation_id_organisations"
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name="fk_calls_theme_id_themes"),
        sa.PrimaryKeyConstraint("id", name="pk_calls"),
    )
    with op.batch_alter_table("calls") as table:
        table.create_index("ix_calls_asker_id", ["asker_id"])
        table.create_index("ix_calls_status", ["status"])

    op.create_table(
        "checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.String(length=10), nullable=False),
        sa.Column("organisation_id", sa.String(length=10), nullable=True),
        sa.Column("account_id", sa.String(length=32), nullable=True),
        sa.Column(
            "verdict",
            sa.Enum(
                "confirmed", "changed", "ended", name="verdict", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("line", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_checks_account_id_accounts", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_checks_note_id_notes", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_checks_organisation_id_organisations"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_checks"),
    )
    with op.batch_alter_table("checks") as table:
        table.create_index("ix_checks_account_id", ["account_id"])
        table.create_index("ix_checks_note_id", ["note_id"])

    op.create_table(
        "introduction_blocks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.String(length=10), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_introduction_blocks_contact_id_contacts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_introduction_blocks"),
        sa.UniqueConstraint("contact_id", "sender", name="uq_introduction_blocks_contact_id_sender"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("contact_id", sa.String(length=10), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_outbox_contact_id_contacts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    with op.batch_alter_table("outbox") as table:
        table.create_index("ix_outbox_contact_id", ["contact_id"])
        table.create_index("ix_outbox_next_attempt_at", ["next_attempt_at"])
        table.create_index("ix_outbox_state", ["state"])

    op.create_table(
        "trials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.String(length=10), nullable=False),
        sa.Column("organisation_id", sa.String(length=10), nullable=True),
        sa.Column("account_id", sa.String(length=32), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "adopted", "adapted", "abandoned", name="outcome", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("line", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_trials_account_id_accounts", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_trials_note_id_notes", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_trials_organisation_id_organisations"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_trials"),
        sa.UniqueConstraint("note_id", "account_id", name="uq_trials_note_id_account_id"),
    )
    with op.batch_alter_table("trials") as table:
        table.create_index("ix_trials_account_id", ["account_id"])
        table.create_index("ix_trials_note_id", ["note_id"])
        table.create_index("ix_trials_organisation_id", ["organisation_id"])

    op.create_table(
        "call_answers",
        sa.Column("call_id", sa.String(length=10), nullable=False),
        sa.Column("note_id", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name="fk_call_answers_call_id_calls", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_call_answers_note_id_notes", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("call_id", "note_id", name="pk_call_answers"),
    )
    with op.batch_alter_table("call_answers") as table:
        table.create_index("ix_call_answers_note_id", ["note_id"])

    op.create_table(
        "call_notices",
        sa.Column("call_id", sa.String(length=10), nullable=False),
        sa.Column("organisation_id", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name="fk_call_notices_call_id_calls", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_call_notices_organisation_id_organisations"
        ),
        sa.PrimaryKeyConstraint("call_id", "organisation_id", name="pk_call_notices"),
    )
    with op.batch_alter_table("call_notices") as table:
        table.create_index("ix_call_notices_organisation_id", ["organisation_id"])

    with op.batch_alter_table("accounts", recreate="always") as table:
        table.add_column(sa.Column("seen_on", sa.String(length=10), nullable=True))
        table.add_column(sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("consents", recreate="always") as table:
        table.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("contacts") as table:
        table.add_column(sa.Column("account_id", sa.String(length=32), nullable=True))
        table.add_column(sa.Column("address_confirmed_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True))
        table.create_index("ix_contacts_account_id", ["account_id"])
        table.create_index("ix_contacts_email", ["email"])
        table.create_foreign_key(
            "fk_contacts_account_id_accounts", "accounts", ["account_id"], ["id"], ondelete="SET NULL"
        )

    with op.batch_alter_table("introductions") as table:
        table.add_column(sa.Column("recipient_id", sa.String(length=10), nullable=True))
        table.add_column(sa.Column("previous_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("availability", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("answer", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("passed_to_id", sa.String(length=10), nullable=True))
        table.add_column(sa.Column("passed_to_name", sa.String(length=200), nullable=False, server_default=""))
        table.add_column(sa.Column("report_reason", sa.String(length=40), nullable=False, server_default=""))
        table.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("outcome_asked_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("requester_outcome", sa.String(length=20), nullable=False, server_default=""))
        table.add_column(sa.Column("requester_line", sa.String(length=300), nullable=False, server_default=""))
        table.add_column(sa.Column("recipient_outcome", sa.String(length=20), nullable=False, server_default=""))
        table.add_column(sa.Column("recipient_line", sa.String(length=300), nullable=False, server_default=""))
        table.add_column(sa.Column("stripped_at", sa.DateTime(timezone=True), nullable=True))
        table.create_index("ix_introductions_created_at", ["created_at"])
        table.create_index("ix_introductions_recipient_id", ["recipient_id"])
        table.create_index("ix_introductions_requester_id", ["requester_id"])
        table.create_foreign_key(
            "fk_introductions_recipient_id_contacts", "contacts", ["recipient_id"], ["id"], ondelete="SET NULL"
        )
        table.create_foreign_key(
            "fk_introductions_passed_to_id_organisations", "organisations", ["passed_to_id"], ["id"]
        )
        table.create_foreign_key(
            "fk_introductions_previous_id_introductions", "introductions", ["previous_id"], ["id"], ondelete="SET NULL"
        )

    # rows that were there got empty texts; new ones are given theirs by the models
    with op.batch_alter_table("introductions") as table:
        table.alter_column("availability", server_default=None)
        table.alter_column("answer", server_default=None)
        table.alter_column("passed_to_name", server_default=None)
        table.alter_column("report_reason", server_default=None)
        table.alter_column("requester_outcome", server_default=None)
        table.alter_column("requester_line", server_default=None)
        table.alter_column("recipient_outcome", server_default=None)
        table.alter_column("recipient_line", server_default=None)


def downgrade() -> None:  # noqa: PLR0915
    with op.batch_alter_table("introductions") as table:
        table.drop_constraint("fk_introductions_previous_id_introductions", type_="foreignkey")
        table.drop_constraint("fk_introductions_passed_to_id_organisations", type_="foreignkey")
        table.drop_constraint("fk_introductions_recipient_id_contacts", type_="foreignkey")
        table.drop_index("ix_introductions_requester_id")
        table.drop_index("ix_introductions_recipient_id")
        table.drop_index("ix_introductions_created_at")
        table.drop_column("stripped_at")
        table.drop_column("recipient_line")
        table.drop_column("recipient_outcome")
        table.drop_column("requester_line")
        table.drop_column("requester_outcome")
        table.drop_column("outcome_asked_at")
        table.drop_column("closed_at")
        table.drop_column("answered_at")
        table.drop_column("reminded_at")
        table.drop_column("sent_at")
        table.drop_column("confirmed_at")
        table.drop_column("report_reason")
        table.drop_column("passed_to_name")
        table.drop_column("passed_to_id")
        table.drop_column("answer")
        table.drop_column("availability")
        table.drop_column("previous_id")
        table.drop_column("recipient_id")

    with op.batch_alter_table("contacts") as table:
        table.drop_constraint("fk_contacts_account_id_accounts", type_="foreignkey")
        table.drop_index("ix_contacts_email")
        table.drop_index("ix_contacts_account_id")
        table.drop_column("bounced_at")
        table.drop_column("address_confirmed_at")
        table.drop_column("account_id")

    with op.batch_alter_table("consents", recreate="always") as table:
        table.drop_column("asked_at")
        table.drop_column("confirmed_at")

    with op.batch_alter_table("accounts", recreate="always") as table:
        table.drop_column("warned_at")
        table.drop_column("seen_on")

    with op.batch_alter_table("call_notices") as table:
        table.drop_index("ix_call_notices_organisation_id")

    op.drop_table("call_notices")
    with op.batch_alter_table("call_answers") as table:
        table.drop_index("ix_call_answers_note_id")

    op.drop_table("call_answers")
    with op.batch_alter_table("trials") as table:
        table.drop_index("ix_trials_organisation_id")
        table.drop_index("ix_trials_note_id")
        table.drop_index("ix_trials_account_id")

    op.drop_table("trials")
    with op.batch_alter_table("outbox") as table:
        table.drop_index("ix_outbox_state")
        table.drop_index("ix_outbox_next_attempt_at")
        table.drop_index("ix_outbox_contact_id")

    op.drop_table("outbox")
    op.drop_table("introduction_blocks")
    with op.batch_alter_table("checks") as table:
        table.drop_index("ix_checks_note_id")
        table.drop_index("ix_checks_account_id")

    op.drop_table("checks")
    with op.batch_alter_table("calls") as table:
        table.drop_index("ix_calls_status")
        table.drop_index("ix_calls_asker_id")

    op.drop_table("calls")
    with op.batch_alter_table("saved_searches") as table:
        table.drop_index("ix_saved_searches_account_id")

    op.drop_table("saved_searches")
    op.drop_table("applied_erasures")
    op.drop_table("search_misses")
