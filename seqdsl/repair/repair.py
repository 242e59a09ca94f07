"""errors → repair: the one changed drawing that compiles, if there is exactly one.

A candidate is judged by compiling it. Two that compile are two things that may have been meant: then nothing
is repaired. The work is bounded: a large file gets few candidates, a very large one none.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from time import process_time
from typing import TYPE_CHECKING, TypeAlias

from seqdsl.pipeline import analyze
from seqdsl.repair.candidates import Candidate, candidates, indented
from seqdsl.repair.edits import follow
from seqdsl.syntax.detab import WIDTH, without_tabs
from seqdsl.text.codes import CODES, Remedy

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence

    from seqdsl.pipeline import Analysis
    from seqdsl.syntax.ast import Document, Picture

MOST = 120
"""Candidates that are compiled at the most."""
WORK = 800_000
"""Characters that are compiled at the most, over all candidates."""
SECONDS = 4.0
"""Seconds of processor time after which no more candidates are compiled, where nobody waits for less."""
_FIRST = 3
_OTHER_WIDTHS = (4, 2)


Search: TypeAlias = "Generator[None, None, Repair | None]"
"""Looks for a repair, a step at a time, and returns it."""


@dataclass(frozen=True)
class Repair:
    """A changed text that compiles.

    Attributes:
        sentence: what was changed, in words.
        rows: the changed and added lines, by their numbers in the new text.
        text: the whole new text.
    """

    sentence: str
    rows: dict[int, str]
    text: str


def repair(analysis: Analysis, seconds: float = SECONDS) -> Repair | None:
    """Repair a text if it can be repaired in one way only.

    Args:
        analysis: what the text came to; without an error there is nothing to repair.
        seconds: the processor time after which nothing more is tried, and nothing repaired.

    Returns:
        The repair; ``None`` if no change, or more than one, makes the text compile.
    """
    until = process_time() + seconds
    search = repairs(analysis)
    try:
        while True:
            next(search)
            if process_time() > until:
                return None
    except StopIteration as end:
        # What a generator returns.
        found: Repair | None = end.value
        return found


def repairs(analysis: Analysis) -> Search:
    """The same, step by step: it stops after every text that it compiles, and returns what `repair` does.

    While the user types, the caller continues the search when there is time, or drops it with its text.
    """
    text, name = analysis.source.text, analysis.source.name
    errors = [item for item in analysis.diagnostics if item.is_error]
    remedies = {CODES[item.code].remedy for item in errors}
    if not errors or Remedy.NONE in remedies:
        return None
    if Remedy.EXPAND_TABS in remedies:
        return (yield from _tabs(text, name))
    followed = follow(text, errors) if len(text) <= WORK else None
    if followed is not None:
        if not _compiles(followed.text, name):
            return None
        return Repair(_lines(followed.changed), followed.rows, followed.text)
    # A text of 10,000 characters gets 79 candidates, one of 800,000 none.
    most = min(MOST, WORK // (len(text) + 1))
    picture = _picture(analysis.document, errors[0].span.line) if most else None
    if picture is None:
        return None
    lines = text.split("\n")
    # A lost indent explains more than any other mistake: what else would compile is not looked for.
    found = yield from _only(itertools.islice(indented(picture, lines), most), text, name)
    if found is not None:
        return found
    spans = [item.span for item in errors[:_FIRST]]
    proposed = itertools.islice(candidates(picture, lines, spans), most)
    return (yield from _only(proposed, text, name))


def _lines(numbers: Sequence[int]) -> str:
    """What was done to the lines that hints speak of."""
    shown = ", ".join(map(str, numbers))
    return f"line{'s' * (len(numbers) != 1)} {shown} written as the hints say"


def _only(proposed: Iterable[Candidate], text: str, name: str) -> Search:
    """The one candidate that compiles; ``None`` if none does, or a second one."""
    tried: set[tuple[str, ...]] = set()
    only: Repair | None = None
    for candidate in proposed:
        if candidate.drawn in tried:
            continue
        tried.add(candidate.drawn)
        repaired = _repaired(candidate, text)
        if _compiles(repaired.text, name):
            if only is not None:
                return None
            only = repaired
        yield
    return only


def _compiles(text: str, name: str) -> bool:
    return not any(item.is_error for item in analyze(text, name, diagnose=False).diagnostics)


def _tabs(text: str, name: str) -> Search:
    """Spaces for tabs: as terminals show them, else at the only other width that gives a picture."""
    if len(text) * WIDTH * len(_OTHER_WIDTHS) > WORK:
        return None
    usual = without_tabs(text)
    if _compiles(usual, name):
        return _with_spaces(text, usual, WIDTH)
    expanded = {width: without_tabs(text, width) for width in _OTHER_WIDTHS}
    fitting = []
    for width, spaced in expanded.items():
        yield
        fitting += [width] if _compiles(spaced, name) else []
    if len(fitting) != 1:
        return None
    return _with_spaces(text, expanded[fitting[0]], fitting[0])


def _with_spaces(text: str, spaced: str, width: int) -> Repair:
    pairs = zip(text.split("\n"), spaced.split("\n"), strict=True)
    rows = {number: new for number, (old, new) in enumerate(pairs, start=1) if old != new}
    return Repair(f"tabs replaced with spaces, with a tab stop every {width} columns", rows, spaced)


def _picture(document: Document, line: int) -> Picture | None:
    """The picture that has its first row nearest above ``line``."""
    above = [item for item in document.pictures if item.rows[0].line <= line and item.whole]
    return above[-1] if above else None


def _repaired(candidate: Candidate, text: str) -> Repair:
    lines: list[str] = []
    rows: dict[int, str] = {}
    for number, old in enumerate(text.split("\n"), start=1):
        # An inserted line shifts all lines below: `rows` counts in the new text.
        for new in _new(candidate, number, old):
            lines.append(new)
            if new is not old:
                rows[len(lines)] = new
    return Repair(candidate.sentence, rows, "\n".join(lines))


def _new(candidate: Candidate, number: int, old: str) -> Iterator[str]:
    if number in candidate.inserted:
        yield candidate.inserted[number]
    yield candidate.lines.get(number, old)
