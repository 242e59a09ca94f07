"""Random rows over padded sequences, in all ways to read them: all targets do what the interpreter does."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from seqdsl.api import Model, analyze
from seqdsl.targets import TARGETS
from seqdsl.verify.pool import verify
from tests.random_pictures.padded import random_padded
from tests.random_pictures.padded_loops import random_padded_loop
from tests.random_pictures.pooled import random_pooled
from tests.unsaved import UNSAVED

DRAWN = 0.3
"""How many of the wirings are drawn at least: most of those that are not have wires that no picture has."""


def _models(seeds: range) -> dict[str, Model]:
    found = {}
    for seed in seeds:
        if (text := random_padded(seed)) is not None:
            (model,) = analyze(text, f"padded-{seed}.seq").models
            found[model.file] = model
    return found


def _check(models: dict[str, Model], targets: Sequence[str]) -> None:
    """Fail for each check that a target's model fails, with the picture."""
    report = verify(list(models.values()), targets, checks=UNSAVED)
    failed = [
        f"{item.file}, {item.target}, {item.check}: {item.message}\n{models[item.file].spec.picture}"
        for item in report.failures
    ]
    assert report.results and not failed, "\n\n".join(failed)


def test_random_padded_pictures(pytestconfig: pytest.Config) -> None:
    first = pytestconfig.getoption("--first-seed")
    seeds = range(first, first + pytestconfig.getoption("--proven-pictures"))
    models = _models(seeds)
    assert len(models) > DRAWN * len(seeds)
    _check(models, TARGETS)


def test_every_way_to_read_is_drawn() -> None:
    texts = list(filter(None, map(random_padded, range(60))))
    sources = [analyze(text, "padded.seq").models[0].source("numpy") for text in texts]
    # Valid steps moved to the front, the last valid ones, a mask with valid steps around it, means of valid steps.
    for word in ("_true_first", "last", "constant_values=True", "keepdims=True"):
        assert any(word in source for source in sources), word
    assert any("..n.." in text or "..." in text for text in texts)


# A loop takes its targets longer than rows do; Keras writes its masks as PyTorch does.
@pytest.mark.parametrize(
    ("draw", "targets"), [(random_padded_loop, ["torch", "numpy"]), (random_pooled, TARGETS)]
)
def test_few_of_other_pictures_over_padded_steps(
    draw: Callable[[int], str], targets: list[str], pytestconfig: pytest.Config
) -> None:
    first = pytestconfig.getoption("--first-seed")
    count = pytestconfig.getoption("--proven-pictures") // 16
    models = {}
    for seed in range(first, first + count):
        (model,) = analyze(draw(seed), f"{draw.__name__}-{seed}.seq").models
        models[model.file] = model
    _check(models, targets)


def test_every_loop_over_padded_steps_compiles() -> None:
    texts = list(map(random_padded_loop, range(100)))
    found = {text: analyze(text, "loop.seq") for text in texts}
    assert not [text for text, analysis in found.items() if len(analysis.models) != 1]
    assert not [
        text for text, analysis in found.items() if any(d.is_error for d in analysis.diagnostics)
    ]
    rows = [analysis.models[0].spec.blocks for analysis in found.values()]
    # Rows of one length, and of several: some begin later, or end earlier.
    lengths = [{block.steps for block in blocks if block.delayed or block.masks} for blocks in rows]
    assert {len(item) > 1 for item in lengths} == {True, False}
