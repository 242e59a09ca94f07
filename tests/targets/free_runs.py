"""Pictures with feedback, and data for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import seqdsl
from seqdsl.runtime.named_weights import LayerWeights

PICTURES = {
    "translation": """
                Y Y ... Y
                | |     |
E-E-...-E-------D-D-...-D
| |     |       | |     |
W W ... W       V V ... V
| |     |       | |     |
X X ... X       Z Z ... Z

X = tokens(40, name=source)
Z = tokens(50, feedback=Y, name=target)
W = embedding(24)
V = embedding(24)
E = lstm(32, name=encoder)
D = lstm(32, name=decoder)
Y = dense(50, log_softmax)
""",
    "char-rnn": """
Y Y ... Y   dense(20)
| |     |
G-G-...-G   gru(16)
| |     |
H-H-...-H   gru(16)
| |     |
E E ... E   embedding(8)
| |     |
Z Z ... Z   tokens(20, feedback=Y)
""",
    "cell": """
cell gated(units):
    z = sigmoid(dense(dropout(x, 0.2), h))
    n = tanh(dense(x, z * h))
    h = zoneout(h, z * h + (1 - z) * n, 0.1)

Y Y ... Y   dense(12)
| |     |
H-H-...-H   gated(6)
| |     |
W W ... W   embedding(5)
| |     |
X X ... X   tokens(12, feedback=Y)
""",
    "forecast": """
Y Y Y   dense(1)
| | |
H-H-H   lstm(16)
| | |
Z Z Z   input(1, feedback=Y)
""",
    "caption": """
Y Y Y Y   dense(30, softmax)
| | | |
H-H-H-H   lstm(16)
| | | |
I E E E
| | | |
X Z Z Z

X = input(12)
Z = tokens(30, feedback=Y, name=word)
I = dense(8)
E = embedding(8)
""",
    "one-row": """
            Y Y ... Y
            | |     |
D-D-...-D---D-D-...-D
| |     |   | |     |
W W ... W   V V ... V
| |     |   | |     |
X X ... X   Z Z ... Z

X = tokens(40, name=source)
Z = tokens(50, feedback=Y, name=target)
W = embedding(24)
V = embedding(24)
D = gru(16)
Y = dense(50)
""",
    "convolutions": """
Y Y Y Y   dense(2)
| | | |
D D D D   conv(8, 3, relu, padding=causal, dilation=2)
| | | |
C C C C   conv(8, 2, relu, padding=causal)
| | | |
Z Z Z Z   input(2, feedback=Y)
""",
    "one-hot": """
Y Y ... Y   dense(9, softmax)
| |     |
H-H-...-H   gru(16)
| |     |
Z Z ... Z   input(9, feedback=Y, choose=true)
""",
    "attention": """
                    Y   Y   Y   dense(50)
                    |   |   |
                    A   A   A
                   /|  /|  /|
+-+-+-+-----------+-|-+-|-+ |
| | | |             |   |   |
E-E-E-E-------------D---D---D
| | | |             |   |   |
W W W W             V   V   V
| | | |             |   |   |
X X X X             Z   Z   Z

X = tokens(40, name=source)
Z = tokens(50, feedback=Y, name=target)
W = embedding(24, mask=true)
V = embedding(24, mask=true)
E = gru(16)
D = gru(16)
A = attention
""",
    "peek": """
            Y  ...  Y   dense(5)
            |       |
            D--...--D   gru(10, name=decoder)
           /|      /|
      +---+-|-----+ |
      |     |       |
E-E-E-E     |       |   gru(8, name=encoder)
| | | |     |       |
X X X X     Z  ...  Z

X = input(6, name=source)
Z = input(5, name=target, feedback=Y)
""",
    "skip": """
Y   Y   Y   dense(20)
|   |   |
A   A   A   add
|\\  |\\  |\\
C | C | C |
|/  |/  |/
H---H---H
|   |   |
E   E   E
|   |   |
Z   Z   Z

Z = tokens(20, feedback=Y)
E = embedding(8, mask=true)
H = lstm(8, dropout=0.2, recurrent_dropout=0.2)
C = conv(8, 2, padding=causal)
""",
}

NAMED = {
    "layers": """
Y Y ... Y
| |     |
D-D-...-D
| |     |
V V ... V
| |     |
Z Z ... Z

Z = tokens(9, feedback=Y, name=start)
V = embedding(4, name=decode)
D = lstm(5, name=generate)
Y = dense(9, name=steps)
""",
    "inputs": """
                Y Y ... Y
                | |     |
E-E-...-E-------D-D-...-D
| |     |       | |     |
X X ... X       V V ... V
                | |     |
                Z Z ... Z

X = input(4, name=steps)
Z = tokens(9, feedback=Y, name=generated)
V = embedding(4)
E = gru(5, name=encode)
D = gru(5, name=temperature)
Y = dense(9, log_softmax, name=ids)
""",
}
"""Pictures whose names are those of the methods, and of the arguments and variables, of ``generate``."""


class Case(NamedTuple):
    """Data for a picture.

    Attributes:
        arrays: the inputs, in order; ``None``: the one that is fed.
        prompt: what is fed first.
        is_id: whether ids are generated.
        is_one_hot: whether the input holds their one-hot codes.
        width: how many ids or features there are.
    """

    arrays: tuple[NDArray[np.generic] | None, ...]
    prompt: NDArray[np.generic]
    is_id: bool
    is_one_hot: bool
    width: int


def case_of(text: str, length: int, batch: int = 3) -> Case:
    """Data for a picture, with a prompt of some steps."""
    random = np.random.default_rng(0)
    arrays: list[NDArray[np.generic] | None] = []
    for item in seqdsl.compile(text).inputs:
        shape = [batch, *(size.constant or 5 for size in item.shape)]
        if item.feedback is not None:
            vocabulary = item.shape[-1] if item.vocabulary is None else item.vocabulary
            width = vocabulary.constant or 0
            is_id = item.vocabulary is not None or item.feedback.is_chosen
            prompt: NDArray[np.generic] = (
                random.integers(1, width, (batch, length))
                if is_id
                else random.standard_normal((batch, length, width))
            )
            is_one_hot = item.feedback.is_chosen
            arrays.append(None)
        elif item.vocabulary is not None:
            arrays.append(random.integers(1, item.vocabulary.constant or 1, shape))
        else:
            arrays.append(random.standard_normal(shape))
    return Case(tuple(arrays), prompt, is_id, is_one_hot, width)


def free_steps(text: str, length: int) -> int:
    """How many steps to generate after a prompt so that a model of fixed length can be fed with all."""
    fed = next(item for item in seqdsl.compile(text).inputs if item.feedback is not None)
    most = fed.shape[0].constant
    return 6 if most is None else most - length


def arrays_for(layers: Sequence[LayerWeights]) -> dict[str, NDArray[np.float64]]:
    """Weights by name, the same for all targets, with which different steps give different ids."""
    random = np.random.default_rng(0)
    return {name: random.uniform(-2, 2, shape) for name, shape in _shapes(layers)}


def _shapes(layers: Sequence[LayerWeights]) -> Iterator[tuple[str, tuple[int, ...]]]:
    return ((f"{item.name}/{part}", shape) for item in layers for part, shape in item.shapes)
