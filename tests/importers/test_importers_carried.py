"""A loop that takes its state and what it fed back last, and gives both, passes them from call to call."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

import seqdsl
from seqdsl.importers.carried import with_carried
from seqdsl.importers.varying import why_unlike
from seqdsl.ir.carry import Carry
from seqdsl.ir.direction import Direction
from seqdsl.layout.wiring import Begun, Block, Source, Steps, Wiring


def _row(*steps: tuple[Source, ...]) -> tuple[Steps, ...]:
    return (Steps(steps),)


X, H, Y = (Block(name, f"input({width})", None) for name, width in (("x", 3), ("h", 4), ("y", 2)))
RUN = Block(
    "run",
    "gru(4)",
    2,
    _row((Source(2), Source(0)), (Source(4), Source(0, 1))),
    Direction.FORWARD,
    Begun((Source(1),)),
)
OUT = Block("out", "dense(2)", 2, _row((Source(3),), (Source(3, 1),)))
LAST_H, LAST_Y = (Block(f"last_{at}", "output", None, _row((Source(at, 1),))) for at in (3, 4))
LOOP = Wiring((replace(X, steps=2), H, Y, RUN, OUT, LAST_H, LAST_Y), (0, 1, 2), (4, 5, 6))


def test_states_that_are_taken_and_given_are_passed_on() -> None:
    (made,) = with_carried([LOOP])
    assert (made.inputs, made.outputs) == ((0,), (2,))
    _, run, out = made.blocks
    assert (run.carry, run.initial) == (Carry.BOTH, None)
    # What is fed back before the first step is what the call before left.
    assert run.operands == _row((Source(2, -1), Source(0)), (Source(2), Source(0, 1)))
    assert out.operands == _row((Source(1),), (Source(1, 1),))


def test_a_result_that_copies_what_is_fed_back_is_that_row() -> None:
    copy = Block("copy", "output", 2, _row((Source(4),), (Source(4, 1),)))
    (made,) = with_carried([replace(LOOP, blocks=(*LOOP.blocks, copy), outputs=(7, 5, 6))])
    assert made == with_carried([LOOP])[0]


@pytest.mark.parametrize(
    "changed",
    [
        replace(LOOP, outputs=(4, 6, 5)),
        replace(LOOP, outputs=(4, 5)),
        replace(LOOP, inputs=(0, 2, 1)),
        replace(
            LOOP, blocks=(*LOOP.blocks[:5], LAST_H, replace(LAST_Y, operands=_row((Source(4),))))
        ),
        replace(
            LOOP,
            blocks=(*LOOP.blocks, Block("b", "dense(1)", None, _row((Source(2),)))),
            outputs=(4, 7, 5, 6),
        ),
    ],
    ids=[
        "in another order",
        "not given",
        "taken in another order",
        "not the last step",
        "read elsewhere",
    ],
)
def test_other_inputs_are_values_like_any(changed: Wiring) -> None:
    assert with_carried([changed]) == (changed,)
    # At all lengths, or at none.
    assert with_carried([LOOP, changed]) == (LOOP, changed)


class Jordan(nn.Module):
    """Reads its own last output, over the calls."""

    def __init__(self) -> None:
        super().__init__()
        self.cell, self.out = nn.RNNCell(3, 3), nn.Linear(3, 1)

    def forward(self, x: Tensor, h: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        given = []
        for step in range(x.shape[1]):
            h = self.cell(torch.cat((y, x[:, step]), -1), h)
            y = self.out(h)
            given.append(y)
        return torch.stack(given, 1), h, y


def test_a_module_that_passes_its_output_on_is_read_and_checked() -> None:
    read = seqdsl.read(Jordan(), (torch.zeros(2, 3, 2), torch.zeros(2, 3), torch.zeros(2, 1)))
    assert [item.name for item in read.ir.states] == ["cell_state", "out_state"]


def test_windows_that_are_no_row_are_named() -> None:
    conv = Block("window", "conv(4, 3)", 3)
    reason, way = why_unlike([OUT, conv], [OUT, conv, conv])
    assert "`window` is applied more often" in reason and "in place of the convolution" in way
    assert "length of its input" in why_unlike([OUT], [OUT, OUT])[1]
    assert "in other ways" in why_unlike([OUT], [replace(OUT, call="dense(3)")])[0]
