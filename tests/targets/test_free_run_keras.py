"""``generate`` of Keras modules: what the model as trained gives for it, and what PyTorch's gives."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch

import seqdsl
from seqdsl.targets.torch import weights
from seqdsl.verify.spec_weights import layer_weights
from tests.targets.called_runs import CALLED
from tests.targets.free_runs import PICTURES as STATES
from tests.targets.free_runs import arrays_for, case_of, free_steps
from tests.targets.loop_runs import BEGUN, LOOPS
from tests.targets.past_runs import PAST
from tests.targets.refused_runs import NO_HEAT, REFUSED

PICTURES = STATES | PAST | CALLED | LOOPS | {"begun": BEGUN}


def report(backend: str, *names: str) -> Any:
    """What `run_free_runs` found with a backend of Keras."""
    quiet = {"CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.targets.run_free_runs", *names],
        env={**os.environ, **quiet, "KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["backend"] == backend
    return found


def by_torch(name: str, length: int) -> Any:
    """What PyTorch's `generate` gives."""
    compiled = seqdsl.compile(PICTURES[name])
    module: dict[str, Any] = {"__name__": "generated"}
    exec(compiled.source("torch"), module)
    model = module["build_model"]().double().eval()
    layers = layer_weights(compiled.spec)
    weights.write(model, layers, arrays_for(layers))
    case = case_of(PICTURES[name], length)
    others = [torch.from_numpy(item) for item in case.arrays if item is not None]
    steps = free_steps(PICTURES[name], length)
    return model.generate(*others, start=torch.from_numpy(case.prompt), steps=steps).numpy()


def check_again(found: dict[str, list[Any]]) -> None:
    """What was generated is there, as the model as trained gives the same, and it is what PyTorch gives."""
    for name, made in found.items():
        for length, given in zip((1, 2), made, strict=True):
            expected = by_torch(name, length)
            assert np.shape(given) == expected.shape, name
            assert np.allclose(given, expected, rtol=1e-3, atol=1e-4), name
            # Ids that never change would be right whatever the steps do.
            assert length > 1 or len(np.unique(expected)) > 1, name


@pytest.mark.slow
def test_keras_generates_what_the_trained_model_gives() -> None:
    found = report("tensorflow")
    assert found["again"].keys() == PICTURES.keys()
    check_again(found["again"])
    assert all(found["stopped"].values())
    assert all(found["seeded"].values())
    assert found["without start"]
    assert found["without axis"]
    assert found["refused"] == [*(item.message for item in REFUSED), NO_HEAT]
    assert found["too long"] == "position_p has 12 steps, 15 are needed"
    for distance, other in found["drawn"].values():
        # Of 20,000 draws; greedily, or at another temperature, it is another distribution by far.
        assert distance < 4 * (0.25 / 20_000) ** 0.5
        assert other > 0.02


@pytest.mark.slow
def test_keras_generates_the_same_with_another_backend() -> None:
    check_again(report("torch", "caption", "convolutions", "attention", "image-first")["again"])
