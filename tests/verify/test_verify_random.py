"""Random pictures, over the whole language, pass every check in both frameworks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from seqdsl.api import Model, analyze
from seqdsl.targets import TARGETS
from seqdsl.verify.check_names import CHECKS, checks_of
from seqdsl.verify.pool import verify
from seqdsl.verify.report import Result
from tests.random_pictures import random_calls, random_picture
from tests.unsaved import UNSAVED

PINNED = sorted((Path(__file__).parents[1] / "pinned").glob("proven-*.seq"))
"""What such pictures found."""

SAVED = 4
"""Of so many models one is saved and exported, too: as long as all else, and the same for every layer of a kind."""

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
    numbered = list(drawn.values())
    kept = [model for at, model in enumerate(numbered) if at % SAVED]
    results = [*_checked(numbered[::SAVED], CHECKS), *_checked(kept, UNSAVED)]
    failed = [
        f"{item.file}, {item.target}, {item.check}: {item.message}\n{drawn[item.file].spec.picture}"
        for item in results
        if not item.passed
    ]
    assert not failed, "\n\n".join(failed)
    assert len({(item.file, item.target) for item in results}) == len(drawn) * len(TARGETS)


def _checked(models: Sequence[Model], checks: Sequence[str]) -> tuple[Result, ...]:
    """The results of all checks in all targets."""
    results = verify(models, TARGETS, checks=checks).results
    assert len(results) == len(models) * sum(len(checks_of(to, checks)) + 1 for to in TARGETS)
    return results
