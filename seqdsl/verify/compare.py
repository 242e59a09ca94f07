"""results → results: what one framework found, compared with what the others found of the same model."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seqdsl.verify.report import Result

RELATIVE, ABSOLUTE = 1e-5, 1e-7
"""How near sums over the outputs, slopes and losses of two frameworks come."""


def compare(results: Iterable[Result]) -> list[Result]:
    """The same results; those of a check for which a framework found other figures than the first fail."""
    first: dict[tuple[str, int, str, str], Result] = {}
    found = []
    for result in results:
        if not (result.passed and result.figures):
            found.append(result)
            continue
        key = (result.file, result.line, result.model, result.check)
        known = first.setdefault(key, result)
        fault = _fault(known, result)
        if len(result.figures) > len(known.figures):
            # What only predicts has none of the gradients, which come behind the values.
            first[key] = result
        found.append(replace(result, passed=False, message=fault) if fault else result)
    return found


def _fault(known: Result, result: Result) -> str:
    for one, other in zip(known.figures, result.figures, strict=False):
        if not math.isclose(one, other, rel_tol=RELATIVE, abs_tol=ABSOLUTE):
            return (
                f"with the same weights, {known.target} and {result.target} part: "
                f"{one:.9g} there is {other:.9g} here"
            )
    return ""
