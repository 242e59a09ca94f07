"""Models that are not the picture, though their shapes are right, are caught by the check that should."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

import seqdsl
from seqdsl.api import Model
from seqdsl.verify.check_names import CHECKS, checks_of
from seqdsl.verify.expected import Expected
from seqdsl.verify.expected_results import compute_expected
from seqdsl.verify.generated_job import job_for
from seqdsl.verify.jobs import Job
from seqdsl.verify.lane import Lane
from tests.unsaved import UNSAVED
from tests.verify import (
    wrong_calls,
    wrong_generate,
    wrong_grids,
    wrong_images,
    wrong_learning,
    wrong_lengths,
    wrong_loops,
    wrong_models,
    wrong_padded_calls,
    wrong_samples,
    wrong_states,
)
from tests.verify.wrong_models import Wrong

_MODULES = (
    wrong_models,
    wrong_padded_calls,
    wrong_learning,
    wrong_lengths,
    wrong_states,
    wrong_loops,
    wrong_generate,
    wrong_samples,
    wrong_calls,
    wrong_grids,
    wrong_images,
)
PICTURES = {
    name: text for module in _MODULES for name, text in getattr(module, "PICTURES", {}).items()
}
WRONG = tuple(item for module in _MODULES for item in module.WRONG)

EXAMPLES = Path(__file__).parents[2] / "examples"


SAVED = {item.picture for item in WRONG if item.check == "saving"}


@cache
def right(name: str, target: str) -> Job:
    """The generated code of a picture, and its expected results; it is saved where a slip is found by that."""
    model, expected = compiled(name)
    checks = checks_of(target, CHECKS if name in SAVED else UNSAVED)
    return replace(job_for(model, target), checks=checks, expected=expected)


@cache
def compiled(name: str) -> tuple[Model, Expected]:
    """A picture, and what it must compute in whatever framework."""
    path = EXAMPLES / f"{name}.seq"
    text = PICTURES[name] if name in PICTURES else path.read_text("utf-8")
    model = seqdsl.compile(text, path.name)
    return model, compute_expected(model)


def wrong(item: Wrong) -> Job:
    """The same with its slip."""
    job = right(item.picture, item.target)
    for old, new in item.changes:
        assert old in job.source, f"{old!r} is not in\n{job.source}"
        job = replace(job, source=job.source.replace(old, new))
    return job


def failures(lane: Lane, job: Job) -> dict[str, str]:
    return {result.check: result.message for result in lane.run(job) if not result.passed}


def test_there_are_enough() -> None:
    assert len({(item.what, item.picture, item.target) for item in WRONG}) == len(WRONG) >= 40
    assert {item.check for item in WRONG} == set(CHECKS)


@pytest.mark.xdist_group("lanes")
@pytest.mark.parametrize("item", WRONG, ids=lambda item: f"{item.what}-{item.target}")
def test_a_wrong_model_is_caught(item: Wrong, lanes: dict[str, Lane]) -> None:
    found = failures(lanes[item.target], wrong(item))
    assert item.check in found, found
    assert "build" not in found, found
    # The shapes of the results are right.
    assert item.check == "shapes" or "shapes" not in found, found


@pytest.mark.xdist_group("lanes")
@pytest.mark.parametrize("item", wrong_models.MIXED, ids=lambda item: f"{item.what}-{item.target}")
def test_mixed_samples_are_caught_by_dependence_alone(item: Wrong, lanes: dict[str, Lane]) -> None:
    job = replace(wrong(item), checks=("shapes", "dependence"))
    found = failures(lanes[item.target], job)
    assert found.keys() == {"dependence"}
    assert found["dependence"].startswith("the samples of a batch depend on each other: sample ")


@pytest.mark.xdist_group("lanes")
@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("target", ["torch", "keras"])
def test_without_its_slip_a_model_is_right(name: str, target: str, lanes: dict[str, Lane]) -> None:
    assert failures(lanes[target], right(name, target)) == {}
