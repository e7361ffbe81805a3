"""``python -m web.cli``: the command ``savoirs``, for who knows the interpreter but not where its commands are."""

from __future__ import annotations

from web.cli import main

main(prog_name="savoirs")
