"""Random graphs with loops compute the same in PyTorch and numpy as step by step."""

from __future__ import annotations

import random

import numpy as np
import pytest

from seqdsl.ir.builder import Builder
from seqdsl.ir.graph import Graph
from seqdsl.ir.operations import Identity
from seqdsl.ir.tensors import Tensor, concat, delay, join, repeat
from seqdsl.layers import Combination
from seqdsl.runtime.named_weights import draw
from tests.targets.stepwise import Stepwise
from tests.targets.test_targets_loops import data, results, weights_of

CELLS = ("rnn", "gru", "lstm")
ACTIVATIONS = ("tanh", "sigmoid", "linear")


class _Random:
    """Builds a graph whose rows read each other, one, two or three steps earlier, from starts of all kinds."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.b = Builder(f"random_{seed}")
        self.is_free = self.random.random() < 0.3
        self.steps = self.b.length("n", minimum=5) if self.is_free else self.random.randint(3, 7)
        self.x = self.b.input("x", 3, self.steps)
        self.s = self.b.input("s", 2)
        self.memory = self.b.gru(self.b.input("z", 2, 4), 4, name="memory")

    def graph(self) -> Graph:
        backs = [self.b.later(size, self.steps) for size in self._sizes()]
        rows: list[Tensor] = [self.x, *backs]
        made = [self._row(rows) for _ in range(self.random.randint(1, 4))]
        for back in backs:
            self.b.bind(back, self._earlier(self._of_size(back, rows, made), back))
        for number, row in enumerate(self.random.sample(made, self.random.randint(1, len(made)))):
            self.b.output(row, f"y_{number}")
        self.b.output(self.b.dense(rows[-1], 2), "last")
        return self.b.build()

    def _sizes(self) -> list[int]:
        return [self.random.randint(1, 4) for _ in range(self.random.randint(1, 2))]

    def _of_size(self, back: Tensor, rows: list[Tensor], made: list[Tensor]) -> Tensor:
        # A row as it is, or what a layer makes of it.
        equal = [row for row in made if row.features == back.features]
        if equal and self.random.random() < 0.7:
            return self.random.choice(equal)
        return self.b.dense(self.random.choice(rows[1:]), back.features, activation="tanh")

    def _earlier(self, row: Tensor, back: Tensor) -> Tensor:
        """A row so many steps before: from zero on, from a vector, from known steps."""
        lag = self.random.choice((1, 1, 1, 2, 3))
        kind = self.random.choice(("zero", "start", "steps"))
        start = self.b.dense(self.s, back.features)
        if kind == "zero" and lag == 1:
            return delay(row)
        if kind == "steps":
            known = self.b.dense(self.x[:lag], back.features)
            return join(known, row[:-lag])
        return join(repeat(start, lag), row[:-lag])

    def _row(self, rows: list[Tensor]) -> Tensor:
        read = self._read(rows)
        kind = self.random.choice(("cell", "cell", "dense", "conv", "add", "ask", "pass", "pass"))
        if kind == "cell":
            initial = self.b.dense(self.s, 4) if self.random.random() < 0.5 else None
            row = self.b.scan(self.random.choice(CELLS), read, 4, initial=initial)
        elif kind == "conv":
            row = self.b.conv(read, 3, self.random.randint(1, 3), padding="causal")
        elif kind == "add":
            part = self.b.dense(read, 3)
            other = self.b.dense(self._read(rows), 3)
            row = self.b.merge(self.random.choice(list(Combination)), part, other)
        elif kind == "pass":
            # A member that computes nothing, and may be read one step later again: often of an earlier value.
            read = self.random.choice(rows[1:] if self.random.random() < 0.8 else rows)
            row = self.b.add(Identity(read.expression), "output", "same", self.steps, read.features)
        elif kind == "ask":
            row = self.b.attention(self.b.dense(read, 4), self.memory)
        else:
            activation = self.random.choice(ACTIVATIONS)
            row = self.b.dense(read, self.random.randint(1, 4), activation=activation)
        rows.append(row)
        return row

    def _read(self, rows: list[Tensor]) -> Tensor:
        chosen = self.random.sample(rows, self.random.randint(1, min(3, len(rows))))
        return chosen[0] if len(chosen) == 1 else concat(*chosen)


def check(seed: int, target: str) -> None:
    graph = _Random(seed).graph()
    weights = draw(weights_of(graph), 0.7)
    lengths = {name: graph.minimum[name] + 1 for name in graph.free}
    arrays = data(graph, lengths)
    expected = Stepwise(graph, weights, arrays, lengths).outputs()
    found = results(graph, target, arrays, weights)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-8, atol=1e-10, err_msg=str(graph))


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("target", ["torch", "numpy"])
def test_random_loops(seed: int, target: str) -> None:
    check(seed, target)


# Among them: a loop that nobody reads, minima, windows, several values of one row, free lengths.
@pytest.mark.parametrize("seed", [2, 9, 19, 31, 43, 56])
def test_random_loops_in_keras(seed: int) -> None:
    check(seed, "keras")
