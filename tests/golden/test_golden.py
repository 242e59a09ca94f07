"""The meaning, the generated source and the drawing of every example, as it was last read by a person."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from seqdsl.api import Model
from seqdsl.targets import TRAINED
from tests.compiled import compiled

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
MODELS: dict[str, Model] = {
    model.name: model for path in sorted(EXAMPLES.glob("**/*.seq")) for model in compiled(path)
}


def place(target: str, name: str) -> Path:
    return HERE / target / f"{name}.py"


NUMPY = (
    "attention-decoder", "bidirectional-final-state", "broken-chains", "causal-convolution", "masked-last-step",
    "many-to-many-last-3", "many-to-one", "stacked", "translation",
)  # fmt: skip
"""The examples whose numpy source is read: half of a module is the same in all of them."""

# The sources of pictures that are trained stand beside the scripts that import them: `test_golden_trained`.
READ_THERE = {
    model.name for path in (EXAMPLES / "trained").glob("*.seq") for model in compiled(path)
}
SOURCES = [(target, name) for target in TRAINED for name in sorted(MODELS.keys() - READ_THERE)]
SOURCES += [("numpy", name) for name in NUMPY]


@pytest.mark.parametrize(("target", "name"), SOURCES)
def test_source(golden: Callable[[Path, str], None], target: str, name: str) -> None:
    golden(place(target, name), MODELS[name].source(target))


def drawing(name: str) -> Path:
    return HERE / "svg" / f"{name}.svg"


@pytest.mark.parametrize("name", sorted(MODELS))
def test_drawing(golden: Callable[[Path, str], None], name: str) -> None:
    golden(drawing(name), str(MODELS[name].draw("svg")))


EXPANDED = ("hierarchical-attention", "decoder-only-stack")
"""The examples whose drawing is read with those of the models that they call."""


def expanded_drawing(name: str) -> Path:
    return HERE / "svg" / f"{name}.expanded.svg"


@pytest.mark.parametrize("name", EXPANDED)
def test_expanded_drawing(golden: Callable[[Path, str], None], name: str) -> None:
    golden(expanded_drawing(name), str(MODELS[name].draw("svg", expand=True)))


def meaning(name: str) -> Path:
    return HERE / "ir" / f"{name}.ir"


@pytest.mark.parametrize("name", sorted(MODELS))
def test_meaning(golden: Callable[[Path, str], None], name: str) -> None:
    golden(meaning(name), str(MODELS[name].spec.ir))


def test_there_are_no_others() -> None:
    found = {path for path in HERE.glob("*/**/*") if path.is_file() and path.suffix != ".pyc"}
    sources = {place(*source) for source in SOURCES}
    others = {where(name) for where in (drawing, meaning) for name in MODELS}
    assert found == sources | others | set(map(expanded_drawing, EXPANDED))
