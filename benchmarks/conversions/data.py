"""topology → what its model is called with: several inputs, numbers of samples and lengths, in numpy alone."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

NAMES = (
    "one_to_one", "one_to_many", "many_to_one", "many_to_many", "last_steps", "padded_steps", "encoder_decoder",
    "translation", "stacked", "bidirectional", "gru", "masked",
)  # fmt: skip

VECTORS = ("one_to_one", "one_to_many")
"""What has no length, as it takes a vector."""

SHOWN, SAMPLES, STEPS = "shown", "samples", "steps"
"""Kinds of calls: of the shape that the converter is shown, with other numbers of samples, with other lengths."""


class Case(NamedTuple):
    """A call of a model."""

    kind: str
    arrays: list[Any]


def cases(name: str, framework: str) -> list[Case]:
    """The calls of a model; the first is the one that a converter is shown."""
    drawn = np.random.default_rng(3)
    kinds = [(SHOWN, 2, 0), (SHOWN, 2, 0), (SAMPLES, 5, 0), (SAMPLES, 1, 0)]
    if name not in VECTORS:
        kinds += [(STEPS, 2, -2), (STEPS, 2, 4)] if name != "padded_steps" else [(STEPS, 2, 2)]
    return [
        Case(kind, _arguments(name, framework, samples, more, drawn))
        for kind, samples, more in kinds
    ]


def _arguments(
    name: str, framework: str, samples: int, more: int, drawn: np.random.Generator
) -> list[Any]:
    kind = np.int64 if framework == "torch" else np.int32
    if name == "translation":
        lengths = (6 + more, 5 + more)
        return [drawn.integers(1, 20, (samples, steps)).astype(kind) for steps in lengths]
    if name == "masked":
        lengths = 2 + np.arange(samples) % 3
        # The longest sample fills the array.
        lengths[0] = 6 + more
        words = drawn.integers(1, 20, (samples, 6 + more)) * (
            np.arange(6 + more) < lengths[:, None]
        )
        # PyTorch takes the lengths, Keras finds them.
        both = [words.astype(kind), lengths.astype(kind)]
        return both if framework == "torch" else both[:1]
    steps = () if name in VECTORS else (3 + more,) if name == "padded_steps" else (6 + more,)
    return [drawn.normal(size=(samples, *steps, 4)).astype(np.float32)]
