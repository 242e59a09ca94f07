"""A builder is for all values of its parameters: the picture with other values has the same source, or a warning."""

from __future__ import annotations

import re
from pathlib import Path

from seqdsl.api import Analysis, Model, analyze
from seqdsl.targets import TARGETS, source
from seqdsl.verify.parameter_variation import compiled_with, varied
from tests.compiled import analyzed
from tests.random_pictures import random_picture

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("**/*.seq"))
SEEDS = range(20_000, 20_300)


def shown(model: Model, target: str) -> str:
    """A model's source without its picture and without what depends on the defaults."""
    code, _, _ = source(model.spec, target).partition('\n\nif __name__ == "__main__":')
    # Docstrings have the picture, in which the defaults are, and sizes as they are with the defaults.
    code = re.sub(r'(?s)r?"""(?:[^"]|"(?!""))*?"""', "", code)
    for item in model.spec.parameters:
        # A function of numpy's may have a parameter of that name, with a default of its own.
        code = re.sub(rf"\b{item.name}: (int|float) = [^,)\n]+", f"{item.name}: its default", code)
    return code


def warned(analysis: Analysis) -> list[str]:
    """What is said of builders that work for one value only."""
    return [item.message for item in analysis.diagnostics if item.code == "SEQ410"]


def hold(analysis: Analysis) -> int:
    """Hold all models of a text; how many of them could be compiled with other values."""
    tried = 0
    for model in analysis.models:
        other = varied(model).model
        if other is None or warned(analysis):
            continue
        tried += 1
        for target in TARGETS:
            assert shown(model, target) == shown(other, target), model.spec.picture
    return tried


def test_examples() -> None:
    assert sum(hold(analyzed(path)) for path in EXAMPLES) > 5


def test_random_pictures() -> None:
    assert sum(hold(analyze(random_picture(seed))) for seed in SEEDS) > 50


def test_what_is_warned_of_fails() -> None:
    count = 0
    for seed in SEEDS:
        analysis = analyze(random_picture(seed))
        for message in warned(analysis):
            (model,) = analysis.models
            named = re.findall(r"`(\w+) = (\d+)`", message)
            count += 1
            assert named
            for name, value in named:
                assert compiled_with(model, {name: int(value) + 97}) is None, (
                    message,
                    model.spec.picture,
                )
    assert count > 10
