"""The first tables.

Written once from the models; a later change of a model is a new step beside this one, never an edit here.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915
    op.create_table(
        "changes",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("record", sa.String(length=20), nullable=False),
        sa.Column("record_id", sa.String(length=40), nullable=False),
        sa.Column(
            "action",
            sa.Enum("upsert", "remove", name="changeaction", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_changes"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "lexicon_lines",
        sa.Column("file", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("file", "position", name="pk_lexicon_lines"),
    )
    op.create_table(
        "sources",
        sa.Column("id", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("line_count", sa.Integer(), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
        sa.UniqueConstraint("key", name="uq_sources_key"),
    )
    op.create_index("ix_sources_sha256", "sources", ["sha256"])
    op.create_table(
        "themes",
        sa.Column("id", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("parent_id", sa.String(length=10), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["themes.id"], name="fk_themes_parent_id_themes"),
        sa.PrimaryKeyConstraint("id", name="pk_themes"),
        sa.UniqueConstraint("key", name="uq_themes_key"),
    )
    op.create_index("ix_themes_parent_id", "themes", ["parent_id"])
    op.create_table(
        "gatherings",
        sa.Column("id", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("date", sa.String(length=10), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("participants_note", sa.Text(), nullable=False),
        sa.Column("source_id", sa.String(length=10), nullable=True),
        sa.Column("first_line", sa.Integer(), nullable=True),
        sa.Column("last_line", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_gatherings_source_id_sources"),
        sa.PrimaryKeyConstraint("id", name="pk_gatherings"),
        sa.UniqueConstraint("key", name="uq_gatherings_key"),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "association",
                "foundation",
                "company",
                "public",
                "platform",
                name="organisationkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("departement", sa.String(length=3), nullable=True),
        sa.Column("website", sa.String(length=300), nullable=True),
        sa.Column("volunteers", sa.Integer(), nullable=True),
        sa.Column("employees", sa.Integer(), nullable=True),
        sa.Column("fictional", sa.Boolean(), nullable=False),
        sa.Column("source_id", sa.String(length=10), nullable=True),
        sa.Column("merged_into_id", sa.String(length=10), nullable=True),
        sa.Column("first_line", sa.Integer(), nullable=True),
        sa.Column("last_line", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["organisations.id"], name="fk_organisations_merged_into_id_organisations"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_organisations_source_id_sources"),
        sa.PrimaryKeyConstraint("id", name="pk_organisations"),
        sa.UniqueConstraint("key", name="uq_organisations_key"),
    )
    op.create_index("ix_organisations_departement", "organisations", ["departement"])
    op.create_index("ix_organisations_merged_into_id", "organisations", ["merged_into_id"])
    op.create_index("ix_organisations_name", "organisations", ["name"])
    op.create_table(
        "theme_synonyms",
        sa.Column("theme_id", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["themes.id"], name="fk_theme_synonyms_theme_id_themes", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("theme_id", "position", name="pk_theme_synonyms"),
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "role",
            sa.Enum("member", "editor", "admin", name="role", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.String(length=10), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_accounts_organisation_id_organisations"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("login", name="uq_accounts_login"),
    )
    op.create_index("ix_accounts_organisation_id", "accounts", ["organisation_id"])
    op.create_table(
        "contacts",
        sa.Column("id", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("organisation_id", sa.String(length=10), nullable=True),
        sa.Column(
            "mode",
            sa.Enum(
                "public", "relay", "closed", name="contactmode", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("telephone", sa.String(length=40), nullable=True),
        sa.Column("paused_until", sa.String(length=10), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("source_id", sa.String(length=10), nullable=True),
        sa.Column("first_line", sa.Integer(), nullable=True),
        sa.Column("last_line", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_contacts_organisation_id_organisations"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_contacts_source_id_sources"),
        sa.PrimaryKeyConstraint("id", name="pk_contacts"),
        sa.UniqueConstraint("key", name="uq_contacts_key"),
    )
    op.create_index("ix_contacts_organisation_id", "contacts", ["organisation_id"])
    op.create_table(
        "gathering_themes",
        sa.Column("gathering_id", sa.String(length=10), nullable=False),
        sa.Column("theme_id", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gathering_id"], ["gatherings.id"], name="fk_gathering_themes_gathering_id_gatherings", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name="fk_gathering_themes_theme_id_themes"),
        sa.PrimaryKeyConstraint("gathering_id", "theme_id", name="pk_gathering_themes"),
    )
    op.create_table(
        "objectives",
        sa.Column("gathering_id", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("first_line", sa.Integer(), nullable=True),
        sa.Column("last_line", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["gathering_id"], ["gatherings.id"], name="fk_objectives_gathering_id_gatherings", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("gathering_id", "position", name="pk_objectives"),
    )
    op.create_table(
        "organisation_aliases",
        sa.Column("organisation_id", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name="fk_organisation_aliases_organisation_id_organisations",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "position", name="pk_organisation_aliases"),
    )
    op.create_index("ix_organisation_aliases_name", "organisation_aliases", ["name"])
    op.create_table(
        "organisation_audiences",
        sa.Column("organisation_id", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name="fk_organisation_audiences_organisation_id_organisations",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "position", name="pk_organisation_audiences"),
    )
    op.create_table(
        "participations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gathering_id", sa.String(length=10), nullable=False),
        sa.Column("organisation_id", sa.String(length=10), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "organiser",
                "funder",
                "facilitator",
                "testimony",
                "participant",
                name="participationrole",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("first_line", sa.Integer(), nullable=True),
        sa.Column("last_line", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["gathering_id"], ["gatherings.id"], name="fk_participations_gathering_id_gatherings", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_participations_organisation_id_organisations"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_participations"),
        sa.UniqueConstraint(
            "gathering_id", "organisation_id", "role", name="uq_participations_gathering_id_organisation_id_role"
        ),
    )
    op.create_index("ix_participations_gathering_id", "participations", ["gathering_id"])
    op.create_index("ix_participations_organisation_id", "participations", ["organisation_id"])
    op.create_table(
        "slots",
        sa.Column("gathering_id", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("start", sa.String(length=5), nullable=False),
        sa.Column("end", sa.String(length=5), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "welcome",
                "plenary",
                "icebreaker",
                "workshop",
                "meal",
                "restitution",
                name="slotkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("first_line", sa.Integer(), nullable=True),
        sa.Column("last_line", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["gathering_id"], ["gatherings.id"], name="fk_slots_gathering_id_gatherings", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("gathering_id", "position", name="pk_slots"),
    )
    op.create_table(
        "workshops",
        sa.Column("id", sa.String(length=10), nullable=False),
        sa.Column("gathering_id", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.String(length=10), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("synthesis_title", sa.Text(), nullable=False),
        sa.Column(
            "output",
            sa.Enum(
                "tools",
                "indicators",
                "framework",
                name="workshopoutput",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("full_notes", sa.String(length=20), nullable=False),
        sa.Column("full_notes_note", sa.Text(), nullable=False),
        sa.Column("first_line", sa.Integer(), nullable=True),
        sa.Column("last_line", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["gathering_id"], ["gatherings.id"], name="fk_workshops_gathering_id_gatherings", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name="fk_workshops_theme_id_themes"),
        sa.PrimaryKeyConstraint("id", name="pk_workshops"),
        sa.UniqueConstraint("gathering_id", "number", name="uq_workshops_gathering_id_number"),
    )
    op.create_index("ix_workshops_gathering_id", "workshops", ["gathering_id"])
    op.create_table(
        "api_tokens",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_api_tokens_account_id_accounts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name="pk_api_tokens"),
    )
    op.create_index("ix_api_tokens_account_id", "api_tokens", ["account_id"])
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.String(length=10), nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("wording_version", sa.String(length=40), nullable=False),
        sa.Column("given_by", sa.String(length=200), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_consents_contact_id_contacts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
    )
    op.create_index("ix_consents_contact_id", "consents", ["contact_id"])
    op.create_table(
        "frameworks",
        sa.Column("id", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("source_id", sa.String(length=10), nullable=True),
        sa.Column("workshop_id", sa.String(length=10), nullable=True),
        sa.Column("first_line", sa.Integer(), nullable=True),
        sa.Column("last_line", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_frameworks_source_id_sources"),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshops.id"], name="fk_frameworks_workshop_id_workshops"),
        sa.PrimaryKeyConstraint("id", name="pk_frameworks"),
        sa.UniqueConstraint("key", name="uq_frameworks_key"),
    )
    op.create_table(
        "notes",
        sa.Column("id", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("folder", sa.String(length=300), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "practice",
                "tool",
                "indicator",
                "principle",
                "testimony",
                "report",
                "evaluation",
                name="notekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "pending",
                "published",
                "withdrawn",
                name="notestatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=400), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("worked", sa.Text(), nullable=False),
        sa.Column("failed", sa.Text(), nullable=False),
        sa.Column("date", sa.String(length=10), nullable=True),
        sa.Column("true_as_of", sa.String(length=10), nullable=True),
        sa.Column("for_whom", sa.String(length=300), nullable=False),
        sa.Column("time_needed", sa.String(length=300), nullable=False),
        sa.Column("cost", sa.String(length=300), nullable=False),
        sa.Column("requires", sa.String(length=300), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("source_id", sa.String(length=10), nullable=True),
        sa.Column("workshop_id", sa.String(length=10), nullable=True),
        sa.Column("author_id", sa.String(length=32), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_line", sa.Integer(), nullable=True),
        sa.Column("last_line", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["accounts.id"], name="fk_notes_author_id_accounts", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_notes_source_id_sources"),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshops.id"], name="fk_notes_workshop_id_workshops"),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
        sa.UniqueConstraint("key", name="uq_notes_key"),
    )
    op.create_index("ix_notes_author_id", "notes", ["author_id"])
    op.create_index("ix_notes_date", "notes", ["date"])
    op.create_index("ix_notes_kind", "notes", ["kind"])
    op.create_index("ix_notes_published_at", "notes", ["published_at"])
    op.create_index("ix_notes_source_id", "notes", ["source_id"])
    op.create_index("ix_notes_status", "notes", ["status"])
    op.create_index("ix_notes_updated_at", "notes", ["updated_at"])
    op.create_index("ix_notes_workshop_id", "notes", ["workshop_id"])
    op.create_table(
        "sign_in_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_sign_in_links_account_id_accounts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sign_in_links"),
    )
    op.create_index("ix_sign_in_links_account_id", "sign_in_links", ["account_id"])
    op.create_table(
        "sign_in_sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_sign_in_sessions_account_id_accounts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sign_in_sessions"),
    )
    op.create_index("ix_sign_in_sessions_account_id", "sign_in_sessions", ["account_id"])
    op.create_table(
        "experiences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.String(length=10), nullable=False),
        sa.Column("organisation_id", sa.String(length=10), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "lived",
                "cited",
                "participant",
                name="experiencerole",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "stance",
            sa.Enum(
                "need",
                "ongoing",
                "solved",
                "failed",
                name="stance",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_experiences_note_id_notes", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_experiences_organisation_id_organisations"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_experiences"),
        sa.UniqueConstraint("note_id", "organisation_id", "role", name="uq_experiences_note_id_organisation_id_role"),
    )
    op.create_index("ix_experiences_note_id", "experiences", ["note_id"])
    op.create_index("ix_experiences_organisation_id", "experiences", ["organisation_id"])
    op.create_table(
        "framework_sections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["framework_id"],
            ["frameworks.id"],
            name="fk_framework_sections_framework_id_frameworks",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_framework_sections"),
    )
    op.create_index("ix_framework_sections_framework_id", "framework_sections", ["framework_id"])
    op.create_table(
        "indicators",
        sa.Column("note_id", sa.String(length=10), nullable=False),
        sa.Column("dimension", sa.String(length=200), nullable=False),
        sa.Column("nature", sa.String(length=20), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_indicators_note_id_notes", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("note_id", name="pk_indicators"),
    )
    op.create_table(
        "introductions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.String(length=10), nullable=False),
        sa.Column("note_id", sa.String(length=10), nullable=True),
        sa.Column("requester_id", sa.String(length=10), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=True),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("preference", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_introductions_account_id_accounts", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_introductions_note_id_notes", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_introductions_organisation_id_organisations"
        ),
        sa.ForeignKeyConstraint(
            ["requester_id"], ["contacts.id"], name="fk_introductions_requester_id_contacts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_introductions"),
    )
    op.create_index("ix_introductions_organisation_id", "introductions", ["organisation_id"])
    op.create_index("ix_introductions_status", "introductions", ["status"])
    op.create_table(
        "note_audiences",
        sa.Column("note_id", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_note_audiences_note_id_notes", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("note_id", "position", name="pk_note_audiences"),
    )
    op.create_index("ix_note_audiences_audience", "note_audiences", ["audience"])
    op.create_table(
        "note_themes",
        sa.Column("note_id", sa.String(length=10), nullable=False),
        sa.Column("theme_id", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_note_themes_note_id_notes", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name="fk_note_themes_theme_id_themes"),
        sa.PrimaryKeyConstraint("note_id", "theme_id", name="pk_note_themes"),
    )
    op.create_index("ix_note_themes_theme_id", "note_themes", ["theme_id"])
    op.create_table(
        "note_tools",
        sa.Column("note_id", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_note_tools_note_id_notes", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("note_id", "position", name="pk_note_tools"),
    )
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "applied", "conflicting", name="revisionstate", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("author_id", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["accounts.id"], name="fk_revisions_author_id_accounts", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_revisions_note_id_notes", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_revisions"),
    )
    op.create_index("ix_revisions_note_id", "revisions", ["note_id"])
    op.create_table(
        "testimonies",
        sa.Column("note_id", sa.String(length=10), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_testimonies_note_id_notes", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("note_id", name="pk_testimonies"),
    )
    op.create_table(
        "tools",
        sa.Column("note_id", sa.String(length=10), nullable=False),
        sa.Column("provider_id", sa.String(length=10), nullable=True),
        sa.Column("category", sa.String(length=120), nullable=False),
        sa.Column("as_written", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_tools_note_id_notes", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["provider_id"], ["organisations.id"], name="fk_tools_provider_id_organisations"),
        sa.PrimaryKeyConstraint("note_id", name="pk_tools"),
    )
    op.create_table(
        "framework_items",
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("help", sa.Text(), nullable=False),
        sa.Column("many", sa.Boolean(), nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.Column("points_to_expectation", sa.Boolean(), nullable=False),
        sa.Column("shareable_as_need", sa.Boolean(), nullable=False),
        sa.Column("first_line", sa.Integer(), nullable=True),
        sa.Column("last_line", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["section_id"],
            ["framework_sections.id"],
            name="fk_framework_items_section_id_framework_sections",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("section_id", "position", name="pk_framework_items"),
    )
    op.create_table(
        "indicator_examples",
        sa.Column("note_id", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["note_id"], ["indicators.note_id"], name="fk_indicator_examples_note_id_indicators", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("note_id", "position", name="pk_indicator_examples"),
    )
    op.create_table(
        "tool_aliases",
        sa.Column("note_id", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["note_id"], ["tools.note_id"], name="fk_tool_aliases_note_id_tools", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("note_id", "position", name="pk_tool_aliases"),
    )


def downgrade() -> None:
    op.drop_table("tool_aliases")
    op.drop_table("indicator_examples")
    op.drop_table("framework_items")
    op.drop_table("tools")
    op.drop_table("testimonies")
    op.drop_table("revisions")
    op.drop_table("note_tools")
    op.drop_table("note_themes")
    op.drop_table("note_audiences")
    op.drop_table("introductions")
    op.drop_table("indicators")
    op.drop_table("framework_sections")
    op.drop_table("experiences")
    op.drop_table("sign_in_sessions")
    op.drop_table("sign_in_links")
    op.drop_table("notes")
    op.drop_table("frameworks")
    op.drop_table("consents")
    op.drop_table("api_tokens")
    op.drop_table("workshops")
    op.drop_table("slots")
    op.drop_table("participations")
    op.drop_table("organisation_audiences")
    op.drop_table("organisation_aliases")
    op.drop_table("objectives")
    op.drop_table("gathering_themes")
    op.drop_table("contacts")
    op.drop_table("accounts")
    op.drop_table("theme_synonyms")
    op.drop_table("organisations")
    op.drop_table("gatherings")
    op.drop_table("themes")
    op.drop_table("sources")
    op.drop_table("lexicon_lines")
    op.drop_table("changes")
