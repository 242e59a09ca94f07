"""Loops that call random pictures for whole rows: they compile, can be explained and drawn, and pass every check."""

from __future__ import annotations

import pytest

from seqdsl.api import Model, analyze
from seqdsl.explain.model import explain
from seqdsl.ir.loop_calls import calls_in_loops
from seqdsl.targets import TARGETS, write
from seqdsl.verify.pool import verify
from tests.random_pictures.called_loops import random_called_loop
from tests.unsaved import UNSAVED

DRAWN = 50
"""Of so many random pictures one is such a loop: to find one takes a hundred tries."""
VERIFIED = (3, 5, 8, 21)
"""Few: each builds several models; others are only compiled."""


def compiled(seed: int) -> Model:
    """The loop of a seed, which calls a picture for a whole row."""
    analysis = analyze(random_called_loop(seed), f"called-loop-{seed}.seq")
    errors = [item for item in analysis.diagnostics if item.is_error]
    assert not errors, (seed, errors)
    return analysis.models[-1]


def test_they_compile_and_can_be_explained(pytestconfig: pytest.Config) -> None:
    kinds = set()
    for seed in range(pytestconfig.getoption("--random-pictures") // DRAWN):
        model = compiled(seed)
        assert calls_in_loops(model.spec), seed
        modules = {target: write(model.spec, target) for target in TARGETS}
        assert explain(model.spec, modules)
        kinds |= {layer.kind for body in model.spec.called.values() for layer in body.layers}
    assert {"dense", "gru", "rnn", "lstm", "conv"} <= kinds


def test_they_pass_every_check() -> None:
    models = [compiled(seed) for seed in VERIFIED]
    report = verify(models, TARGETS, checks=UNSAVED)
    assert report.results and not [
        f"{item.file}, {item.target}, {item.check}: {item.message}" for item in report.failures
    ]
