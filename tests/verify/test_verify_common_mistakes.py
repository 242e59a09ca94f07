"""A model of the user's that is wrong in one of the usual ways is told in which."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

import seqdsl
from seqdsl.verify.common_mistakes import suspects
from seqdsl.verify.oracle.cells import Cell, gru
from seqdsl.verify.oracle.functions import FUNCTIONS
from seqdsl.verify.oracle.variants import gru_reset_before, gru_update_inverted
from tests.verify.own_models import own_models

PICTURES = {
    "last": """
        Y   dense(2)
        |
H H H H H   lstm(4)
| | | | |
X X X X X   input(3)
""",
    "stacked": """
    Y   dense(2)
    |
H H H   lstm(3)
| | |
G G G   lstm(3)
| | |
X X X   input(3)
""",
    "steps": """
Y Y ... Y   dense(2)
| |     |
H H ... H   gru(4)
| |     |
X X ... X   input(3)
""",
    "leftward": """
Y Y Y   dense(2)
| | |
H<H<H   gru(4)
| | |
X X X   input(3)
""",
    "leftward-end": """
Y       dense(2)
|
H<H<H   lstm(4)
| | |
X X X   input(3)
""",
    "final": """
        Y   dense(2)
        |
B=B=B---+
| | |
X X X   input(3)

B = lstm(4)
""",
    "last-of-both": """
    Y   dense(2)
    |
B=B=B   lstm(4)
| | |
X X X   input(3)
""",
    "normal": """
Y Y   dense(2)
| |
N N   layernorm
| |
X X   input(4)
""",
    "unbiased": """
    Y   dense(2)
    |
H H H   gru(4, bias=false)
| | |
X X X   input(3)
""",
    "active": """
Y   dense(2, tanh)
|
H   dense(4, gelu)
|
X   input(3)
""",
    "masked-end": """
      Y   dense(2)
      |
H H H H   lstm(4)
| | | |
X X X X   input(3, mask=0)
""",
    "masked": """
H H H H   gru(4)
| | | |
X X X X   input(3, mask=0)
""",
}

OWN_TORCH = """
import torch
from torch import nn
from torch.nn import functional as F


class Net(nn.Module):
    def __init__(self, row, width, forward):
        super().__init__()
        self.row, self.head, self.how = row, nn.Linear(width, 2), forward

    def forward(self, x):
        return self.head(self.how(self.row, x))


def time_major():
    return Net(nn.LSTM(3, 4), 4, lambda row, x: row(x)[0][:, -1])


def time_major_leftward():
    return Net(nn.LSTM(3, 4), 4, lambda row, x: row(x.flip(0))[0].flip(0)[:, 0])


def time_major_state():
    return Net(nn.LSTM(3, 4), 4, lambda row, x: row(x)[1][0][-1])


def stacked_time_major():
    return Net(nn.LSTM(3, 3, num_layers=2), 3, lambda row, x: row(x)[0][:, -1])


def backwards():
    row = nn.GRU(3, 4, batch_first=True)
    return Net(row, 4, lambda row, x: row(x.flip(1))[0].flip(1))


def left_to_right():
    return Net(nn.GRU(3, 4, batch_first=True), 4, lambda row, x: row(x)[0])


def not_turned_back():
    return Net(nn.GRU(3, 4, batch_first=True), 4, lambda row, x: row(x.flip(1))[0])


def backwards_end():
    return Net(nn.LSTM(3, 4, batch_first=True), 4, lambda row, x: row(x.flip(1))[1][0][-1])


def left_to_right_end():
    return Net(nn.LSTM(3, 4, batch_first=True), 4, lambda row, x: row(x)[1][0][-1])


def last_for_final():
    row = nn.LSTM(3, 4, batch_first=True, bidirectional=True)
    return Net(row, 8, lambda row, x: row(x)[0][:, -1])


def final_for_last():
    row = nn.LSTM(3, 4, batch_first=True, bidirectional=True)
    return Net(row, 8, lambda row, x: row(x)[1][0].transpose(0, 1).flatten(1))


def epsilon():
    return Net(nn.LayerNorm(4, eps=1e-3), 4, lambda row, x: row(x))


class Cells(nn.Module):
    def __init__(self, gates, step, bias=True):
        super().__init__()
        self.step = step
        self.weight_ih_l0 = nn.Parameter(torch.randn(gates * 4, 3))
        self.weight_hh_l0 = nn.Parameter(torch.randn(gates * 4, 4))
        if bias:
            self.bias_ih_l0 = nn.Parameter(torch.zeros(gates * 4))
            self.bias_hh_l0 = nn.Parameter(torch.zeros(gates * 4))

    def forward(self, x):
        h = c = x.new_zeros(len(x), 4)
        found = []
        for step in x.unbind(1):
            h, c = self.step(self, step, h, c)
            found.append(h)
        return torch.stack(found, 1)


def lstm_in_order(order):
    def step(cell, x, h, c):
        seen = F.linear(x, cell.weight_ih_l0, cell.bias_ih_l0) + F.linear(
            h, cell.weight_hh_l0, cell.bias_hh_l0
        )
        gates = dict(zip(order, seen.chunk(4, -1)))
        c = gates["f"].sigmoid() * c + gates["i"].sigmoid() * gates["g"].tanh()
        return gates["o"].sigmoid() * c.tanh(), c
    return Net(Cells(4, step), 4, lambda row, x: row(x)[:, -1])


def ifgo():
    return lstm_in_order("ifgo")


def ifog():
    return lstm_in_order("ifog")


def fiog():
    return lstm_in_order("fiog")


def gru(order="rzn", before=False, inverted=False):
    def step(cell, x, h, c):
        seen = F.linear(x, cell.weight_ih_l0, cell.bias_ih_l0).chunk(3, -1)
        kept = F.linear(h, cell.weight_hh_l0, cell.bias_hh_l0).chunk(3, -1)
        seen, kept = dict(zip(order, seen)), dict(zip(order, kept))
        r, z = ((seen[gate] + kept[gate]).sigmoid() for gate in "rz")
        new = r * kept["n"]
        if before:
            place = slice(8, 12)
            new = F.linear(r * h, cell.weight_hh_l0[place], cell.bias_hh_l0[place])
        new = (seen["n"] + new).tanh()
        return ((1 - z) * h + z * new if inverted else z * h + (1 - z) * new), c
    return Net(Cells(3, step), 4, lambda row, x: row(x))


def gru_exchanged():
    return gru("zrn")


def gru_before():
    return gru(before=True)


def gru_inverted():
    return gru(inverted=True)


class Dense(nn.Module):
    def __init__(self, inner, outer):
        super().__init__()
        self.one, self.two, self.inner, self.outer = nn.Linear(3, 4), nn.Linear(4, 2), inner, outer

    def forward(self, x):
        return self.outer(self.two(self.inner(self.one(x))))


def approximate():
    return Dense(lambda x: F.gelu(x, approximate="tanh"), torch.tanh)


def sigmoid():
    return Dense(F.gelu, torch.sigmoid)


def unusual():
    return Dense(F.gelu, lambda x: torch.tanh(x) + 0.1)


def two_at_once():
    return Dense(F.relu, torch.sigmoid)
"""

OWN_KERAS = """
import keras
from keras import layers, ops


def net(shape, *rows):
    return keras.Sequential([keras.Input(shape), *rows])


def backwards():
    x = keras.Input((None, 3))
    row = layers.GRU(4, return_sequences=True, go_backwards=True)(x)
    return keras.Model(x, layers.Dense(2)(ops.flip(row, 1)))


def not_turned_back():
    return net((3, 3), layers.GRU(4, return_sequences=True, go_backwards=True), layers.Dense(2))


def left_to_right():
    return net((3, 3), layers.GRU(4, return_sequences=True), layers.Dense(2))


def backwards_end():
    return net((5, 3), layers.LSTM(4, go_backwards=True), layers.Dense(2))


def left_to_right_end():
    return net((3, 3), layers.LSTM(4), layers.Dense(2))


def last_for_final():
    x = keras.Input((3, 3))
    row = layers.Bidirectional(layers.LSTM(4, return_sequences=True))(x)
    return keras.Model(x, layers.Dense(2)(row[:, -1]))


def final_for_last():
    return net((3, 3), layers.Bidirectional(layers.LSTM(4)), layers.Dense(2))


def epsilon():
    return net((2, 4), layers.LayerNormalization(), layers.Dense(2))


def reset_before():
    return net((3, 3), layers.GRU(4, use_bias=False, reset_after=False), layers.Dense(2))


def hard_gates():
    row = layers.GRU(4, use_bias=False, recurrent_activation="hard_sigmoid")
    return net((3, 3), row, layers.Dense(2))


def relu():
    return net((3,), layers.Dense(4, "relu"), layers.Dense(2, "tanh"))


class Cell(layers.LSTMCell):
    def call(self, x, states, training=False):
        h, c = states
        seen = ops.matmul(x, self.kernel) + ops.matmul(h, self.recurrent_kernel) + self.bias
        i, f, o, g = ops.split(seen, 4, axis=-1)
        c = ops.sigmoid(f) * c + ops.sigmoid(i) * ops.tanh(g)
        h = ops.sigmoid(o) * ops.tanh(c)
        return h, [h, c]


def ifog():
    return net((5, 3), layers.RNN(Cell(4)), layers.Dense(2))


def time_major():
    class Exchanged(layers.Layer):
        def __init__(self):
            super().__init__()
            self.row = layers.LSTM(4, return_sequences=True)

        def call(self, x):
            return ops.transpose(self.row(ops.transpose(x, (1, 0, 2))), (1, 0, 2))[:, -1]

        def compute_output_shape(self, shape):
            return (shape[0], 4)

        @property
        def layers(self):
            return [self.row]

    return net((5, 3), Exchanged(), layers.Dense(2))


def repeated():
    return net((4, 3), layers.Masking(), layers.GRU(4, return_sequences=True))


def masked_backwards():
    return net((4, 3), layers.Masking(), layers.LSTM(4, go_backwards=True), layers.Dense(2))


def unmasked():
    return net((4, 3), layers.LSTM(4), layers.Dense(2))


def zeroed():
    row = layers.GRU(4, return_sequences=True, zero_output_for_mask=True)
    return net((4, 3), layers.Masking(), row)


def unusual():
    return net((3,), layers.Dense(4, "gelu"), layers.Dense(2, "tanh"), layers.Rescaling(1.1))
"""

Faults = Callable[..., dict[str, str]]
SAYS = "the values match if "


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Faults]:
    """What is wrong with the shapes and the values of the user's model."""
    sources = {"torch": OWN_TORCH, "keras": OWN_KERAS}
    checks = ("shapes", "reference")
    with own_models(tmp_path_factory.mktemp("mistakes"), "mistaken", sources) as models:
        yield lambda target, picture, function: models.failures(
            target, function, PICTURES[picture], checks
        )


@pytest.mark.parametrize(
    ("target", "picture", "function", "what"),
    [
        ("torch", "last", "time_major", "`lstm_h` runs over the samples as if they were the steps"),
        ("torch", "stacked", "stacked_time_major", "every lstm layer runs over the samples"),
        ("keras", "last", "time_major", "`lstm_h` runs over the samples as if they were the steps"),
        ("torch", "steps", "backwards", "`gru_h` runs from right to left"),
        ("keras", "steps", "backwards", "`gru_h` runs from right to left"),
        ("torch", "leftward", "left_to_right", "`gru_h` runs from left to right"),
        ("keras", "leftward", "left_to_right", "`gru_h` runs from left to right"),
        ("torch", "last", "backwards_end", "`lstm_h` runs from right to left, and its"),
        ("keras", "last", "backwards_end", "`lstm_h` runs from right to left, and its"),
        ("keras", "masked-end", "masked_backwards", "`lstm_h` runs from right to left, and its"),
        ("keras", "masked-end", "unmasked", "padded steps are treated as data: nothing is masked"),
        ("torch", "masked-end", "left_to_right_end", "padded steps are treated as data"),
        ("torch", "leftward-end", "left_to_right_end", "`lstm_h` runs from left to right, and its"),
        ("keras", "leftward-end", "left_to_right_end", "`lstm_h` runs from left to right, and its"),
        ("torch", "leftward-end", "time_major_leftward", "`lstm_h` runs over the samples as if"),
        ("torch", "leftward", "not_turned_back", "the steps of `gru_h`, which runs from right to"),
        ("keras", "leftward", "not_turned_back", "the steps of `gru_h`, which runs from right to"),
        ("torch", "final", "last_for_final", "the last output of `lstm_b` is read where"),
        ("keras", "final", "last_for_final", "the last output of `lstm_b` is read where"),
        ("torch", "last-of-both", "final_for_last", "the final state of `lstm_b` is read where"),
        ("keras", "last-of-both", "final_for_last", "the final state of `lstm_b` is read where"),
        ("torch", "normal", "epsilon", "the epsilon of `layernorm_n` is 0.001"),
        ("keras", "normal", "epsilon", "the epsilon of `layernorm_n` is 0.001"),
        ("torch", "last", "ifog", "the gates of `lstm_h` are in the order i, f, o, g instead of"),
        ("torch", "last", "fiog", "the gates of `lstm_h` are in the order f, i, o, g instead of"),
        ("keras", "last", "ifog", "the gates of `lstm_h` are in the order i, f, o, g instead of"),
        ("torch", "steps", "gru_exchanged", "the reset gate and the update gate of `gru_h` are sw"),
        ("torch", "steps", "gru_before", "the reset gate of `gru_h` is applied before the matrix"),
        ("keras", "unbiased", "reset_before", "the reset gate of `gru_h` is applied before the"),
        ("torch", "steps", "gru_inverted", "the update gate of `gru_h` weights the new state"),
        ("torch", "active", "approximate", "the activation of `dense_h` is gelu_tanh"),
        ("torch", "active", "sigmoid", "the activation of `dense_y` is sigmoid"),
        ("keras", "active", "relu", "the activation of `dense_h` is relu"),
        ("keras", "unbiased", "hard_gates", "the recurrent activation of `gru_h` is hard_sigmoid"),
        ("keras", "masked", "repeated", "padded steps of the output are not zero: Keras repeats"),
    ],
)
def test_a_suspect_is_named(
    target: str, picture: str, function: str, what: str, faults: Faults
) -> None:
    found = faults(target, picture, function)
    assert found.keys() == {"reference"}
    assert found["reference"].splitlines()[-1].startswith(f"{SAYS}{what}")


@pytest.mark.parametrize(
    ("target", "function"), [("torch", "unusual"), ("torch", "two_at_once"), ("keras", "unusual")]
)
def test_where_no_suspect_fits_none_is_named(target: str, function: str, faults: Faults) -> None:
    found = faults(target, "active", function)
    assert found.keys() == {"reference"} and SAYS not in found["reference"]


@pytest.mark.parametrize(
    ("target", "picture", "function"),
    [("torch", "last", "ifgo"), ("torch", "steps", "gru"), ("keras", "masked", "zeroed")],
)
def test_a_right_model_has_no_suspect(
    target: str, picture: str, function: str, faults: Faults
) -> None:
    assert faults(target, picture, function) == {}


def test_results_for_steps_instead_of_samples(faults: Faults) -> None:
    found = faults("torch", "last", "time_major_state")
    assert "batch and time are swapped: is a `batch_first=True` missing?" in found["shapes"]


def test_no_two_suspects_of_a_layer_are_the_same() -> None:
    for text in PICTURES.values():
        sentences = [item.sentence for item in suspects(seqdsl.compile(text, "picture.seq"))]
        assert len(set(sentences)) == len(sentences) > 3


def test_cells_that_are_not_keras_s() -> None:
    random = np.random.default_rng(0)
    kernel, recurrent = random.standard_normal((2, 6)), random.standard_normal((2, 6))
    cell = Cell(kernel, recurrent, np.zeros((2, 6)), np.tanh, FUNCTIONS["sigmoid"])
    x, state = random.standard_normal((3, 2)), (random.standard_normal((3, 2)),)
    found = [step(cell, x, state)[0] for step in (gru, gru_reset_before, gru_update_inverted)]
    assert not np.allclose(found[0], found[1]) and not np.allclose(found[0], found[2])
    # From nothing, the reset gate has nothing to reset.
    nothing = (np.zeros((3, 2)),)
    assert np.allclose(gru(cell, x, nothing)[0], gru_reset_before(cell, x, nothing)[0])
