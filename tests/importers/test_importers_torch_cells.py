"""Modules that compute a step by themselves become cells by equations, with the same numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from seqdsl.importers.torch.read import read_torch
from seqdsl.porting.importing import Refused
from seqdsl.porting.live import import_live
from seqdsl.porting.outcome import Grade
from seqdsl.runtime.scattered_weights import Held, apart_binding, held_apart, scattered
from tests.importers.torch_cell_models import MODELS, VIDEO, ConvLSTMCell, NextFrame, X
from tests.importers.wires import lines

EXPECTED = {
    "next_frame": """
        video: input(6, 5, 1)
        cells_0 = convlstm(3, 3) video[4]
        cells_1 = convlstm(2, 5) cells_0[4]
        head = conv2d(1, 1, sigmoid) cells_1.3
        -> head
    """,
    "forecaster": """
        video: input(6, 5, 1)
        cell = convlstm(3, 3) video.0 video.1 video.2 video.3 frame.0 frame.1
        frame = conv2d(1, 3) cell[3:6]
        -> frame
    """,
    "tracker": """
        frames: input(5, 6, 2)
        cell = conv_gru(4) frames[4]
        mean = mean(grid) cell.3
        place = dense(2) mean.0
        -> place
    """,
    "normalized": """
        x: input(3)
        run = normalized_lstm(4) x[5]
        out = dense(2) run.4
        -> out
    """,
    "timed": """
        x: input(3)
        h: input(4)
        c: input(4)
        cell = peephole(4) x[5] begins h.0+c.0
        out = dense(1) cell[5]
        -> out
    """,
}

CELLS = {
    "timed": """
cell peephole(units):
    i = sigmoid(dense(x, h) + scale(c))
    f = sigmoid(dense(x, h) + scale(c))
    c = f * c + i * tanh(dense(x, h))
    gate = sigmoid(dense(x, h) + scale(c))
    h = gate * tanh(c)
""",
    "tracker": """
cell conv_gru(units):
    reset = sigmoid(conv2d(x, h, kernel=3))
    update = sigmoid(conv2d(x, h, kernel=3))
    h = (1 - update) * h + update * tanh(conv2d(x, reset * h, kernel=3))
""",
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_cell_is_a_row(name: str) -> None:
    make, example = MODELS[name]
    reading = read_torch(make(), example)
    assert reading.unread == ()
    assert reading.wirings is not None
    expected = [line.strip() for line in EXPECTED[name].split("\n") if line.strip()]
    assert lines(reading.wirings.at[0]) == expected
    if name in CELLS:
        assert reading.wirings.cells[0] == CELLS[name].lstrip()


@pytest.mark.parametrize("name", MODELS)
def test_the_picture_computes_the_same(name: str) -> None:
    torch.manual_seed(0)
    make, example = MODELS[name]
    imported = import_live(make(), example)
    assert imported.outcome.grade is Grade.EXACT
    assert imported.outcome.passed[1:3] == ("reference", "dependence")


class _In(nn.Module):
    """A cell in a loop, from zeros."""

    def __init__(self, cell: nn.Module) -> None:
        super().__init__()
        self.cell = cell

    def forward(self, video: Tensor) -> Tensor:
        state = video.new_zeros(video.size(0), 3, 6, 5), video.new_zeros(video.size(0), 3, 6, 5)
        for frame in video.unbind(1):
            state = self.cell(frame, state)
        return state[0]


class _Placed(ConvLSTMCell):
    """A weight for each place of its images."""

    def __init__(self) -> None:
        super().__init__(1, 3, 3)
        self.peep = nn.Parameter(torch.zeros(1, 3, 6, 5))

    def forward(self, x: Tensor, state: Any) -> Any:
        h, c = super().forward(x, state)
        return h * torch.sigmoid(self.peep * c), c


class _Wide(ConvLSTMCell):
    """Windows that make its images smaller, which it fills up."""

    def forward(self, x: Tensor, state: Any) -> Any:
        h, c = super().forward(x, state)
        return h, nn.functional.max_pool2d(c, 3, 1, 1)


class _Noisy(ConvLSTMCell):
    """A dropout of the state."""

    def forward(self, x: Tensor, state: Any) -> Any:
        h, c = super().forward(x, state)
        return nn.functional.dropout(h, 0.5, self.training), c


class _Shared(ConvLSTMCell):
    """One bias for all gates."""

    def forward(self, x: Tensor, state: Any) -> Any:
        h, c = super().forward(x, state)
        return torch.tanh(self.conv(torch.cat([x, h], 1)))[:, :3], c


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (_Placed, "weights for each place"),
        (lambda: _Wide(1, 3, 3), "calls `max_pool2d`, for which equations have no operation"),
        (lambda: _Noisy(1, 3, 3), "something else in training"),
        (lambda: _Shared(1, 3, 3), "a weight in two places"),
    ],
)
def test_why_a_module_is_no_cell(make: Any, why: str) -> None:
    (fault,) = read_torch(_In(make()), (VIDEO,)).unread
    assert why in fault.reason
    assert fault.name == "cell" and fault.way


def test_a_loop_that_counts_its_steps_is_no_cell() -> None:
    class Counting(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.dense = nn.Linear(7, 4)

        def forward(self, x: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
            outputs = []
            for step in range(x.size(1)):
                h = torch.tanh(self.dense(torch.cat([x[:, step], h], 1))) * (step + 1)
                outputs.append(h)
            return torch.stack(outputs, 1), h

    class Whole(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.run = Counting()

        def forward(self, x: Tensor) -> Tensor:
            return self.run(x, x.new_zeros(x.size(0), 4))[0]

    (fault,) = read_torch(Whole(), (X,)).unread
    assert "does not do the same at each step" in fault.reason


def test_parts_of_kernels_have_places() -> None:
    places = {
        "i_h": Held("conv.weight", rows=(0, 3), columns=(1, 4), is_window=True),
        "i_bias": Held("conv.bias", rows=(0, 3)),
        "o_x": Held("w", rows=(0, 2), columns=(4, 8)),
    }
    assert held_apart(scattered(places)) == places
    apart = {"kernel": Held("f.weight", is_turned=True, beside=(Held("i.weight", is_turned=True),))}
    assert held_apart(scattered(apart)) == apart
    array = np.arange(3 * 5 * 2 * 4).reshape(3, 5, 2, 4)
    binding = apart_binding("i_h", np.zeros((4, 2, 3, 5)), (3, 5, 2, 4), places["i_h"])
    assert binding.put(array).shape == (4, 2, 3, 5)
    assert binding.take is not None
    np.testing.assert_array_equal(binding.take(binding.put(array)), array)


def test_a_module_stays_as_it_is() -> None:
    module = NextFrame()
    before = {name: item.clone() for name, item in module.state_dict().items()}
    read_torch(module, (VIDEO,))
    assert all("forward" not in vars(item) for item in module.modules())
    assert all(torch.equal(item, before[name]) for name, item in module.state_dict().items())
    assert torch.get_default_dtype() is torch.float32


class _Hand(nn.Module):
    """The gates of an LSTM."""

    def __init__(self) -> None:
        super().__init__()
        self.gates = nn.Linear(3 + 4, 16)

    def step(self, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        i, f, g, o = self.gates(torch.cat([x, h], 1)).chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c


class _MemoryFirst(_Hand):
    """(c, h) in, (c, h) out."""

    def forward(self, x: Tensor, state: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        c, h = state
        return self.step(x, h, c)[::-1]


class _StatesFirst(_Hand):
    """What it reads comes last."""

    def forward(self, state: tuple[Tensor, Tensor], x: Tensor) -> tuple[Tensor, Tensor]:
        return self.step(x, *state)


class _Crossed(_Hand):
    """(h, c) in, (c, h) out."""

    def forward(self, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        return self.step(x, h, c)[::-1]


class _Cut(_Hand):
    """A state without a gradient."""

    def forward(self, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        return self.step(x, h.detach(), c)


class _Kept(_Hand):
    """Zoneout: in training some features keep their state."""

    def forward(self, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        new, c = self.step(x, h, c)
        if self.training:
            kept = torch.bernoulli(torch.full_like(h, 0.1))
            return kept * h + (1 - kept) * new, c
        return 0.1 * h + 0.9 * new, c


class _Looped(nn.Module):
    """A cell in a loop over steps, which is called in its own way."""

    def __init__(self, cell: nn.Module) -> None:
        super().__init__()
        self.cell, self.out = cell, nn.Linear(4, 2)

    def forward(self, x: Tensor) -> Tensor:
        h = c = x.new_zeros(x.shape[0], 4)
        for step in x.unbind(1):
            if isinstance(self.cell, _MemoryFirst):
                c, h = self.cell(step, (c, h))
            elif isinstance(self.cell, _StatesFirst):
                h, c = self.cell((h, c), step)
            elif isinstance(self.cell, _Crossed):
                c, h = self.cell(step, h, c)
            else:
                h, c = self.cell(step, h, c)
        return self.out(h)


@pytest.mark.parametrize("kind", [_MemoryFirst, _StatesFirst])
def test_states_and_inputs_come_in_any_order(kind: type[nn.Module]) -> None:
    torch.manual_seed(0)
    found = import_live(_Looped(kind()), (X,))
    assert found.outcome.grade is Grade.EXACT
    assert "lstm(4, name=cell)" in found.text


@pytest.mark.parametrize(
    ("kind", "why", "way"),
    [
        (_Crossed, "states in another order than it takes them", "give `(h, c)`"),
        (_Cut, "cuts off gradients by `detach`", "without `detach`"),
        (_Kept, "something else in training", "zoneout(h, new, 0.1)"),
    ],
)
def test_what_a_cell_must_not_do_is_told_precisely(
    kind: type[nn.Module], why: str, way: str
) -> None:
    (fault,) = read_torch(_Looped(kind()), (X,)).unread
    assert why in fault.reason
    assert way in fault.way


def test_a_cut_gradient_is_named_where_the_check_fails() -> None:
    class Cut(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.run, self.out = nn.GRU(3, 4, batch_first=True), nn.Linear(4, 2)

        def forward(self, x: Tensor) -> Tensor:
            return self.out(self.run(x)[0].detach())

    with pytest.raises(Refused, match="`forward`: it cuts off gradients by `detach`"):
        import_live(Cut(), (X,))


def test_nothing_is_cut_off_from_an_input() -> None:
    class Free(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.run = nn.GRU(6, 4, batch_first=True)

        def forward(self, x: Tensor) -> Tensor:
            return self.run(torch.cat((x, (x + x).detach()), -1))[0]

    assert read_torch(Free(), (X,)).differences == ()


class _Gated(nn.Module):
    """What it reads is as wide as its state: shapes do not tell them apart."""

    def __init__(self) -> None:
        super().__init__()
        self.gate, self.new = nn.Linear(8, 4), nn.Linear(8, 4)

    def forward(self, x: Tensor, h: Tensor) -> Tensor:
        f = torch.sigmoid(self.gate(torch.cat([x, h], 1)))
        return (1 - f) * h + f * torch.tanh(self.new(torch.cat([x, h], 1)))


class _GatedStateFirst(_Gated):
    def forward(self, h: Tensor, x: Tensor) -> Tensor:
        return super().forward(x, h)


class _Carried(nn.Module):
    """A loop over steps that are as wide as the state."""

    def __init__(self, cell: nn.Module) -> None:
        super().__init__()
        self.cell, self.out = cell, nn.Linear(4, 2)

    def forward(self, x: Tensor) -> Tensor:
        h: Any = torch.zeros_like(x[:, 0])
        for step in x.unbind(1):
            h = (
                self.cell(h, step)
                if isinstance(self.cell, _GatedStateFirst)
                else self.cell(step, h)
            )
        made: Tensor = self.out(h)
        return made


@pytest.mark.parametrize("kind", [_Gated, _GatedStateFirst])
def test_a_state_is_what_goes_on_from_step_to_step(kind: type[nn.Module]) -> None:
    reading = read_torch(_Carried(kind()), (torch.zeros(2, 5, 4),))
    assert reading.wirings is not None
    (row,) = (line for line in lines(reading.wirings.at[0]) if line.startswith("cell ="))
    assert row.endswith("(4) x[5]")
    assert "h = (1 - f) * h + f * tanh(dense(x, h))" in reading.wirings.cells[0]
