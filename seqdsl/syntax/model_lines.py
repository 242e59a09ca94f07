"""a ``model`` line with more than a name → the name alone, and its parameters as the lines that they are.

::

    model block(width=8):          as functions of Python, and cells, are written
    model block                    the line
    width = 8                      a line of its own, anywhere in the model
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seqdsl.syntax.ast import Line, ModelLine, Parameter
from seqdsl.syntax.faulty import Recovered, code, whole_line
from seqdsl.text.diagnostics import Diagnostic
from seqdsl.text.source import Span

if TYPE_CHECKING:
    from seqdsl.syntax.faulty import Faulty

_MODEL = re.compile(
    r"(?P<head>[ \t]*model[ \t]+[\w-]+)[ \t]*(?:\((?P<given>[^()]*)\))?[ \t]*(?P<colon>:?)"
)


def model_line(faulty: Faulty) -> Recovered | None:
    """``model block(width=8)``, ``model block:``; ``None`` for any other line."""
    text = code(faulty.text)
    match = _MODEL.fullmatch(text)
    if match is None:
        return None
    head = match["head"].strip()
    lines = faulty.lines(head)
    if not (len(lines) == 1 and isinstance(lines[0], ModelLine)):
        return None
    given = [item.strip() for item in (match["given"] or "").split(",") if item.strip()]
    parameters, written = _parameters(faulty, given)
    more = "".join(f"\nand {item} as a line of its own" for item in written)
    problem = Diagnostic(
        "SEQ102",
        "a `model` line ends after the name"
        + ("; its parameters have lines of their own" if given else ""),
        Span(faulty.number, match.end("head") + 1, len(text) + 1),
        f"write `{head}`{more}",
        # Parameters need lines of their own, elsewhere: one edit does not do it.
        edits=() if given else whole_line(faulty, head),
    )
    return Recovered([*lines, *parameters], [problem])


def _parameters(faulty: Faulty, given: list[str]) -> tuple[list[Line], list[str]]:
    """The parameters in brackets as lines, and how these are written; a name alone has an example's value."""
    lines: list[Line] = []
    written = []
    for item in given:
        text = item if "=" in item else f"{item} = 8"
        found = faulty.lines(text)
        if len(found) == 1 and isinstance(found[0], Parameter):
            name, _, value = (part.strip() for part in text.partition("="))
            written.append(f"`{name} = {value}`")
            lines += found
    return lines, written
