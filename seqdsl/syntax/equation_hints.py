"""a line of a cell that cannot be read → what to write: what people try who know papers and Python."""

from __future__ import annotations

import re

_GENERAL = {
    "header": "write `cell NAME(units):`, for example `cell mgu(units):`, and the equations below it, indented",
    "equation": "write `name = expression`, for example `f = sigmoid(dense(x, h))`; a blank line ends a cell",
}

_TRIED = (
    # h = tanh(W @ x + U @ h + b)
    ("@", "matrices have no names: `dense(x, h)` is one for each value, added up, with a bias"),
    # sqrt(1 - a ** 2)
    (r"\*\*|\^", "there are no powers: write a square as a product, `a * a`"),
    (
        r"^\s*return\b",
        "a cell gives what its last equation is called: write `h = ...` as the last one",
    ),
)
"""Patterns of an equation, and what to write instead."""

_WORD = re.compile(r"[A-Z]\w*")


def hint_for(code: str, column: int, start: str) -> str:
    """What to write instead of a line.

    Args:
        code: the line without its comment.
        column: where it cannot be read, from 1 on.
        start: whether it is the ``header`` of a cell or an ``equation``.
    """
    word = _WORD.match(code, column - 1)
    if start == "header":
        if word is None:
            return _GENERAL[start]
        return f"names of cells and parameters are lower-case: `{_lower(word.group())}`, not `{word.group()}`"
    for pattern, hint in _TRIED:
        if re.search(pattern, code):
            return hint
    if word is None:
        return _GENERAL[start]
    return f"names in equations are lower-case: `{_lower(word.group())}`, not `{word.group()}`"


def _lower(word: str) -> str:
    """``MyCell`` as ``my_cell``, ``W`` as ``w``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", word).lower()
