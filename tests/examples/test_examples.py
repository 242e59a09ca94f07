"""Every example comes out as expected, and both generated models are what was inferred."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from seqdsl.api import Analysis, Model
from seqdsl.targets import TARGETS
from seqdsl.verify.check_names import checks_of
from seqdsl.verify.pool import verify
from seqdsl.verify.report import Report
from tests.compiled import analyzed

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FOLDER = Path(__file__).parents[2] / "examples"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((FOLDER / "expected.toml").read_text("utf-8"))
PATHS = sorted(FOLDER.glob("**/*.seq"))
ANALYSES: dict[Path, Analysis] = {path: analyzed(path) for path in PATHS}
MODELS: dict[str, Model] = {
    model.name: model for analysis in ANALYSES.values() for model in analysis.models
}
BOTH = sorted(MODELS.keys() & EXPECTED)


def shapes(model: Model, ports: Any) -> list[list[int | str]]:
    """Shapes as the expectations have them: a free length is ``*``."""
    return [[_shown(model.length(size)) for size in port.shape] for port in ports]


def _shown(length: int | str | None) -> int | str:
    return length if isinstance(length, int) else "*"


def steps(model: Model) -> Any:
    """N as the expectations have it: a list only for several outputs."""
    found = [_shown(n) for n in model.n]
    return found if len(found) > 1 else found[0]


ASPECTS = {
    "topology": lambda model: model.topology,
    "qualifiers": lambda model: list(model.qualifiers),
    "n": steps,
    "inputs": lambda model: shapes(model, model.inputs),
    "lengths": lambda model: [item.name for item in model.lengths],
    "outputs": lambda model: shapes(model, model.outputs),
    "states": lambda model: shapes(model, model.spec.states),
    "parameters": lambda model: model.parameters,
}


def test_every_example_has_an_expectation_and_the_reverse() -> None:
    assert sorted(MODELS) == sorted(EXPECTED)
    assert sum(len(analysis.models) for analysis in ANALYSES.values()) == len(MODELS)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_an_example_has_no_findings(path: Path) -> None:
    names = [model.name for model in ANALYSES[path].models]
    allowed = {code for name in names for code in EXPECTED[name].get("warnings", ())}
    assert names
    assert {item.code for item in ANALYSES[path].diagnostics} == allowed
    assert not any(item.is_error for item in ANALYSES[path].diagnostics)


@pytest.mark.parametrize("name", BOTH)
def test_an_example_is_as_expected(name: str) -> None:
    expected = {"qualifiers": [], "lengths": [], "states": [], **EXPECTED[name]}
    expected.pop("warnings", None)
    assert expected.keys() == ASPECTS.keys()
    assert {aspect: show(MODELS[name]) for aspect, show in ASPECTS.items()} == expected


@pytest.fixture(scope="session")
def report() -> Report:
    """All examples in both frameworks, in one run: each framework is imported once."""
    return verify(list(MODELS.values()), TARGETS)


# One group: with several test processes, the report is still made once.
@pytest.mark.xdist_group("examples")
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", sorted(MODELS))
def test_a_generated_model_is_what_was_inferred(report: Report, name: str, target: str) -> None:
    results = report.of(name, target)
    failed = [f"{item.check}: {item.message}" for item in results if not item.passed]
    assert not failed, "\n".join(failed)
    assert {item.check for item in results} >= set(checks_of(target))
