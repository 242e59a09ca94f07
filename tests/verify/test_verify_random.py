"""Random pictures, over the whole language, pass every check in both frameworks."""

from __future__ import annotations

from pathlib import Path

import pytest

from seqdsl.api import Model, analyze
from seqdsl.targets import TARGETS
from seqdsl.verify.check_names import checks_of
from seqdsl.verify.pool import verify
from tests.random_pictures import random_calls, random_picture

PINNED = sorted((Path(__file__).parents[1] / "pinned").glob("proven-*.seq"))
"""What such pictures found."""

FIRST = 10_000
"""Other pictures than those that are only compiled."""


def models(first: int, count: int) -> dict[str, Model]:
    """The models of so many pictures from a seed on, and of those that are pinned, by file."""
    found = {path.name: analyze(path.read_bytes(), path.name).models[-1] for path in PINNED}
    for seed in range(first, first + count):
        (model,) = analyze(random_picture(seed), f"random-{seed}.seq").models
        found[model.file] = model
    # Of those that call others one for ten.
    for seed in range(first, first + count // 10):
        *_, model = analyze(random_calls(seed), f"calls-{seed}.seq").models
        found[model.file] = model
    return found


def test_there_are_pinned_pictures() -> None:
    assert len(PINNED) >= 5


def test_random_models_pass_every_check(pytestconfig: pytest.Config) -> None:
    first = FIRST + pytestconfig.getoption("--first-seed")
    drawn = models(first, pytestconfig.getoption("--proven-pictures"))
    report = verify(list(drawn.values()), TARGETS)
    failed = [
        f"{item.file}, {item.target}, {item.check}: {item.message}\n{drawn[item.file].spec.picture}"
        for item in report.failures
    ]
    assert not failed, "\n\n".join(failed)
    assert len(report.results) == len(drawn) * sum(len(checks_of(target)) + 1 for target in TARGETS)
