"""``generate``, and builders that take a temperature, refuse what would turn a distribution around, or empty prompts.

Keras's are called by `run_free_runs`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import seqdsl
from tests.targets.refused_runs import NO_HEAT, REFUSED, SAMPLED, told


def _space(text: str, target: str) -> dict[str, Any]:
    space: dict[str, Any] = {"__name__": "generated"}
    exec(seqdsl.compile(text).source(target), space)
    return space


def _by_torch(text: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    model = _space(text, "torch")["build_model"]().double()
    given = {**options, **({"start": _tensors(options["start"])} if "start" in options else {})}
    return model.generate(*map(torch.from_numpy, inputs), **given)


def _tensors(start: Any) -> Any:
    if isinstance(start, dict):
        return {name: torch.from_numpy(item) for name, item in start.items()}
    return torch.from_numpy(start)


def _by_numpy(text: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    module = _space(text, "torch")["build_model"]().double()
    *_, made = (item for item in _space(text, "numpy").values() if hasattr(item, "predict"))
    weights = {name: value.numpy() for name, value in module.state_dict().items()}
    return made(weights).generate(*inputs, **options)


@pytest.mark.parametrize("run", [_by_torch, _by_numpy])
def test_what_gives_no_distribution_or_no_step_is_refused(run: Any) -> None:
    assert told(run) == [item.message for item in REFUSED]


@pytest.mark.parametrize("run", [_by_torch, _by_numpy])
def test_what_is_refused_is_taken_at_its_limit(run: Any) -> None:
    """The same calls with one step, and at a temperature of zero."""
    for item in REFUSED:
        options = {**item.options, "temperature": 0} if "temperature" in item.options else {}
        if options:
            assert run(item.picture, item.inputs, options) is not None


def test_a_builder_refuses_a_temperature_below_zero() -> None:
    space = _space(SAMPLED, "torch")
    with pytest.raises(ValueError, match=NO_HEAT):
        space["build_model"](heat=-1)
    model = space["build_model"](heat=0.5)
    assert model(torch.zeros(2, 3, 6)).shape == (2, 3)
    weights = {name: value.numpy() for name, value in model.state_dict().items()}
    made = _space(SAMPLED, "numpy")["Model"]
    with pytest.raises(ValueError, match=NO_HEAT):
        made(weights, heat=-1).predict(np.zeros((2, 3, 6)))
    assert made(weights, heat=0.5).predict(np.zeros((2, 3, 6))).shape == (2, 3)
