"""Random cells, wherever a recurrent letter may stand: they compile, are written for all targets, and are verified."""

from __future__ import annotations

import random

import pytest

from seqdsl.api import Model, analyze
from seqdsl.verify.pool import verify
from tests.random_pictures.cells import PICTURES, picture_of, random_cell
from tests.unsaved import UNSAVED

SEEDS = range(2 * len(PICTURES))


def _model(seed: int) -> Model:
    cell = random_cell(random.Random(seed))
    # Every place, with other cells in each.
    text = picture_of(cell, list(PICTURES)[seed % len(PICTURES)])
    analysis = analyze(text, f"cell{seed}.seq")
    assert analysis.models, f"{text}\n{analysis.diagnostics}"
    return analysis.models[0]


@pytest.mark.parametrize("target", ["torch", "numpy"])
def test_random_cells_are_what_their_equations_say(target: str) -> None:
    models = [_model(seed) for seed in SEEDS]
    report = verify(models, (target,), checks=UNSAVED)
    assert {item.model for item in report.results} == {model.name for model in models}
    assert not [f"{item.model}: {item.message}" for item in report.failures]


def test_random_cells_are_what_their_equations_say_in_keras() -> None:
    """One in each place; not in a loop, where some of them cannot be written."""
    places = [seed for seed, name in enumerate(PICTURES) if name != "looped"]
    report = verify([_model(seed) for seed in places], ("keras",), checks=UNSAVED)
    assert not [f"{item.model}: {item.message}" for item in report.failures]
