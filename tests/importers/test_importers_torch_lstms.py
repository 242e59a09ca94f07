"""LSTMs by hand, and what looks like one: their gates have weights of their own, however these are kept."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
import torch
from torch import Tensor, nn

from seqdsl.importers.cells.arithmetic import Arithmetic, Features, NoCell
from seqdsl.importers.cells.values import Leaf, Values
from seqdsl.importers.torch.read import read_torch
from seqdsl.layout.of_wirings import draw_wirings
from seqdsl.porting.live import import_live
from seqdsl.porting.outcome import Grade
from tests.importers.wires import lines

if TYPE_CHECKING:
    from collections.abc import Callable

HIDDEN = 4


class Loop(nn.Module):
    """A cell in a loop, from zeros; its last output, in a linear layer."""

    def __init__(self, cell: nn.Module) -> None:
        super().__init__()
        self.cell, self.out = cell, nn.Linear(HIDDEN, 2)

    def forward(self, x: Tensor) -> Tensor:
        h = x.new_zeros(x.size(0), HIDDEN)
        state = h, h
        for step in range(x.size(1)):
            state = self.cell(x[:, step], state)
        return self.out(state[0])


class Apart(nn.Module):
    """Two linear layers for each gate, one of them with a bias."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.of_x = nn.ModuleList([nn.Linear(features, HIDDEN) for _ in range(4)])
        self.of_h = nn.ModuleList([nn.Linear(HIDDEN, HIDDEN, bias=False) for _ in range(4)])

    def gates(self, x: Tensor, h: Tensor) -> list[Tensor]:
        """What the gates f, i and o, and the candidate, are made of."""
        return [one(x) + two(h) for one, two in zip(self.of_x, self.of_h, strict=True)]

    def forward(self, x: Tensor, state: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        h, c = state
        f, i, o, g = self.gates(x, h)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c


class Mixed(Apart):
    """One of its matrices is a parameter, which has its axes the other way round."""

    def __init__(self, features: int) -> None:
        super().__init__(features)
        self.of_x[1] = nn.Identity()
        self.w, self.b = (
            nn.Parameter(torch.randn(features, HIDDEN)),
            nn.Parameter(torch.ones(HIDDEN)),
        )

    def gates(self, x: Tensor, h: Tensor) -> list[Tensor]:
        f, _, o, g = (one(x) for one in self.of_x)
        i = x @ self.w + self.b
        return [one + two(h) for one, two in zip((f, i, o, g), self.of_h, strict=True)]


class Coupled(Apart):
    """One gate keeps as much as it lets in."""

    def gates(self, x: Tensor, h: Tensor) -> list[Tensor]:
        f, _, o, g = super().gates(x, h)
        return [f, f, o, g]

    def __init__(self, features: int) -> None:
        super().__init__(features)
        self.of_x[1] = self.of_x[0]
        self.of_h[1] = self.of_h[0]


class Named(Apart):
    """What means something else in generated code is the name of what is read twice."""

    def forward(self, x: Tensor, state: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        h, c = super().forward(x, state)
        inputs = h * c
        return inputs * torch.tanh(inputs), c


@pytest.mark.parametrize(
    ("cell", "word"),
    [
        (lambda: Apart(3), "lstm(4)"),
        (lambda: Apart(1), "lstm(4)"),
        (lambda: Mixed(3), "mixed(4)"),
        (lambda: Coupled(3), "coupled(4)"),
        (lambda: Named(3), "named(4)"),
    ],
)
def test_gates_have_their_weights(cell: Callable[[], Apart], word: str) -> None:
    torch.manual_seed(0)
    made = cell()
    example = (torch.zeros(2, 3, made.of_x[0].in_features),)
    reading = read_torch(Loop(made), example)
    assert reading.wirings is not None, reading.unread
    assert lines(reading.wirings.at[0])[1] == f"cell = {word} x[3]"
    assert import_live(Loop(made), example).outcome.grade is Grade.EXACT


class Clocked(Apart):
    """It holds its state at every second call."""

    def forward(self, x: Tensor, state: Any, holds: bool = False) -> tuple[Tensor, Tensor]:
        new = super().forward(x, state)
        return (new[0] * 0.5 + state[0] * 0.5, new[1]) if holds else new


class Ticking(Loop):
    """It says so by an argument that is no tensor."""

    def forward(self, x: Tensor) -> Tensor:
        h = x.new_zeros(x.size(0), HIDDEN)
        state = h, h
        for step in range(x.size(1)):
            state = self.cell(x[:, step], state, bool(step % 2))
        return self.out(state[0])


class Skipping(Apart):
    """It holds its state at random."""

    def forward(self, x: Tensor, state: Any) -> tuple[Tensor, Tensor]:
        new = super().forward(x, state)
        return new if random.random() < 0.9 else (new[0] * 0.5 + state[0] * 0.5, new[1])


class Rounding(Apart):
    """It divides to whole numbers."""

    def gates(self, x: Tensor, h: Tensor) -> list[Tensor]:
        f, i, o, g = super().gates(x, h)
        return [f, i, o, torch.div(g, torch.sigmoid(i), rounding_mode="floor")]


@pytest.mark.parametrize(
    ("module", "why"),
    [
        (Ticking(Clocked(3)), "other arguments than tensors"),
        (Loop(Skipping(3)), "a number that it draws at random"),
        (Loop(Rounding(3)), "rounds what it divides"),
    ],
)
def test_why_a_module_is_no_lstm(module: nn.Module, why: str) -> None:
    (fault, *_) = read_torch(module, (torch.zeros(2, 3, 3),)).unread
    assert why in fault.reason and fault.way


class Added(nn.Module):
    """A normalized sum of two sequences is no cell, and keeps nothing else from being one."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(HIDDEN)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        return self.norm(x + y)


def test_a_sum_of_sequences_is_beside_a_cell() -> None:
    class Whole(Loop):
        def __init__(self) -> None:
            super().__init__(Apart(HIDDEN))
            self.a, self.b, self.added = nn.Linear(3, HIDDEN), nn.Linear(3, HIDDEN), Added()

        def forward(self, x: Tensor) -> Tensor:
            return super().forward(self.added(self.a(x), torch.tanh(self.b(x))))

    reading = read_torch(Whole(), (torch.zeros(2, 3, 3),))
    assert reading.wirings is not None, reading.unread
    assert "lstm(4)" in " ".join(lines(reading.wirings.at[0]))


def test_a_number_that_is_not_finite_is_none_of_equations() -> None:
    values = Values()
    x = Features((values.add(Leaf("x"), 3),), (2,))
    for number in (float("inf"), float("nan")):
        with pytest.raises(NoCell):
            Arithmetic(values).both("max", x, number)


class WithStates(nn.Module):
    """An LSTM whose state comes in and goes out with every call, its results in an order that is given."""

    def __init__(self, *order: str) -> None:
        super().__init__()
        self.run, self.out, self.order = nn.LSTM(3, 4, batch_first=True), nn.Linear(4, 2), order

    def forward(self, x: Tensor, h: Tensor, c: Tensor) -> list[Tensor]:
        y, (last_h, last_c) = self.run(x, (h[None], c[None]))
        results = {"y": self.out(y), "h": last_h[0], "c": last_c[0]}
        return [results[name] for name in self.order]


STATES = (torch.zeros(2, 5, 3), torch.zeros(2, 4), torch.zeros(2, 4))


def test_states_that_a_module_takes_and_gives_pass_from_call_to_call() -> None:
    found = import_live(WithStates("y", "h", "c"), STATES)
    assert found.outcome.grade is Grade.EXACT
    assert "*-H-H-H-H-H-*   lstm(4, name=run)" in found.text


class WithState(nn.Module):
    """A GRU that goes on where the call before has ended, as tutorials write it: a state of (1, samples, units)."""

    def __init__(self, order: str = "yh", *, swapped: bool = False) -> None:
        super().__init__()
        self.run, self.out = nn.GRU(3, 4, batch_first=True), nn.Linear(4, 2)
        self.order, self.swapped = order, swapped

    def forward(self, x: Tensor, h: Tensor) -> list[Tensor]:
        x, h = (h, x) if self.swapped else (x, h)
        y, h = self.run(x, h)
        results = {"y": self.out(y), "h": h}
        return [results[name] for name in self.order]


def _row(module: nn.Module, *given: Tensor) -> str:
    reading = read_torch(module, given)
    assert reading.wirings is not None, reading.unread
    (row,) = (line for line in lines(reading.wirings.at[0]) if line.startswith("run ="))
    return row


def test_the_state_of_a_gru_passes_from_call_to_call_where_it_comes_last() -> None:
    x, h = torch.zeros(2, 5, 3), torch.zeros(1, 2, 4)
    assert _row(WithState(), x, h) == "run = gru(4) x[5] *--*"
    # Results and arguments in another order are any others.
    assert _row(WithState("hy"), x, h) == "run = gru(4) x[5] begins h.0"
    assert _row(WithState("h"), x, h) == "run = gru(4) x[5] begins h.0"
    assert _row(WithState(swapped=True), h, x) == "run = gru(4) h[5] begins x.0"


def test_one_step_with_a_state_is_a_vector() -> None:
    reading = read_torch(WithState(), (torch.zeros(2, 1, 3), torch.zeros(1, 2, 4)))
    assert reading.wirings is not None
    assert lines(reading.wirings.at[0])[1:3] == ["run = gru(4) x.0 *--*", "out = dense(2) run.0"]
    # Not `H..n..` of a length that is 1.
    assert "\n*-H-*   gru(4, name=run)\n" in draw_wirings(reading.wirings)


class Rows(nn.Module):
    """Steps first, and the states of two rows in two tensors, in a pair: as PyTorch's example of a language model."""

    def __init__(self) -> None:
        super().__init__()
        self.run, self.out = nn.LSTM(3, 4, 2), nn.Linear(4, 2)

    def forward(self, x: Tensor, hidden: tuple[Tensor, Tensor]) -> Any:
        y, hidden = self.run(x, hidden)
        return self.out(y), hidden


def test_rows_whose_states_are_in_one_tensor_have_states_of_their_own() -> None:
    states = torch.zeros(2, 2, 4), torch.zeros(2, 2, 4)
    found = import_live(Rows(), (torch.zeros(5, 2, 3), states))
    assert found.outcome.grade is Grade.EQUAL_BUT
    assert "*-H-H-H-H-H-*   lstm(4, name=run)" in found.text
    assert "*-G-G-G-G-G-*   lstm(4, name=run_1)" in found.text
    assert "takes the states of its rows in one tensor" in found.text


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ("ych", "without its `h` before it"),
        ("yhcc", "without its `h` before it"),
        ("hcy", "a picture's model gives them last"),
        ("hc", "its output as well"),
    ],
)
def test_states_that_are_given_otherwise_are_refused(order: str, reason: str) -> None:
    (fault,) = read_torch(WithStates(*order), STATES).unread
    assert reason in fault.reason
