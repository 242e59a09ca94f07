"""Models without the last activations of their outputs: their values, their proof, and wrong ones that are caught."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

import seqdsl
from seqdsl.passes.logits import with_logits
from seqdsl.verify.against import factory_job
from seqdsl.verify.cases import cases
from seqdsl.verify.check_names import CHECKS
from seqdsl.verify.expected_results import compute_expected
from seqdsl.verify.generated_job import job_for
from seqdsl.verify.inputs import arrays_for
from seqdsl.verify.jobs import Job, from_dict
from seqdsl.verify.lane import Lane
from seqdsl.verify.parameter_variation import varied
from seqdsl.verify.ports import ports
from tests.passes.logit_pictures import PICTURES
from tests.verify.own_models import own_models

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "softmax": lambda x: torch.softmax(x, -1),
    "log_softmax": lambda x: torch.log_softmax(x, -1),
    "sigmoid": torch.sigmoid,
}


@pytest.mark.parametrize("name", PICTURES)
def test_the_activation_of_the_logits_is_the_model(name: str) -> None:
    """By PyTorch's own functions: neither the oracle nor the pass has a part in it."""
    model = seqdsl.compile(PICTURES[name])
    whole, bare = model.build("torch").double(), model.build("torch", logits=True).double()
    # The same weights by the same names.
    bare.load_state_dict(whole.state_dict())
    words = {item.output: item.activation for item in with_logits(model).spec.left_out}
    assert set(words) == {item.name for item in model.outputs}
    for case in cases(model.spec):
        arrays = [_exact(item) for item in arrays_for(ports(model.spec), case)]
        wanted, logits = (_tuple(each(*arrays)) for each in (whole, bare))
        for item, one, other in zip(model.outputs, wanted, logits, strict=True):
            found = FUNCTIONS[words[item.name]](other)
            # Padded steps, and those without a wire, are zero in both.
            unread = (one == 0).all(-1, keepdim=True)
            assert not other[unread.expand_as(other)].any()
            torch.testing.assert_close(torch.where(unread, one, found), one)
            assert not torch.allclose(one, other) or unread.all()


def _exact(array: Any) -> torch.Tensor:
    """An input in double precision; ids stay integers."""
    found = torch.from_numpy(array)
    return found.double() if found.is_floating_point() else found


def _tuple(outputs: Any) -> tuple[Any, ...]:
    return outputs if isinstance(outputs, tuple) else (outputs,)


@pytest.mark.parametrize("name", ["fed", "fed function"])
def test_probabilities_are_fed_back(name: str) -> None:
    """What is generated is what the model with its activation generates."""
    model = seqdsl.compile(PICTURES[name])
    whole, bare = model.build("torch"), model.build("torch", logits=True)
    bare.load_state_dict(whole.state_dict())
    start = torch.tensor([[0.3, -0.7]])
    wanted = whole.generate(start=start, steps=2)
    torch.testing.assert_close(bare.generate(start=start, steps=2), wanted)


def job(name: str, target: str, **changes: Any) -> Job:
    model = with_logits(seqdsl.compile(PICTURES[name]))
    made = replace(job_for(model, target), checks=CHECKS, expected=compute_expected(model))
    return replace(made, **changes)


def failures(lane: Lane, wanted: Job) -> dict[str, str]:
    return {item.check: item.message for item in lane.run(wanted) if not item.passed}


@pytest.mark.xdist_group("lanes")
@pytest.mark.parametrize("target", ["torch", "keras"])
@pytest.mark.parametrize("name", PICTURES)
def test_they_are_what_the_oracle_says(name: str, target: str, lanes: dict[str, Lane]) -> None:
    assert failures(lanes[target], job(name, target)) == {}


@pytest.mark.xdist_group("lanes")
@pytest.mark.parametrize("name", PICTURES)
def test_a_model_that_keeps_its_activation_is_caught(name: str, lanes: dict[str, Lane]) -> None:
    whole = seqdsl.compile(PICTURES[name]).source("torch")
    found = failures(lanes["torch"], job(name, "torch", source=whole))
    assert {"reference", "agreement"} <= set(found), found
    assert not {"build", "shapes", "parameters", "dependence"} & set(found), found


@pytest.mark.xdist_group("lanes")
@pytest.mark.parametrize(("name", "left"), [("read", "torch.softmax"), ("shared", "torch.softmax")])
def test_one_that_leaves_out_too_much_is_caught(
    name: str, left: str, lanes: dict[str, Lane]
) -> None:
    right = job(name, "torch")
    line = next(line for line in right.source.splitlines() if left in line)
    source = right.source.replace(f"{left}(", "(").replace(", dim=-1)", ")")
    assert line not in source
    assert "reference" in failures(lanes["torch"], replace(right, source=source))


def test_the_oracle_leaves_other_readers_alone() -> None:
    """Only the first output's values change; those of what reads the same row are the drawn ones, before their last."""
    model = seqdsl.compile(PICTURES["read"])
    drawn, bare = compute_expected(model), compute_expected(with_logits(model))
    for one, other in zip(drawn.outputs, bare.outputs, strict=True):
        y, z = other[0].array(), other[1].array()
        np.testing.assert_allclose(np.exp(y) / np.exp(y).sum(-1, keepdims=True), one[0].array())
        shifted = z - np.log(np.exp(z).sum(-1, keepdims=True))
        np.testing.assert_allclose(shifted, one[1].array())


def test_other_parameters_are_built_without_it_too() -> None:
    text = PICTURES["shared"].replace("dense(4", "dense(classes").replace("dense(2", "dense(5")
    model = with_logits(seqdsl.compile(f"{text}classes = 4\n"))
    other = varied(model).model
    assert other is not None and other.gives_logits
    assert [item.activation for item in other.spec.left_out] == ["softmax", "sigmoid"]


def test_a_job_travels_with_it() -> None:
    from dataclasses import asdict

    wanted = job("vector", "torch")
    assert wanted.logits and from_dict(asdict(wanted)) == wanted


OWN = """
import torch
from torch import nn


class Model(nn.Module):
    def __init__(self, last):
        super().__init__()
        self.layer, self.last = nn.Linear(3, 4), last

    def forward(self, x):
        return self.last(self.layer(x))


def logits():
    return Model(nn.Identity())


def probabilities():
    return Model(nn.LogSoftmax(-1))


def two():
    return Two()


class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.d, self.e = nn.Linear(3, 4), nn.Linear(2, 2)

    def forward(self, x, w):
        return torch.cat([self.d(x), self.e(w)], -1)
"""


def test_models_of_ones_own(tmp_path: Any) -> None:
    drawn = seqdsl.compile(PICTURES["vector"], "picture.seq")
    with own_models(tmp_path, "own_logits", {"torch": OWN}) as own:
        lane = own._lanes["torch"]

        def found(function: str, model: Any) -> dict[str, str]:
            factory = f"own_logits_torch:{function}"
            wanted = factory_job(model, factory, "torch", CHECKS, compute_expected)
            return failures(lane, wanted)

        assert found("logits", with_logits(drawn)) == {}
        still = found("probabilities", with_logits(drawn))
        assert "its last activations are not omitted" in still["reference"]
        both = found("two", seqdsl.compile(PICTURES["beside"], "picture.seq"))
        assert "its last activations are omitted" in both["reference"]
