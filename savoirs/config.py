"""Every setting, once: its name, default, unit and French help. Read from ``savoirs.toml`` and ``SAVOIRS_*``."""

from __future__ import annotations

import contextlib
import os
import secrets
import tomllib
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from savoirs.errors import SavoirsError

SETTINGS_FILE = "savoirs.toml"

DEMONSTRATION_FILE = "demonstration.json"
"""In a data folder: it is a demonstration's. Nobody in it is real, and nothing leaves it."""


def _shipped_corpus() -> Path:
    return Path(__file__).resolve().parent.parent / "corpus"


class Settings(BaseSettings):
    """The settings of one installation. What is given to ``load`` wins over ``SAVOIRS_*``, which wins over the file."""

    model_config = SettingsConfigDict(
        env_prefix="SAVOIRS_", toml_file=SETTINGS_FILE, extra="forbid", frozen=True, validate_default=True
    )

    data_dir: Path = Field(Path("data"), description="Dossier des données : base, index, clé secrète.")
    corpus_dir: Path = Field(
        default_factory=_shipped_corpus, description="Dossier du corpus fourni : thèmes, mots, fiches de démonstration."
    )
    database_url: str = Field(
        "", description="Adresse de la base, au format de SQLAlchemy. Vide : SQLite, dans le dossier des données."
    )
    engine: Literal["embedded", "whoosh"] = Field("embedded", description="Moteur de recherche : embedded ou whoosh.")
    vectors_dir: Path | None = Field(
        None, description="Dossier des vecteurs de mots, préparés une fois. Vide : dans le dossier des données."
    )
    host: str = Field("127.0.0.1", min_length=1, description="Adresse d’écoute du serveur.")
    port: int = Field(5000, ge=0, le=65535, description="Port d’écoute du serveur ; 0 : un port libre.")
    threads: int = Field(8, ge=1, le=64, description="Nombre de requêtes servies en même temps.")
    base_url: str = Field(
        "",
        pattern=r"^(https?://\S+)?$",
        description="Adresse publique du site, par exemple https://savoirs.example.org.",
    )
    secret_key: str = Field(
        "", repr=False, description="Clé qui signe les formulaires. Vide : lue, ou créée, dans le dossier des données."
    )
    session_idle_days: int = Field(14, ge=1, le=365, description="Jours sans visite après lesquels on est déconnecté.")
    session_days: int = Field(30, ge=1, le=365, description="Jours après lesquels on est déconnecté dans tous les cas.")
    per_page: int = Field(20, ge=1, le=100, description="Nombre de résultats par page.")
    max_note_chars: int = Field(20_000, ge=500, le=1_000_000, description="Longueur maximale d’une fiche, en signes.")
    max_query_chars: int = Field(1_000, ge=50, le=10_000, description="Longueur lue d’une recherche, en signes.")
    max_body_bytes: int = Field(1_000_000, ge=10_000, description="Taille maximale d’un formulaire envoyé, en octets.")
    busy_timeout_s: float = Field(
        5.0, ge=0, le=600, description="Attente, en secondes, quand quelqu’un d’autre écrit dans la base."
    )
    writes_per_hour: int = Field(60, ge=1, description="Envois de formulaire acceptés par heure et par visiteur.")
    smtp_host: str = Field(
        "",
        description="Serveur qui envoie les courriels. Vide : ils restent dans la boîte d’envoi de l’administration.",
    )
    smtp_port: int = Field(587, ge=1, le=65535, description="Port du serveur de courriels.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="Chiffrement vers le serveur de courriels : starttls, tls ou none."
    )
    smtp_user: str = Field("", description="Compte sur le serveur de courriels. Vide : sans compte.")
    smtp_password: str = Field("", repr=False, description="Mot de passe de ce compte.")
    smtp_timeout_s: float = Field(20.0, gt=0, le=300, description="Attente du serveur de courriels, en secondes.")
    mail_from: str = Field(
        "Savoirs <savoirs@localhost>", min_length=3, description="Expéditeur des courriels, nom et adresse."
    )
    requests_per_recipient_week: int = Field(
        2, ge=1, le=100, description="Demandes de mise en relation qu’une association reçoit en sept jours, au plus."
    )
    requests_per_sender_week: int = Field(
        5, ge=1, le=100, description="Demandes de mise en relation qu’une personne envoie en sept jours, au plus."
    )
    request_repeat_days: int = Field(
        7, ge=1, le=365, description="Jours avant de pouvoir écrire à nouveau à la même association."
    )
    reminder_days: int = Field(
        9, ge=1, le=90, description="Jours sans réponse avant le seul rappel, puis avant la fin."
    )
    outcome_days: int = Field(30, ge=1, le=365, description="Jours avant de demander ce qu’une rencontre a donné.")
    consent_days: int = Field(365, ge=30, le=1100, description="Jours après lesquels un accord est demandé à nouveau.")
    call_recipients: int = Field(5, ge=0, le=50, description="Associations prévenues d’un appel, au plus.")
    call_notices_week: int = Field(
        2, ge=1, le=50, description="Appels dont une association est prévenue en sept jours, au plus."
    )
    keep_requests_days: int = Field(
        365, ge=30, le=3650, description="Jours pendant lesquels le texte d’une demande finie est gardé."
    )
    keep_logs_days: int = Field(180, ge=1, le=3650, description="Jours pendant lesquels les journaux sont gardés.")
    inactive_account_days: int = Field(
        730,
        ge=60,
        le=3650,
        description="Jours sans visite après lesquels un compte est supprimé, un mois après un avis.",
    )

    import_max_files: int = Field(100, ge=1, le=10_000, description="Documents acceptés en un import, au plus.")
    import_max_bytes: int = Field(
        20_000_000, ge=10_000, le=2_000_000_000, description="Taille maximale d’un document importé, en octets."
    )
    import_max_unzipped_bytes: int = Field(
        200_000_000, ge=100_000, description="Taille maximale d’un document une fois décompressé, en octets."
    )
    import_max_pages: int = Field(500, ge=1, le=10_000, description="Pages ou diapositives d’un document, au plus.")
    import_memory_bytes: int = Field(
        536_870_912, ge=134_217_728, description="Mémoire que la lecture d’un document peut prendre, en octets."
    )
    import_timeout_s: float = Field(
        30.0, ge=1, le=600, description="Temps que la lecture d’un document peut prendre, en secondes."
    )

    @classmethod
    def load(cls, **overrides: Any) -> Self:
        """Read the settings.

        Args:
            **overrides: Values that win over the environment and the file.

        Raises:
            SavoirsError: ``bad_settings`` (``names``: the settings at fault) or ``bad_settings_file`` (``file``).
        """
        try:
            settings = cls(**overrides)
        except ValidationError as error:
            raise SavoirsError("bad_settings", names=_at_fault(error)) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SavoirsError("bad_settings_file", file=SETTINGS_FILE) from error
        _check_database_url(settings.database_url)
        return settings

    @property
    def sqlalchemy_url(self) -> URL:
        """Where the database is."""
        if self.database_url:
            return make_url(self.database_url)
        return URL.create("sqlite", database=str(self.data_dir / "savoirs.sqlite3"))

    @property
    def index_dir(self) -> Path:
        """Where the search engine keeps its files; can be deleted at any time."""
        return self.data_dir / "index"

    @property
    def word_vectors_dir(self) -> Path:
        """Where word vectors are kept once made; can be deleted at any time."""
        return self.vectors_dir or self.data_dir / "vectors"

    @property
    def is_demonstration(self) -> bool:
        """Whether the data folder is a demonstration's."""
        return (self.data_dir / DEMONSTRATION_FILE).is_file()

    @property
    def sends_letters(self) -> bool:
        """Whether letters are read: a server sends them, or, in a demonstration, the outbox page shows them."""
        return bool(self.smtp_host) or self.is_demonstration

    def secret(self) -> str:
        """The key that signs forms and links: the setting, or the one kept (first created) in the data folder.

        Two processes that start together agree: the file is made in one step, and the late one reads it.
        """
        if self.secret_key:
            return self.secret_key
        path = self.data_dir / "secret_key"
        if not path.exists():
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            _create_once(path, secrets.token_urlsafe(32))
        return path.read_text("ascii").strip()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  (pydantic-settings passes it by name)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then environment, then file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def _at_fault(error: ValidationError) -> tuple[str, ...]:
    return tuple(sorted({".".join(str(part) for part in problem["loc"]) for problem in error.errors()}))


def _check_database_url(url: str) -> None:
    if not url:
        return
    try:
        make_url(url)
    except (ArgumentError, ValueError) as error:
        raise SavoirsError("bad_settings", names=("database_url",)) from error


def _create_once(path: Path, content: str) -> None:
    """Create a file with its content in one step, readable by its owner only; keep the one that is there already."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
