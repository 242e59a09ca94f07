"""topology → what its model is called with: two batches of other sizes, in numpy alone."""

from __future__ import annotations

from typing import Any

import numpy as np

NAMES = (
    "one_to_one", "one_to_many", "many_to_one", "many_to_many", "last_steps", "padded_steps", "encoder_decoder",
    "translation", "stacked", "bidirectional", "gru", "masked",
)  # fmt: skip

VECTORS = ("one_to_one", "one_to_many")


def batches(name: str, framework: str) -> list[list[Any]]:
    """The arguments of two calls."""
    drawn = np.random.default_rng(3)
    return [_arguments(name, framework, samples, drawn) for samples in (2, 5)]


def _arguments(name: str, framework: str, samples: int, drawn: np.random.Generator) -> list[Any]:
    kind = np.int64 if framework == "torch" else np.int32
    if name == "translation":
        return [drawn.integers(1, 20, (samples, steps)).astype(kind) for steps in (6, 5)]
    if name == "masked":
        lengths = 2 + np.arange(samples) % 4
        words = drawn.integers(1, 20, (samples, 6)) * (np.arange(6) < lengths[:, None])
        # PyTorch takes the lengths, Keras finds them.
        both = [words.astype(kind), lengths.astype(kind)]
        return both if framework == "torch" else both[:1]
    steps = () if name in VECTORS else (3,) if name == "padded_steps" else (6,)
    return [drawn.normal(size=(samples, *steps, 4)).astype(np.float32)]
