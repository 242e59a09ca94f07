"""JSON lines ⇄ file descriptors: the worker's own line to its parent, which no print can garble."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Literal, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = b"--- seqdsl: the next model ---\n"
"""A line on standard error: what is before it was not written by the next model."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A line to the parent process: requests in, answers out, and a place for last words."""

    requests: IO[bytes]
    answers: IO[bytes]
    words: IO[bytes]
    owner: int
    """The process that took the line."""

    @staticmethod
    def take() -> Channel:
        """Take standard input and output from the rest of this process."""
        ends = ((0, "rb"), (1, "wb"), (2, "wb"))
        requests, answers, words = (os.fdopen(os.dup(number), mode) for number, mode in ends)
        channel = Channel(requests, answers, words, os.getpid())
        channel.renew()
        return channel

    def renew(self) -> None:
        """Give the process streams as new, whatever the last model did to them.

        Whatever prints, Python or native, prints to standard error, and whatever reads standard
        input finds its end.
        """
        empty = os.open(os.devnull, os.O_RDONLY)
        os.dup2(empty, 0)
        if empty:
            os.close(empty)
        for number in (1, 2):
            os.dup2(self.words.fileno(), number)
        sys.stdin, sys.stdout, sys.stderr = map(_stream, (0, 1, 2))
        # What was written last may have no line end, and a mark is a line.
        self.words.write(b"\n" + MARK)
        self.words.flush()

    def close(self) -> None:
        """Give the line back; the process keeps its streams."""
        for end in (self.requests, self.answers, self.words):
            end.close()

    def end_if_forked(self) -> None:
        """End a process that a job forked off, and that has come back from the job: the line is not its own."""
        if os.getpid() != self.owner:
            # Nothing of the original process may be undone or written twice on the way out.
            os._exit(0)

    def send(self, **answer: Any) -> None:
        """Answer the parent; a process that a job forked off must not, and ends here."""
        self.end_if_forked()
        self.answers.write(json.dumps(answer).encode() + b"\n")
        self.answers.flush()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """The parent's requests, until it goes away."""
        for line in self.requests:
            yield json.loads(line)


def _stream(number: int) -> TextIO:
    mode: Literal["r", "w"] = "w" if number else "r"
    return open(number, mode, 1, "utf-8", "backslashreplace", closefd=False)
