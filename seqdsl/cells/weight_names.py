"""names of an equation → names of its weights: ``ifgo_x`` is the matrix of `x` in ``i, f, g, o = split(...)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.syntax.equations import FunctionCall, Infix, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seqdsl.syntax.equations import Expression

_LONGEST = 12
"""Characters of the part of a weight's name that comes of one list of names."""


def joined(names: Iterable[str]) -> str:
    """Names as one: ``ifgo`` of ``i, f, g, o``, ``new_old`` of ``new, old``; the first few if they are many."""
    parts = list(dict.fromkeys(names))
    # i, f, g, o is ifgo; new, old is new_old; of `candidate, update, reset` only the first is taken
    gap = "" if all(len(part) == 1 for part in parts) else "_"
    kept = parts[:1]
    for part in parts[1:]:
        if len(gap.join([*kept, part])) > _LONGEST:
            break
        kept.append(part)
    return gap.join(kept)


def label(value: Expression) -> str:
    """What the matrix of a value is named after: ``fh`` of ``f * h``, ``h`` of ``dropout(h, rate)``."""
    return joined(_multiplied(value)) or "value"


def _multiplied(value: Expression) -> list[str]:
    """The names in a value that is multiplied, from left to right; how much of it is lost is not multiplied."""
    if isinstance(value, Infix):
        return [*_multiplied(value.left), *_multiplied(value.right)]
    if isinstance(value, FunctionCall):
        given = [item.value for item in value.arguments if item.keyword is None]
        # dropout(h, rate), zoneout(h, new, rate)
        values = given[:-1] if value.function in ("dropout", "zoneout") else given
        return [name for item in values for name in _multiplied(item)]
    return words_of(value)
