"""picture → the same, its layers in capital letters read as calls: ``H H H   GRU`` has no nodes `G`, `R` and `U`.

A row may hold any capital letters, so that only the layers' names tell a word from nodes that are drawn side by side.
What is read so is a call in another framework's words: it is answered like ``GRU()``, and never compiled.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.layers import find_layer
from seqdsl.lowering.framework_names import find_absent, find_counterparts
from seqdsl.syntax.capital_call import capital_call

if TYPE_CHECKING:
    from collections.abc import Collection

    from seqdsl.syntax.ast import Picture

_LAYER = re.compile(r".*\S[ \t]+(?P<word>[A-Z]{3,})")


def read_capital_calls(picture: Picture) -> Picture:
    """Read layers in capital letters at the right ends of rows as calls."""
    lines = {row.line: row.cells for row in picture.rows}
    letters = {item.letter for item in picture.definitions}
    rows = []
    for row in picture.rows:
        found = _LAYER.fullmatch(row.cells) if row.call is None else None
        if found is None or not _is_call(found, row.line, lines, letters):
            rows.append(row)
            continue
        word, at = found["word"], found.start("word")
        call = capital_call(word, row.line, at + 1)
        rows.append(replace(row, cells=row.cells[:at].rstrip(), call=call))
    return replace(picture, rows=tuple(rows))


def _is_call(
    found: re.Match[str], line: int, lines: dict[int, str], letters: Collection[str]
) -> bool:
    """Whether a word is a layer: it is called so, none of its letters is defined, and no wire meets it."""
    # | | |   |/      `ADD` may be nodes that are drawn close to each other: then wires lead to them,
    # H H H   ADD     or their letters have layers
    start, end = found.span("word")
    around = (lines.get(at, "")[start - 1 : end + 1] for at in (line - 1, line + 1))
    return (
        _is_layer(found["word"])
        and not set(found["word"]) & set(letters)
        and not any(text.strip() for text in around)
    )


def _is_layer(word: str) -> bool:
    if find_layer(word.lower()) is not None or find_counterparts(word):
        return True
    return find_absent(word) is not None
