"""Two models are equal, or differ on padded steps alone, or differ; results decide, not shapes alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

import seqdsl
from seqdsl.porting.checking import without_padding
from seqdsl.porting.comparing import compare_results
from seqdsl.verify.expected_results import compute_expected
from seqdsl.verify.generated_job import job_for

MODEL = seqdsl.compile("Y Y Y   dense(2)\n| | |\nH-H-H   lstm(4)\n| | |\nX X X   input(3, mask=0)")
JOB = job_for(MODEL, "torch")

Array = Any


def right(number: int, arrays: Sequence[Array]) -> list[Array]:
    return [np.cumsum(arrays[0][:, :, :2].astype(float), axis=1)]


def padded(number: int, arrays: Sequence[Array]) -> list[Array]:
    """Something else where all features are 0, which marks a padded step."""
    return [right(number, arrays)[0] + 5.0 * (arrays[0] == 0).all(2, keepdims=True)]


def wrong(number: int, arrays: Sequence[Array]) -> list[Array]:
    result = right(number, arrays)[0].copy()
    result[0, -1, 0] += 1e-3 * (number == 2)
    return [result]


def single(number: int, arrays: Sequence[Array]) -> list[Array]:
    return [right(number, arrays)[0].astype(np.float32)]


@pytest.mark.parametrize(
    ("mine", "fault", "padding", "precision"),
    [
        (right, "", "", "float64"),
        (single, "", "", "float32"),
        (padded, "", "padded steps", "float64"),
        (wrong, "at (0, 2, 0)", "", "float64"),
        (lambda number, arrays: [right(number, arrays)[0][:, -1]], "(1, 2)", "", "float64"),
        (
            lambda number, arrays: [*right(number, arrays)] * 2,
            "(1, 3, 2), (1, 3, 2)",
            "",
            "float64",
        ),
    ],
)
def test_comparisons(
    mine: Callable[[int, Sequence[Array]], list[Array]], fault: str, padding: str, precision: str
) -> None:
    compared = compare_results(right, mine, JOB)
    assert fault in compared.fault
    assert bool(compared.fault) is bool(fault)
    assert padding in compared.padding
    assert bool(compared.padding) is bool(padding)
    assert compared.precision == precision
    if not fault:
        assert compared.cases == len(JOB.cases)
        assert compared.largest < (1e-5 if precision == "float32" else 1e-15)


def test_what_is_not_finite_is_told_as_such() -> None:
    def broken(number: int, arrays: Sequence[Array]) -> list[Array]:
        return [right(number, arrays)[0] * np.nan]

    compared = compare_results(broken, broken, JOB)
    assert "is nan in the model" in compared.fault
    assert "weights that are not finite" in compared.fault


def test_without_padding() -> None:
    """What is expected stays with its case."""
    expected = compute_expected(MODEL)
    job = without_padding(JOB, expected)
    assert job.expected is not None
    whole = [place for place, case in enumerate(JOB.cases) if not case.padded]
    assert 0 < len(whole) < len(JOB.cases)
    assert job.cases == tuple(JOB.cases[place] for place in whole)
    assert job.expected.outputs == tuple(expected.outputs[place] for place in whole)
    assert [item.case for item in job.expected.derivatives] == [1]
