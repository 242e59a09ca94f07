"""lines that cannot be read → what their author should type: whole texts that are no pictures first, then line by line.

A line is never guessed at: what is proposed reads as the line of a picture, or is not proposed. The lines that are
understood are passed on with their findings, so that all that is wrong with a text is reported at once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.syntax.ast import Definition, Row
from seqdsl.syntax.delayed import drawn_letters, find_undrawn, no_capital
from seqdsl.syntax.faulty import Faulty
from seqdsl.syntax.line_mistakes import recover
from seqdsl.text.diagnostics import Diagnostic, Edit
from seqdsl.text.source import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seqdsl.syntax.ast import Line
    from seqdsl.syntax.faulty import Recovered

MOST = 10
"""Findings about lines that nobody can read: more of them help nobody."""
MOST_RECOVERED = 200
"""Lines that are looked into: a text with more faulty ones is no picture, and each costs time."""

_FENCE = re.compile(r"\s*(```|~~~)")
_SKETCH = "draw rows of nodes and rows of wires:\n\nO O O\n| | |\nO O O"


class Attempt(NamedTuple):
    """A line as it was read, or why it was not.

    Attributes:
        number: its number.
        lines: what it means; nothing for a blank one.
        problem: what to report if nothing better is known.
    """

    number: int
    lines: list[Line]
    problem: Diagnostic | None


def without_undrawn(
    attempts: Sequence[Attempt], texts: Sequence[str]
) -> tuple[list[Attempt], frozenset[str]]:
    """Take rows with lower-case letters whose capitals are not drawn for lines that cannot be read.

    Returns:
        The attempts, and the capitals that are drawn.
    """
    lines = [line for item in attempts for line in item.lines]
    # What is drawn in a faulty row will be known once that is corrected.
    faulty = " ".join(texts[item.number - 1] for item in attempts if item.problem is not None)
    drawn = drawn_letters(lines, faulty)
    undrawn = find_undrawn(lines, faulty)
    return [_checked(item, texts, undrawn) for item in attempts], drawn


def _checked(item: Attempt, texts: Sequence[str], undrawn: Mapping[int, str]) -> Attempt:
    letter = undrawn.get(item.number)
    if letter is None:
        return item
    return Attempt(item.number, [], no_capital(letter, texts[item.number - 1], item.number))


def recovered(
    texts: Sequence[str], attempts: Sequence[Attempt], read: Callable[[str], list[Line] | None]
) -> tuple[list[Line], list[Diagnostic]]:
    """Find out what the faulty lines of a text are meant to be.

    Args:
        texts: all its lines.
        attempts: the same lines as they were read.
        read: reads a line, as the only one of a text.
    """
    # In a text of Markdown only what is within the fences is looked into.
    fenced = _fence(texts, attempts)
    if fenced is not None:
        attempts, diagnostics = fenced
    else:
        diagnostics = []
    lines: list[Line] = []
    unknown: list[Diagnostic] = []
    silent: list[Diagnostic] = []
    looked = understood = 0
    for number, strict, problem in attempts:
        lines += strict
        understood += len(strict)
        if problem is None:
            continue
        # `h h` becomes the row `H H` and a finding; `foo bar baz.` keeps the finding of the parser.
        looked += 1
        result = recover(Faulty(texts, number, read)) if looked <= MOST_RECOVERED else None
        if result is None:
            unknown.append(problem)
            continue
        # Of two rows `v v v` the first has the finding for both.
        if not _is_reported(result):
            silent.append(problem)
        # A line may be understood and give none: `E = 5`, of which only its author knows what it is.
        understood += 1
        lines += result.lines
        diagnostics += result.diagnostics
    # A line that cannot be read never passes in silence, whatever it was taken for.
    if silent and not diagnostics:
        unknown += silent
    # A license, a letter or a program has some lines that read as rows: `MIT`, `A`, `x = 3`.
    if len(unknown) > 1 and len(unknown) > understood:
        return [], [_no_picture(unknown, understood)]
    if len(unknown) > MOST:
        diagnostics.append(_more(unknown))
    return lines, diagnostics + unknown[:MOST]


def _is_reported(recovered: Recovered) -> bool:
    """Whether something is said of a line: here, or where its Python call is translated."""
    if recovered.diagnostics:
        return True
    calls = [line.call for line in recovered.lines if isinstance(line, Definition | Row)]
    return any(call is not None and call.python is not None for call in calls)


def _no_picture(unknown: Sequence[Diagnostic], understood: int) -> Diagnostic:
    count = f"{len(unknown)} of its {len(unknown) + understood} lines cannot be read"
    return Diagnostic("SEQ102", f"this is not a picture: {count}", unknown[0].span, _SKETCH)


def _more(unknown: Sequence[Diagnostic]) -> Diagnostic:
    more = len(unknown) - MOST
    lines = "another line" if more == 1 else f"{more} more lines"
    return Diagnostic("SEQ102", f"{lines} cannot be read", unknown[MOST].span, _SKETCH)


def _fence(
    texts: Sequence[str], attempts: Sequence[Attempt]
) -> tuple[list[Attempt], list[Diagnostic]] | None:
    """What is within the fences of Markdown, and the finding about them; ``None`` if there are none.

    ```seq          removed
    Y
    |               the picture
    X
    ```             removed
    """
    faulty = [item.number for item in attempts if item.problem is not None]
    fences = [number for number in faulty if _FENCE.match(texts[number - 1])]
    if not fences:
        return None
    inside, marked = False, frozenset(fences)
    kept: list[Attempt] = []
    removed: list[Edit] = []
    for item in attempts:
        # An opening fence has a word behind it, a closing one none; people forget both, so they take turns.
        if item.number in marked:
            inside = not inside
        elif inside or item.problem is None:
            # Outside, too, what reads as a line of a picture is kept: it may be a parameter above the fence.
            kept.append(item)
            continue
        removed.append(Edit(item.number, 1, None))
    return kept, [
        Diagnostic(
            "SEQ102",
            "a fence of Markdown in a `.seq` file, which holds pictures only",
            Span(fences[0], 1, len(texts[fences[0] - 1].rstrip()) + 1),
            "remove the fences and the text outside, or name the file `.md`: seqdsl reads pictures in Markdown",
            edits=tuple(removed),
        )
    ]
