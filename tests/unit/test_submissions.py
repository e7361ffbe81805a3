"""A form sent twice."""

from __future__ import annotations

import threading
import time

import pytest

from web.submissions import Submissions


def test_two_sends_at_once_do_the_work_once() -> None:
    """The second thread waits for the first, and gets its address."""
    memory, done, answers = Submissions(), [], []

    def work() -> str:
        time.sleep(0.02)
        done.append(1)
        return f"/fiches/{len(done)}"

    threads = [threading.Thread(target=lambda: answers.append(memory.once("jeton", work))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [1]
    assert set(answers) == {"/fiches/1"}


def test_work_that_failed_can_be_sent_again() -> None:
    """A failure is not remembered: the next send does the work."""
    memory = Submissions()

    def fails() -> str:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        memory.once("jeton", fails)
    assert memory.once("jeton", lambda: "/fiches/1") == "/fiches/1"
