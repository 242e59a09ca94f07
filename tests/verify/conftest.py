"""Hand-written sources and jobs, and one worker for each framework that all tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from seqdsl.verify.jobs import Case, Job, Port
from seqdsl.verify.lane import Lane

TORCH = """
from torch import nn


def build_model(units: int = 4) -> nn.Module:
    return nn.Linear(8, units)
"""

KERAS = """
import keras
from keras import layers


def build_model(units: int = 4) -> keras.Model:
    return keras.Sequential([keras.Input(shape=(8,)), layers.Dense(units)])
"""

SOURCES = {"torch": TORCH, "keras": KERAS}


@pytest.fixture(scope="session")
def make_job() -> Callable[..., Job]:
    """A right job: one dense layer from 8 features to 4. Keywords replace parts of it."""

    def make(target: str = "torch", **changes: Any) -> Job:
        parts: dict[str, Any] = {
            "model": "dense",
            "source": SOURCES[target],
            "parameters": 36,
            "inputs": (Port("x", (8,)),),
            "outputs": (Port("y", (4,)),),
            "cases": tuple(Case(batch, ((batch, 8),), ((batch, 4),)) for batch in (1, 3, 7)),
        }
        return Job(target=target, **{**parts, **changes})

    return make


@pytest.fixture(scope="session")
def lanes() -> Iterator[dict[str, Lane]]:
    """A lane for each framework; its first job pays for the import."""
    shared = {target: Lane(target, timeout=20) for target in (*SOURCES, "numpy")}
    yield shared
    for lane in shared.values():
        lane.close()
