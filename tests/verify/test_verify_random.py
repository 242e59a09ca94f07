"""Random pictures, over the whole language, keep every promise in both frameworks."""

from __future__ import annotations

import pytest

from seqdsl.pipeline import TARGETS, Model, analyze
from seqdsl.verify.pool import verify
from seqdsl.verify.promises import CHECKS
from tests.random_pictures import random_picture

FIRST = 10_000
"""Other pictures than those that are only compiled."""


def models(count: int) -> dict[str, Model]:
    """The models of so many pictures, by file."""
    found: dict[str, Model] = {}
    for seed in range(FIRST, FIRST + count):
        (model,) = analyze(random_picture(seed), f"random-{seed}.seq").models
        found[model.file] = model
    return found


def test_random_models_keep_their_promises(pytestconfig: pytest.Config) -> None:
    drawn = models(pytestconfig.getoption("--proven-pictures"))
    report = verify(list(drawn.values()), TARGETS)
    failed = [
        f"{item.file}, {item.target}, {item.check}: {item.message}\n{drawn[item.file].spec.picture}"
        for item in report.failures
    ]
    assert not failed, "\n\n".join(failed)
    assert len(report.results) == len(drawn) * len(TARGETS) * (len(CHECKS) + 1)
