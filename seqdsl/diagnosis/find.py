"""pasted text → the kinds of messages in it, with their numbers; or the nearest one."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from seqdsl.diagnosis.kinds import BY_NAME, KINDS
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.diagnosis.kind import Kind

LONGEST = 200_000
"""So many characters of a text are read, its last ones: the message ends a traceback."""

_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
# Notebooks and rich draw frames around tracebacks; a message that wraps has them between its words.
_FRAMES = re.compile("[\u2500-\u257f]")
_WORD = re.compile(r"[A-Za-z_]{2,}")
_NEAR = 0.25
"""The share of its words that an unknown message has in common with the nearest known one, at least."""


@record(frozen=True)
class Found:
    """A kind of message that a text has, or is nearest to.

    Attributes:
        kind: its record.
        matched: the words of the text that it was recognized by; those of the record where it is only the nearest.
        groups: the numbers and names in them.
    """

    kind: Kind
    matched: str
    groups: Mapping[str, str]


def find(text: str) -> list[Found]:
    """What the last message of a text is, and what else it may mean; empty if it is not known.

    >>> [item.kind.name for item in find("RuntimeError: index out of range in self")]
    ['torch-id-too-large']
    """
    words = one_line(text)
    last: Found | None = None
    place = -1
    for kind in KINDS:
        for match in _compiled(kind.pattern).finditer(words):
            # Several may be in a traceback ("During handling of the above exception"): the last one ended the program.
            # Of two that end with the same word the first kind is the more specific one.
            groups = _named(match)
            if match.end() > place and kind.holds(groups):
                last, place = Found(kind, match.group(), groups), match.end()
    if last is None:
        return []
    others = [
        Found(other, last.matched, own_groups(other) | dict(last.groups))
        for other in map(BY_NAME.__getitem__, last.kind.also)
    ]
    return [last, *others]


def nearest(text: str) -> Found | None:
    """The kind whose message has most words in common with a text that none matches; ``None`` if none has enough."""
    lines = [line for line in text[-LONGEST:].splitlines() if line.strip()]
    # A traceback's last lines are the message; the lines before it are of the user's code.
    given = _words(" ".join(lines[-3:]))
    shares = [(_share(given, _words(kind.message)), -rank) for rank, kind in enumerate(KINDS)]
    share, rank = max(shares)
    kind = KINDS[-rank]
    return Found(kind, kind.message, own_groups(kind)) if share >= _NEAR else None


def own_groups(kind: Kind) -> dict[str, str]:
    """The numbers and names of the message in the record, for sentences that a text has none for."""
    match = _compiled(kind.pattern).search(kind.message)
    return _named(match) if match else {}


def one_line(text: str) -> str:
    """A pasted text without colors, frames and line breaks."""
    plain = _FRAMES.sub(" ", _ESCAPES.sub("", text[-LONGEST:]))
    return " ".join(plain.split())


def _named(match: re.Match[str]) -> dict[str, str]:
    """The groups that took part in a match."""
    return {name: value for name, value in match.groupdict().items() if value is not None}


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _words(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(text))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))
