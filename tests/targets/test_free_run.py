"""``generate`` gives what the model as trained gives when it is fed with that, whatever is kept from step to step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import seqdsl
from tests.targets.free_runs import NAMED, PICTURES, Case, case_of

STEPS = 6


def _module(text: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {"__name__": "generated"}
    exec(seqdsl.compile(text).source("torch"), namespace)
    return namespace


def _model(text: str) -> Any:
    torch.manual_seed(0)
    model = _module(text)["build_model"]().double().eval()
    for weight in model.parameters():
        weight.data.uniform_(-1, 1)
    return model


def _tensors(arrays: Any) -> Any:
    return [None if item is None else torch.from_numpy(item) for item in arrays]


def _fed_back(model: Any, case: Case, prompt: Any, made: Any) -> Any:
    """What the model as trained makes of a prompt and what was generated."""
    whole = torch.cat([prompt, made], 1)
    fed = torch.nn.functional.one_hot(whole, case.width).double() if case.is_one_hot else whole
    with torch.no_grad():
        given = model(*(fed if item is None else item for item in _tensors(case.arrays)))
    # Steps before the first one of what is fed are those of an image, or of the other half of one row.
    return given[:, -whole.shape[1] :][:, prompt.shape[1] - 1 : -1]


@pytest.mark.parametrize("length", [1, 3])
@pytest.mark.parametrize("name", [*PICTURES, *NAMED])
def test_what_is_generated_is_chosen_again(name: str, length: int) -> None:
    text = {**PICTURES, **NAMED}[name]
    case = case_of(text, length)
    model, prompt = _model(text), torch.from_numpy(case.prompt)
    others = [item for item in _tensors(case.arrays) if item is not None]
    made = model.generate(*others, start=prompt, steps=STEPS)
    again = _fed_back(model, case, prompt, made)
    if case.is_id:
        assert torch.equal(again.argmax(-1), made)
    else:
        assert torch.allclose(again, made)


@pytest.mark.parametrize("name", ["char-rnn", "one-hot"])
def test_stopped_samples_are_filled(name: str) -> None:
    case = case_of(PICTURES[name], 2)
    model, prompt = _model(PICTURES[name]), torch.from_numpy(case.prompt)
    free = model.generate(start=prompt, steps=STEPS).numpy()
    stop = int(free[0, 1])
    expected = free.copy()
    for row in expected:
        if (row == stop).any():
            row[np.argmax(row == stop) :] = stop
    assert np.array_equal(model.generate(start=prompt, steps=STEPS, stop=stop), expected)
    # One sample alone: it ends early, and has as many columns.
    assert model.generate(start=prompt[:1], steps=9, stop=int(free[0, 0])).shape == (1, 9)


def test_the_first_id_needs_no_axis_of_steps() -> None:
    model = _model(PICTURES["char-rnn"])
    first = torch.tensor([3, 1])
    one = model.generate(start=first, steps=4)
    assert torch.equal(one, model.generate(start=first[:, None], steps=4))


def test_an_image_comes_before_the_words() -> None:
    """Without a start, the first word is the one that the step of the image gives."""
    model = _model(PICTURES["caption"])
    image = torch.randn(3, 12, dtype=torch.float64)
    made = model.generate(image, steps=4)
    with torch.no_grad():
        given = model(image, made)
    assert torch.equal(given[:, :-1].argmax(-1), made)


@pytest.mark.parametrize("name", ["char-rnn", "one-hot", "translation"])
def test_what_is_drawn_has_the_distribution_of_its_temperature(name: str) -> None:
    """Logits, probabilities and their logarithms are told apart."""
    case = case_of(PICTURES[name], 1)
    model = _model(PICTURES[name])
    many = 20_000
    prompt = torch.from_numpy(case.prompt)[:1].expand(many, -1)
    others = [item[:1].expand(many, -1) for item in _tensors(case.arrays) if item is not None]
    generator = torch.Generator().manual_seed(1)
    made = model.generate(*others, start=prompt, steps=1, temperature=2.0, generator=generator)
    fed = torch.nn.functional.one_hot(prompt[:1], case.width).double()
    fed = fed if case.is_one_hot else prompt[:1]
    with torch.no_grad():
        given = model(*(item[:1] for item in others), fed)[0, -1]
    logits = given.log() if name == "one-hot" else given
    expected = torch.softmax(logits / 2.0, -1)
    counted = torch.bincount(made[:, 0], minlength=case.width) / many
    assert (counted - expected).abs().max() < 4 * (0.25 / many) ** 0.5
    # Greedily, or at another temperature, it is another distribution by far.
    assert (counted - torch.softmax(logits, -1)).abs().max() > 0.02


@pytest.mark.parametrize("padding", ["", ", padding=end"])
@pytest.mark.parametrize("kind", ["gru", "lstm"])
def test_a_chosen_id_of_padding_leaves_the_state_as_it_was(kind: str, padding: str) -> None:
    text = f"""
Y Y ... Y   dense(9)
| |     |
H-H-...-H   {kind}(4)
| |     |
W W ... W   embedding(3, mask=true)
| |     |
Z Z ... Z   tokens(9, feedback=Y{padding})
"""
    model = _model(text)
    with torch.no_grad():
        chosen, before, kept = model.decode(torch.tensor([[3], [4]]), None, None)
        held, after, _ = model.decode(torch.tensor([[0], [5]]), before, kept)
    # What is fed next is what was given before it, too.
    assert torch.equal(held[0], chosen[0])
    parts = zip(*((item,) if kind == "gru" else item for item in (before, after)), strict=True)
    for old, new in parts:
        assert torch.equal(new[:, 0], old[:, 0])
        assert not torch.equal(new[:, 1], old[:, 1])


@pytest.mark.parametrize("kind", ["gru", "lstm"])
def test_prompts_of_one_batch_may_differ_in_length(kind: str) -> None:
    """Each sample goes on as if its prompt had no padding, wherever that is."""
    text = f"""
Y Y ... Y   dense(9, log_softmax)
| |     |
H-H-...-H   {kind}(4)
| |     |
W W ... W   embedding(3, mask=true)
| |     |
Z Z ... Z   tokens(9, feedback=Y)
"""
    model, long = _model(text), [3, 1, 4, 2]
    prompts = torch.tensor([long, [5, 2, 0, 0], [0, 0, 5, 2], [5, 0, 2, 0]])
    made = model.generate(start=prompts, steps=STEPS)
    short = model.generate(start=torch.tensor([[5, 2]]), steps=STEPS)
    assert torch.equal(made[:1], model.generate(start=torch.tensor([long]), steps=STEPS))
    assert torch.equal(made[1:], short.expand(3, -1))
    # What is padded all through gives nothing, and no error.
    assert model.generate(start=torch.zeros(2, 3, dtype=torch.long), steps=2).shape == (2, 2)
