"""What attention keeps of earlier steps, and of a memory, gives what the model as trained gives of the whole."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import seqdsl
from tests.targets.called_runs import CALLED
from tests.targets.free_runs import case_of
from tests.targets.loop_runs import BEGUN, LOOPS
from tests.targets.past_runs import PAST

PICTURES = PAST | CALLED
STEPS = 5
"""More than any of the pictures has."""


def _model(text: str) -> Any:
    namespace: dict[str, Any] = {"__name__": "generated"}
    exec(seqdsl.compile(text).source("torch"), namespace)
    torch.manual_seed(0)
    model = namespace["build_model"]().double().eval()
    for weight in model.parameters():
        weight.data.uniform_(-1, 1)
    return model


def _is_chosen(given: Any, made: Any) -> bool:
    if made.dim() == 2:
        return torch.equal(given.argmax(-1), made)
    return torch.allclose(given, made)


@pytest.mark.parametrize("length", [1, 3])
@pytest.mark.parametrize("name", PICTURES)
def test_what_is_kept_gives_what_the_whole_gives(name: str, length: int) -> None:
    case = case_of(PICTURES[name], length)
    model, prompt = _model(PICTURES[name]), torch.from_numpy(case.prompt)
    if case.is_id:
        # Padding within the prompt is skipped, as in the model as trained.
        prompt[0, : length - 1] = 0
    others = [torch.from_numpy(item) for item in case.arrays if item is not None]
    # A decoder with set lengths, as trained, takes three steps and no more.
    steps = STEPS if "..." in PICTURES[name] else 4 - length
    made = model.generate(*others, start=prompt, steps=steps)
    fed = torch.cat([prompt, made], 1)[:, : length + steps - 1]
    with torch.no_grad():
        given = model(*others, fed)
    # With an image in front there is a step more than was fed.
    again = given[:, given.shape[1] - steps :]
    assert again.shape[1] == steps
    assert _is_chosen(again, made)


def test_trained_positions_end() -> None:
    model = _model(PAST["heads"])
    start = torch.tensor([[1, 2, 3]])
    assert model.generate(start=start, steps=10).shape == (1, 10)
    with pytest.raises(ValueError, match="position_p has 12 steps, 13 are needed"):
        model.generate(start=start, steps=11)


def test_a_step_reads_what_is_kept_and_projects_nothing_again() -> None:
    """However many steps there were, one more multiplies as many numbers, beside its scores and sums."""
    from torch.utils.flop_counter import FlopCounterMode

    model = _model(PAST["heads"].replace("most=12", "most=600"))

    def cost(length: int) -> int:
        prompt = torch.from_numpy(np.ones((1, length), dtype=np.int64))
        with FlopCounterMode(display=False) as whole:
            model.generate(start=prompt, steps=1)
        with FlopCounterMode(display=False) as more:
            model.generate(start=prompt, steps=2)
        return int(more.get_total_flops() - whole.get_total_flops())

    # Of what reads the keys and values, a fused kernel, nothing is counted.
    assert cost(200) == cost(100) > 0


@pytest.mark.parametrize("length", [1, 3])
@pytest.mark.parametrize("name", LOOPS)
def test_loops_run_step_by_step(name: str, length: int) -> None:
    """A loop with delayed nodes gives, one step at a time, what it gives of the whole."""
    case = case_of(LOOPS[name], length)
    model, prompt = _model(LOOPS[name]), torch.from_numpy(case.prompt)
    others = [torch.from_numpy(item) for item in case.arrays if item is not None]
    made = model.generate(*others, start=prompt, steps=STEPS)
    fed = torch.cat([prompt, made], 1)
    if case.is_one_hot:
        fed = torch.nn.functional.one_hot(fed, case.width).double()
    with torch.no_grad():
        given = model(*others, fed)
    assert _is_chosen(given[:, length - 1 : -1], made)


def test_a_loop_may_begin_without_a_prompt() -> None:
    image, model = torch.randn(3, 3).double(), _model(BEGUN)
    made = model.generate(image, steps=4)
    fed = torch.nn.functional.one_hot(made[:, :3], 9).double()
    with torch.no_grad():
        assert torch.equal(model(image, fed).argmax(-1), made)
    assert torch.equal(model.generate(image, start=made[:, :2], steps=2), made[:, 2:])


def test_codes_are_as_precise_as_the_model() -> None:
    """What a run keeps of the codes of steps is of no use when the model has changed."""
    model = _model(PAST["dot"])
    start = torch.tensor([[1, 2]])
    model.generate(start=start, steps=STEPS)
    model.float()
    model.generate(start=start, steps=STEPS)
    numbers = torch.arange(20)[:, None] / 10000 ** (torch.arange(0, 4, 2) / 4)
    whole = torch.stack((numbers.sin(), numbers.cos()), -1).flatten(1)
    given = model.position_p(3, 4)
    assert given.dtype == torch.float32
    assert torch.allclose(given, whole[4:7])
