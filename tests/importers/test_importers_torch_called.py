"""PyTorch modules that draw random numbers, or that cannot be called with what they are said to take."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from seqdsl.importers.torch.read import model_name, read_torch
from seqdsl.importers.torch.rehearsal import CannotCall


class RandomStates(nn.Module):
    """States that are drawn anew at each call, as tutorials do."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(4, 8, batch_first=True)

    def forward(self, x: Tensor) -> Any:
        h, c = torch.randn(1, x.size(0), 8), torch.randn(1, x.size(0), 8)
        return self.lstm(x, (h, c))[0]


class Forced(nn.Module):
    """A decoder that reads the target or its own output, as chance has it."""

    def __init__(self, ratio: float, draw: Any) -> None:
        super().__init__()
        self.cell, self.out = nn.GRUCell(3, 8), nn.Linear(8, 3)
        self.ratio, self.draw = ratio, draw

    def forward(self, x: Tensor, target: Tensor) -> Tensor:
        state, outputs = torch.zeros(len(x), 8), []
        y = x + target[:, 0]
        for step in range(4):
            state = self.cell(y, state)
            outputs.append(self.out(state))
            y = target[:, step] if self.draw() < self.ratio else outputs[-1]
        return torch.stack(outputs, 1)


TARGETS = (torch.zeros(2, 3), torch.zeros(2, 4, 3))
DRAWS = {
    "random": lambda: random.uniform(0, 1),
    "numpy": lambda: np.random.rand(1)[0],
    "torch": lambda: torch.rand(1).item(),
    "torch, one": lambda: torch.rand(1),
}


def test_states_that_are_drawn_are_told_in_one_line() -> None:
    (fault,) = read_torch(RandomStates(), (torch.zeros(2, 5, 4),)).unread
    assert "two calls with the same inputs" in fault.reason
    assert "begin at zero" in fault.way
    assert fault.line.endswith(":25")


@pytest.mark.parametrize("name", DRAWS)
def test_random_teacher_forcing_is_told(name: str) -> None:
    (fault,) = read_torch(Forced(0.5, DRAWS[name]), TARGETS).unread
    assert "random teacher forcing" in fault.reason
    assert "feedback=" in fault.way


SELDOM: dict[str, tuple[Any, float]] = {
    "random": (random.random, 0.999),
    "numpy": (lambda: np.random.uniform(0, 1), 0.001),
    "numpy, whole": (lambda: np.random.randint(0, 1000) / 1000, 0.999),
    "random, whole": (lambda: random.randint(0, 999) / 1000, 0.999),
    "torch": (lambda: torch.rand(()), 0.999),
    "torch, of a generator": (lambda: torch.rand(1, generator=torch.Generator()), 0.001),
    "torch, in place": (lambda: torch.empty(1).uniform_(), 0.999),
    "torch, whole": (lambda: torch.randint(0, 1000, (1,)).item() / 1000, 0.999),
    "torch, a coin": (lambda: torch.bernoulli(torch.tensor([0.001])), 0.5),
}


@pytest.mark.parametrize("name", SELDOM)
def test_what_happens_seldom_is_told(name: str) -> None:
    draw, ratio = SELDOM[name]
    (fault,) = read_torch(Forced(ratio, draw), TARGETS).unread
    assert "random teacher forcing" in fault.reason


class Own(Forced):
    """Draws from a generator of its own."""

    def __init__(self, generator: Any) -> None:
        super().__init__(0.999, None)
        del self.draw
        self.generator = generator

    def draw(self) -> float:
        return float(self.generator.random())


GENERATOR = np.random.default_rng(3)


def of_the_file() -> float:
    """A number from a generator that the file has."""
    return GENERATOR.random()


@pytest.mark.parametrize("kind", [random.Random, np.random.default_rng, np.random.RandomState])
def test_a_generator_of_the_modules_own_is_drawn_from(kind: Any) -> None:
    module = Own(kind(3))
    (fault,) = read_torch(module, TARGETS).unread
    assert "random teacher forcing" in fault.reason
    assert module.generator.random() == kind(3).random()


def test_a_generator_of_the_file_is_drawn_from() -> None:
    (fault,) = read_torch(Forced(0.999, of_the_file), TARGETS).unread
    assert "random teacher forcing" in fault.reason
    assert GENERATOR.random() == np.random.default_rng(3).random()


@pytest.mark.parametrize("ratio", [0.0, 1.5])
def test_what_is_drawn_may_decide_nothing(ratio: float) -> None:
    assert read_torch(Forced(ratio, random.random), TARGETS).wirings is not None


def test_generators_go_on_where_they_were() -> None:
    module = Forced(0.5, lambda: random.random() + np.random.rand() + torch.rand(1))
    random.seed(3)
    np.random.seed(3)
    torch.manual_seed(3)
    expected = [random.random(), np.random.rand(), torch.rand(1).item()]
    random.seed(3)
    np.random.seed(3)
    torch.manual_seed(3)
    read_torch(module, TARGETS)
    assert [random.random(), np.random.rand(), torch.rand(1).item()] == expected


def test_states_of_the_second_axis_are_by_samples() -> None:
    """What cannot be read may have its samples on any axis: all else is told as if it could."""

    class Shifted(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.gru, self.out = nn.GRU(4, 8, batch_first=True), nn.Linear(8, 2)

        def forward(self, x: Tensor, state: Tensor) -> Any:
            return self.out(self.gru(x, torch.cos(state))[0])

    (fault,) = read_torch(Shifted(), (torch.zeros(2, 5, 4), torch.zeros(1, 2, 8))).unread
    assert fault.kind == "cos"


@pytest.mark.parametrize(
    ("module", "example", "why"),
    [
        (nn.GRU(4, 8, batch_first=True), (torch.zeros(2, 5, 3),), "x|input .*float32.*4"),
        (nn.GRU(4, 8, batch_first=True), (torch.zeros(2, 5, 4), torch.zeros(2, 8)), "hx"),
        (nn.Embedding(10, 4), (torch.zeros(2, 5),), "Long, Int"),
        (Forced(0.0, random.random), (torch.zeros(2, 3),), "missing 1 required"),
    ],
)
def test_inputs_that_a_module_does_not_take(module: nn.Module, example: Any, why: str) -> None:
    with pytest.raises(CannotCall, match=why):
        read_torch(module, example)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("LSTMClassifier", "lstm-classifier"),
        ("_Net", "net"),
        ("Modèle", "mod-le"),
        ("TextCNN", "text-cnn"),
        ("BiLSTMTagger", "bi-lstm-tagger"),
        ("Encoder", "encoder"),
        ("GRU", "gru"),
    ],
)
def test_names_of_classes_are_cut_into_words(kind: str, name: str) -> None:
    assert model_name(kind) == name
