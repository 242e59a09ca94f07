"""matrices of a module's own, and attention written by hand → layers of a picture, with the same numbers."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from seqdsl.importers.torch.read import read_torch
from seqdsl.porting.live import import_live
from seqdsl.porting.outcome import Grade
from seqdsl.runtime.scattered_weights import Held, held_apart, parts_of, scattered
from tests.importers.torch_hand_models import BOTH, MODELS, WIDE, Additive, ByHand, X
from tests.importers.wires import lines

# The bias of a score is the same for all steps, and a softmax over them does not depend on it.
EQUAL_BUT = {"additive_biases"}

EXPECTED = {
    "matrices": """
        x: input(3)
        inner = dense(4, tanh) x[5]
        gru = gru(5) inner[5]
        outer = dense(2) gru.4
        -> outer
    """,
    "functions": """
        x: input(3)
        weight = dense(4, relu) x[5]
        mix = dense(5, bias=false) weight[5]
        mean = mean of mix[5]
        out = dense(2, bias=false) mean.0
        -> out
    """,
    "causal": """
        x: input(8)
        join = attention(heads=2, causal=true, dropout=0.1) x[5] & of x[5]
        add = add x[5] & join[5]
        out = dense(3) add[5]
        -> out
    """,
    "crossed": """
        source: input(3)
        target: input(2)
        encoder = gru(6) source[5]
        decoder = gru(8) target[4]
        o = attention(heads=4) decoder[4] & of encoder[5]
        out = dense(3) o[4]
        -> out
    """,
    "additive": """
        source: input(3)
        target: input(2)
        encoder = gru(4) source[5]
        decoder = gru(5) target[4]
        score = attention(score=additive, key=6) decoder[4] & of encoder[5]
        out = dense(2) score[4]+decoder[4]
        -> out
    """,
    "words": """
        x: input(3)
        gru = gru(4) both x[5]
        inner = dense(6, tanh) gru[5]
        context = learned(6)
        attention = attention context.0 & of gru[5] & of inner[5]
        out = dense(2) attention.0
        -> out
    """,
    "single": """
        x: input(3)
        v = dense(4, bias=false) x[5]
        q = attention(scale=true, key=4) x[5] & of v[5] & of x[5]
        out = dense(2) q[5]
        -> out
    """,
}


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_written_by_hand_is_one_layer(name: str) -> None:
    make, example = MODELS[name]
    reading = read_torch(make(), example)
    assert reading.unread == ()
    assert reading.wirings is not None
    expected = EXPECTED[name].split("\n")
    assert lines(reading.wirings.at[0]) == [line.strip() for line in expected if line.strip()]


@pytest.mark.parametrize("name", MODELS)
def test_the_picture_computes_the_same_with_the_weights_from_their_places(name: str) -> None:
    torch.manual_seed(0)
    make, example = MODELS[name]
    imported = import_live(make(), example)
    assert imported.outcome.grade is (Grade.EQUAL_BUT if name in EQUAL_BUT else Grade.EXACT)
    assert imported.outcome.passed[1:3] == ("reference", "dependence")


def test_a_loop_from_the_last_step_is_in_the_order_of_time() -> None:
    class Backward(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.cell, self.mid, self.out = nn.RNNCell(3, 2), nn.Linear(2, 2), nn.Linear(2, 1)

        def forward(self, x: Tensor) -> Tensor:
            h, found = torch.zeros(x.size(0), 2).to(x), []
            for step in reversed(range(x.size(1))):
                h = self.cell(x[:, step], h)
                found.insert(0, self.out(self.mid(h).relu()))
            return torch.stack(found, dim=1)

    reading = read_torch(Backward(), (torch.zeros(2, 3, 3),))
    assert reading.wirings is not None
    # Neither layer above the cell reads a row from its end, and no further row turns their results around.
    assert lines(reading.wirings.at[0]) == [
        "x: input(3)",
        "cell = rnn(2) backward x[3]",
        "mid = dense(2, relu) cell[3]",
        "out = dense(1) mid[3]",
        "-> out",
    ]


def test_a_shared_projection_is_not_taken_for_heads() -> None:
    class Twice(ByHand):
        def forward(self, x: Tensor) -> Tensor:
            # What the values are is read once more: they are no part of one layer.
            return super().forward(x) + self.out(self.value(x))

    reading = read_torch(Twice(), (WIDE,))
    assert reading.wirings is None or all(
        "heads" not in block.call for block in reading.wirings.at[0].blocks
    )


def test_heads_without_biases_are_refused_with_a_way_out() -> None:
    reading = read_torch(ByHand(bias=False), (WIDE,))
    (fault,) = reading.unread
    assert "without a bias" in fault.reason and "bias=True" in fault.way


def test_a_bias_that_is_added_twice_stays_a_sum() -> None:
    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.matrix = nn.Parameter(torch.randn(3, 3))
            self.shift = nn.Parameter(torch.randn(3))

        def forward(self, x: Tensor) -> Tensor:
            # Two calls of one layer, of which one has a bias.
            return (x @ self.matrix + self.shift) @ self.matrix

    reading = read_torch(Twice(), (X,))
    assert reading.wirings is not None
    assert [block.call for block in reading.wirings.at[0].blocks][-1] == "dense(3, bias=false)"
    assert import_live(Twice(), (X,)).outcome.grade is Grade.EXACT


def test_places_of_weights_that_are_apart() -> None:
    places = {"kernel": Held("a.w", is_turned=True), "bias": Held("a.b", rows=(2, 4))}
    assert held_apart(scattered(places)) == places
    assert held_apart("*start") == held_apart("a.b") == held_apart(None) == {}
    assert parts_of("a") == {"kernel": Held("a.weight", is_turned=True), "bias": Held("a.bias")}


def test_a_vector_of_scores_is_read_by_its_layer() -> None:
    reading = read_torch(Additive(), BOTH)
    assert held_apart(reading.places["score"])["scale"] == Held("score.weight")
