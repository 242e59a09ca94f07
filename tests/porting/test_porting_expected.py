"""What a picture gives with random weights is computed once: for its check against the model, and for its port's."""

from __future__ import annotations

from typing import cast

import pytest

from seqdsl.importers.reading import Reading
from seqdsl.pipeline import analyze
from seqdsl.porting import porting
from seqdsl.porting.importing import Imported
from seqdsl.porting.outcome import Outcome
from seqdsl.porting.worker import Read
from seqdsl.verify.expected_results import compute_expected

PICTURE = """\
    O   output
    |
O O O   lstm(3)
| | |
O O O   input(2)
"""


class _Never:
    def __init__(self, *_: object) -> None:
        raise AssertionError("it is asked again")


def test_expected_results_are_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    (model,) = analyze(PICTURE, "picture.seq").models
    monkeypatch.setattr(porting, "OracleWorker", _Never)
    read, outcome = Read(Reading(None), "keras", ""), cast("Outcome", None)
    expected = compute_expected(model)
    known = Imported(PICTURE, model, read, outcome, expected)
    assert porting._job(known, "torch", 1.0, None).expected is expected
    with pytest.raises(AssertionError, match="asked again"):
        porting._job(Imported(PICTURE, model, read, outcome), "torch", 1.0, None)
