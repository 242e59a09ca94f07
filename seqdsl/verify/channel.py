"""JSON lines ⇄ file descriptors: the worker's own line to its parent, which no print can garble."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Channel:
    """A line to the parent process: requests in, answers out, and a place for last words."""

    requests: IO[bytes]
    answers: IO[bytes]
    words: IO[bytes]

    @staticmethod
    def take() -> Channel:
        """Take standard input and output from the rest of this process.

        Whatever prints from now on, Python or native, prints to standard error, and whatever reads
        standard input finds its end.
        """
        taken = Channel(
            *(os.fdopen(os.dup(fd), mode) for fd, mode in ((0, "rb"), (1, "wb"), (2, "wb")))
        )
        empty = os.open(os.devnull, os.O_RDONLY)
        os.dup2(empty, 0)
        os.close(empty)
        os.dup2(2, 1)
        return taken

    def send(self, **answer: Any) -> None:
        """Answer the parent."""
        self.answers.write(json.dumps(answer).encode() + b"\n")
        self.answers.flush()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """The parent's requests, until it goes away."""
        for line in self.requests:
            yield json.loads(line)


def flush() -> None:
    """Bring out what was printed, so that it counts for the model that printed it."""
    for stream in (sys.stdout, sys.stderr):
        # The model may have closed or replaced them.
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            continue
