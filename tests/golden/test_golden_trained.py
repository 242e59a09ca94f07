"""The modules that the scripts of ``examples/trained`` import are what their pictures say today."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from seqdsl.api import Model
from seqdsl.targets import TRAINED
from tests.compiled import compiled

FOLDER = Path(__file__).parents[2] / "examples" / "trained"
MODELS: dict[str, Model] = {
    model.name.replace("-", "_"): model
    for path in sorted(FOLDER.glob("*.seq"))
    for model in compiled(path)
}


def place(target: str, name: str) -> Path:
    return FOLDER / "models" / target / f"{name}.py"


@pytest.mark.parametrize("target", TRAINED)
@pytest.mark.parametrize("name", MODELS)
def test_module(golden: Callable[[Path, str], None], target: str, name: str) -> None:
    golden(place(target, name), MODELS[name].source(target))


def test_there_are_no_others() -> None:
    expected = {place(target, name) for target in TRAINED for name in MODELS}
    assert set(FOLDER.glob("models/*/*.py")) == expected
