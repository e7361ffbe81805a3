"""The inner loops: compiled by numba when it is there and ready, numpy otherwise, with the same results bit for bit.

A process that lives (``serve``, ``evaluate``, ``bench``) calls ``prepare``; until the loops are ready, or when numba is
absent, ``loops`` is the numpy module. Compiled code is cached, so that it is compiled once an installation.
"""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import platform
import sys
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from types import ModuleType

from indexer.kernels import vectorised

_log = logging.getLogger(__name__)
_lock = threading.Lock()
_state: dict[str, ModuleType | None] = {"compiled": None}
_trying = threading.local()
_MARK = "compiled"
_BESIDE = Path(__file__).with_name("__pycache__")
"""Where numba keeps compiled code when it is not told another place and may write there."""


def loops() -> ModuleType:
    """The module to call: ``compiled`` once it is ready, else ``vectorised``."""
    return _state["compiled"] or getattr(_trying, "module", None) or vectorised


def available() -> bool:
    """Whether numba is installed."""
    return importlib.util.find_spec("numba") is not None


def ready() -> bool:
    """Whether the compiled loops answer."""
    return _state["compiled"] is not None


@contextmanager
def using(module: ModuleType) -> Iterator[None]:
    """Answer with these loops for a while, in all threads: to compare ``compiled`` with ``vectorised``."""
    with _lock:  # what ``prepare`` began waits
        before = _state["compiled"]
        _state["compiled"] = None if module is vectorised else module
        try:
            yield
        finally:
            _state["compiled"] = before


def load(cache: Path) -> bool:
    """Load the loops if they have been compiled, by the installation or into a folder.

    Returns:
        Whether nobody has to compile them.

    Compiling takes the better part of a minute of CPU: a process that serves leaves it to another.
    """
    if ready() or not available():
        return True
    if _is_compiled(_BESIDE):
        prepare(wait=True)
    elif _is_compiled(cache):
        prepare(cache, wait=True)
    else:
        return False
    return True


def _is_compiled(cache: Path) -> bool:
    try:
        return (cache / _MARK).read_text("ascii") == _fingerprint()
    except (OSError, UnicodeDecodeError):
        return False


def _fingerprint() -> str:
    """Tells compiled code from what another version, or another machine, made."""
    sources = (Path(__file__).with_name(name).read_bytes() for name in ("compiled.py", "fetching.py"))
    return (
        f"{zlib.crc32(b''.join(sources)):08x} {metadata.version('numba')} {sys.version_info[:3]} {platform.machine()}"
    )


def prepare(cache: Path | None = None, *, wait: bool = False) -> None:
    """Compile the loops, or load them from their cache, in the background.

    Args:
        cache: A folder for compiled code; None for numba's own choice.
        wait: Return when they are ready.
    """
    if ready() or not available():
        return
    thread = threading.Thread(target=_compile, args=(cache,), name="savoirs-kernels", daemon=True)
    thread.start()
    if wait:
        thread.join()


def _compile(cache: Path | None) -> None:
    with _lock:
        if ready():
            return
        try:
            import numba  # noqa: PLC0415  (0.4 s to import, and only processes that live gain from it)

            if cache is not None:
                cache.mkdir(parents=True, exist_ok=True)
                vars(numba.config)["CACHE_DIR"] = str(cache)  # read when loops are declared, below
            from indexer.kernels import compiled  # noqa: PLC0415

            _trying.module = compiled  # for this thread, before the others
            from indexer.kernels.warming import warm  # noqa: PLC0415

            warm()
        except Exception:
            _log.exception("compiled loops are not to be had: numpy answers")
            return
        finally:
            _trying.module = None
        _state["compiled"] = compiled
        with contextlib.suppress(OSError):
            ((cache or _BESIDE) / _MARK).write_text(_fingerprint(), "ascii")
