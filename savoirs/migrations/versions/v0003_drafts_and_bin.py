"""What members have typed so far, and when a withdrawn note went in the bin."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "note_drafts",
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("slot", sa.String(length=64), nullable=False),
        sa.Column("note_id", sa.String(length=10), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_note_drafts_account_id_accounts", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_note_drafts_note_id_notes", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "slot", name="pk_note_drafts"),
    )
    with op.batch_alter_table("note_drafts") as table:
        table.create_index("ix_note_drafts_note_id", ["note_id"])
        table.create_index("ix_note_drafts_updated_at", ["updated_at"])

    with op.batch_alter_table("notes", recreate="always") as table:
        table.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("withdrawn_by_id", sa.String(length=32), nullable=True))
        table.create_index("ix_notes_withdrawn_at", ["withdrawn_at"])
        table.create_foreign_key(
            "fk_notes_withdrawn_by_id_accounts", "accounts", ["withdrawn_by_id"], ["id"], ondelete="SET NULL"
        )


def downgrade() -> None:
    with op.batch_alter_table("notes", recreate="always") as table:
        table.drop_constraint("fk_notes_withdrawn_by_id_accounts", type_="foreignkey")
        table.drop_index("ix_notes_withdrawn_at")
        table.drop_column("withdrawn_by_id")
        table.drop_column("withdrawn_at")

    with op.batch_alter_table("note_drafts") as table:
        table.drop_index("ix_note_drafts_updated_at")
        table.drop_index("ix_note_drafts_note_id")

    op.drop_table("note_drafts")
