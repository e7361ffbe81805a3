"""Settings: where they come from, which wins, what a wrong one says."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from savoirs.config import Settings
from savoirs.errors import SavoirsError


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_without_anything_the_database_is_sqlite_in_the_data_folder() -> None:
    """No setting is needed to start."""
    settings = Settings.load()
    assert settings.sqlalchemy_url.render_as_string() == "sqlite:///data/savoirs.sqlite3"
    assert settings.index_dir == Path("data/index")


def test_the_corpus_folder_is_the_one_that_ships() -> None:
    """The default corpus exists, wherever the code is."""
    assert (Settings.load().corpus_dir / "schema.json").is_file()


def test_an_argument_wins_over_the_environment_which_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Arguments, then SAVOIRS_*, then savoirs.toml, then defaults."""
    Path("savoirs.toml").write_text("port = 1\nthreads = 2\nper_page = 3\n", "utf-8")
    monkeypatch.setenv("SAVOIRS_PORT", "10")
    monkeypatch.setenv("SAVOIRS_THREADS", "20")
    settings = Settings.load(port=100)
    assert (settings.port, settings.threads, settings.per_page) == (100, 20, 3)


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "many"), ("PORT", "70000"), ("ENGINE", "xapian"), ("BASE_URL", "ftp://x"), ("DATABASE_URL", "no url")],
)
def test_a_wrong_value_names_its_setting(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """The error says which setting, and never a traceback of pydantic."""
    monkeypatch.setenv(f"SAVOIRS_{name}", value)
    with pytest.raises(SavoirsError) as raised:
        Settings.load()
    assert (raised.value.code, raised.value.params["names"]) == ("bad_settings", (name.lower(),))


def test_an_unknown_setting_in_the_file_is_a_mistake() -> None:
    """A setting that was misspelt is said, not ignored."""
    Path("savoirs.toml").write_text("prot = 5001\n", "utf-8")
    with pytest.raises(SavoirsError) as raised:
        Settings.load()
    assert raised.value.params["names"] == ("prot",)


def test_a_file_that_cannot_be_read_is_named() -> None:
    """Broken TOML gives the name of the file."""
    Path("savoirs.toml").write_text("port = = 1\n", "utf-8")
    with pytest.raises(SavoirsError) as raised:
        Settings.load()
    assert raised.value.code == "bad_settings_file"


def test_the_secret_is_made_once_and_only_its_owner_reads_it() -> None:
    """The key lives in the data folder, mode 0600, and stays."""
    settings = Settings.load()
    secret = settings.secret()
    path = settings.data_dir / "secret_key"
    assert (settings.secret(), len(secret) >= 43, stat.S_IMODE(path.stat().st_mode)) == (secret, True, 0o600)
    assert list(settings.data_dir.iterdir()) == [path]


def test_processes_that_start_together_share_one_secret() -> None:
    """Whoever comes first writes the key; the others read that one."""
    settings = Settings.load()
    secrets: list[str] = []
    threads = [threading.Thread(target=lambda: secrets.append(settings.secret())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert (len(secrets), len(set(secrets))) == (8, 1)


def test_a_secret_given_is_neither_written_nor_shown() -> None:
    """A key from the environment stays there."""
    settings = Settings.load(secret_key="k" * 40)
    assert settings.secret() == "k" * 40
    assert not settings.data_dir.exists()
    assert "kkkk" not in repr(settings)


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_explained_in_french(name: str) -> None:
    """``savoirs`` can print its own documentation."""
    description = Settings.model_fields[name].description
    assert description
    assert description.endswith(".")
