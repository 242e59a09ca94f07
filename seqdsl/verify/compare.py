"""results → results: the summary values of one framework, compared with those of the others for the same model."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seqdsl.verify.report import Result

RELATIVE, ABSOLUTE = 1e-5, 1e-7
"""How near sums over the outputs, directional derivatives and losses of two frameworks come."""


def compare(results: Iterable[Result]) -> list[Result]:
    """The same results; a check fails where a framework has other summary values than the first."""
    first: dict[tuple[str, int, str, str], Result] = {}
    compared = []
    for result in results:
        if not (result.passed and result.summary_values):
            compared.append(result)
            continue
        key = (result.file, result.line, result.model, result.check)
        earlier = first.setdefault(key, result)
        fault = _fault(earlier, result)
        if len(result.summary_values) > len(earlier.summary_values):
            # What only predicts has none of the gradients, which come behind the values.
            first[key] = result
        compared.append(replace(result, passed=False, message=fault) if fault else result)
    return compared


def _fault(earlier: Result, result: Result) -> str:
    for one, other in zip(earlier.summary_values, result.summary_values, strict=False):
        if not math.isclose(one, other, rel_tol=RELATIVE, abs_tol=ABSOLUTE):
            return (
                f"with the same weights, {earlier.target} and {result.target} differ: "
                f"{one:.9g} and {other:.9g}"
            )
    return ""
