"""Run as a module: another process over the same directory, for ``test_following``.

Reads from its standard input a JSON object: ``engine``, ``directory``, ``changes`` (lists of id and title; a null title
removes) and ``query``; follows a feed of these changes and prints the ids it finds.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.conformance.engines import ENGINES, LANGUAGE, find, make_document
from tests.fakes_feed import MemoryFeed


def main() -> None:
    """See the module."""
    task = json.load(sys.stdin)
    feed = MemoryFeed()
    for id_, title in task["changes"]:
        if title is None:
            feed.remove(id_)
        else:
            feed.put(make_document(id_, title))
    engine = ENGINES[task["engine"]](Path(task["directory"]), LANGUAGE)
    engine.catch_up(feed)
    print(json.dumps(find(engine, task["query"])))
    engine.close()


if __name__ == "__main__":
    main()
