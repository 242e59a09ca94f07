"""Loops: the interpreter's values and dependence, compared with loops written by hand in numpy."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import numpy as np
import pytest

from seqdsl.api import analyze
from seqdsl.verify.oracle import expand, interpret, reachable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seqdsl.api import Model

    Array = NDArray[np.float64]
    Weights = dict[str, dict[str, Array]]

BATCH = 3


def compiled(picture: str) -> Model:
    analysis = analyze(dedent(picture).strip("\n"), "loop.seq")
    assert analysis.models, analysis.diagnostics
    return analysis.models[0]


def weights_of(model: Model, seed: int = 1) -> dict[int, dict[str, Array]]:
    """Weights for every block by the shapes of its layer, drawn once for each layer."""
    random = np.random.default_rng(seed)
    by_layer: dict[str, dict[str, Array]] = {}
    found = {}
    for block in model.spec.blocks:
        if block.layer is None:
            continue
        layer = block.layer
        if layer.name not in by_layer:
            shapes = _shapes(layer.kind, layer.width.value({}), layer.units.value({}))
            by_layer[layer.name] = {
                name: random.normal(size=shape) for name, shape in shapes.items()
            }
        found[block.index] = by_layer[layer.name]
    return found


def _shapes(kind: str, width: int, units: int) -> dict[str, tuple[int, ...]]:
    if kind == "dense":
        return {"kernel": (width, units), "bias": (units,)}
    if kind == "rnn":
        return {"kernel": (width, units), "recurrent_kernel": (units, units), "bias": (units,)}
    return {}


def values(model: Model, inputs: list[Array], lengths: dict[str, int] | None = None) -> list[Array]:
    steps = expand(model.drawing, lengths or {})
    return interpret(model.drawing, steps, weights_of(model), inputs).outputs()


def by_letter(model: Model) -> Weights:
    found = weights_of(model)
    return {block.letter: found[block.index] for block in model.spec.blocks if block.index in found}


def draw(*shape: int) -> Array:
    return np.random.default_rng(sum(shape)).normal(size=(BATCH, *shape))


def dense(x: Array, w: dict[str, Array]) -> Array:
    return x @ w["kernel"] + w["bias"]


def rnn(x: Array, h: Array, w: dict[str, Array]) -> Array:
    return np.tanh(x @ w["kernel"] + h @ w["recurrent_kernel"] + w["bias"])


def test_a_start_and_what_was_given() -> None:
    model = compiled(
        """
        Y Y Y Y
        | | | |
        D-D-D-D
        | | | |
        S y y y

        S = input(2)
        D = rnn(4)
        Y = dense(2)
        """
    )
    start, w = draw(2), by_letter(model)
    y, h, expected = start, np.zeros((BATCH, 4)), []
    for _ in range(4):
        h = rnn(y, h, w["D"])
        y = dense(h, w["Y"])
        expected.append(y)
    (found,) = values(model, [start])
    np.testing.assert_allclose(found, np.stack(expected, 1))


def test_a_warm_up() -> None:
    model = compiled(
        """
            Y Y Y
            | | |
        D-D-D-D-D
        | | | | |
        X X X y y

        X = input(1)
        D = rnn(4)
        Y = dense(1)
        """
    )
    x, w = draw(3, 1), by_letter(model)
    h, expected = np.zeros((BATCH, 4)), []
    for step in range(5):
        h = rnn(x[:, step] if step < 3 else expected[-1], h, w["D"])
        if step >= 2:
            expected.append(dense(h, w["Y"]))
    (found,) = values(model, [x])
    np.testing.assert_allclose(found, np.stack(expected, 1))


@pytest.mark.parametrize("length", [3, 4, 7])
def test_a_free_length_from_zero(length: int) -> None:
    model = compiled(
        """
          Y   Y ...   Y
          |   |       |
          D---D-...---D
         /|  /|      /|
        y X y X ... y X

        X = input(3)
        D = rnn(4)
        Y = dense(2)
        """
    )
    x, w = draw(length, 3), by_letter(model)
    y, h, expected = np.zeros((BATCH, 2)), np.zeros((BATCH, 4)), []
    for step in range(length):
        h = rnn(np.concatenate([y, x[:, step]], -1), h, w["D"])
        y = dense(h, w["Y"])
        expected.append(y)
    (name,) = model.spec.free
    (found,) = values(model, [x], {name: length})
    np.testing.assert_allclose(found, np.stack(expected, 1))


def test_a_state_that_is_passed_is_what_was_there_before() -> None:
    # The decoder's attention asks with the state before; at its first step that is the encoder's.
    model = compiled(
        """
                        Y       Y       Y
                        |       |       |
                +-------D-------D-------D
                |      /|      /|      /|
                |     C |     C |     C |
                |    /| |    /| |    /| |
        +-+-+-+-|---+-|-|---+-|-|---+ | |
        | | | | |     | |     | |     | |
        E-E-E-E-+     d |     d |     d |
        | | | |         |       |       |
        X X X X         Z       Z       Z

        X = input(2)
        Z = input(3)
        E = rnn(4)
        D = rnn(4)
        C = attention
        Y = dense(2)
        """
    )
    x, z, w = draw(4, 2), draw(3, 3), by_letter(model)
    h, memory = np.zeros((BATCH, 4)), []
    for step in range(4):
        h = rnn(x[:, step], h, w["E"])
        memory.append(h)
    keys, expected = np.stack(memory, 1), []
    for step in range(3):
        scores = np.einsum("bf,bsf->bs", h, keys)
        shares = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
        answer = np.einsum("bs,bsf->bf", shares, keys)
        h = rnn(np.concatenate([answer, z[:, step]], -1), h, w["D"])
        expected.append(dense(h, w["Y"]))
    (found,) = values(model, [x, z])
    np.testing.assert_allclose(found, np.stack(expected, 1))


# NARX: an output depends on the two outputs before it, of which `P` keeps one.
NARX = """
    Y       Y       Y       Y
    |       |       |       |
    H       H       H       H
   /|\\     /|\\     /|\\     /|\\
  p | P   p | P   p | P   p | P
    | |     | |     | |     | |
    X y     X y     X y     X y

X = input(2)
P = concat
H = dense(6, tanh)
Y = dense(1)
"""


def test_two_steps_before() -> None:
    model = compiled(NARX)
    x, w = draw(4, 2), by_letter(model)
    outputs = [np.zeros((BATCH, 1))] * 2
    for step in range(4):
        read = np.concatenate([outputs[-2], x[:, step], outputs[-1]], -1)
        outputs.append(dense(np.tanh(dense(read, w["H"])), w["Y"]))
    (found,) = values(model, [x])
    np.testing.assert_allclose(found, np.stack(outputs[2:], 1))


def test_a_letter_that_reads_itself() -> None:
    loop = compiled("Y Y Y\n| | |\nS y y\n\nS = input(2)\nY = dense(2, tanh)\n")
    start, w = draw(2), by_letter(loop)
    expected = [start]
    for _ in range(3):
        expected.append(np.tanh(dense(expected[-1], w["Y"])))
    (found,) = values(loop, [start])
    np.testing.assert_allclose(found, np.stack(expected[1:], 1))


def test_a_mask_comes_from_what_is_not_delayed() -> None:
    model = compiled(
        """
          Y   Y   Y
          |   |   |
          D---D---D
         /|  /|  /|
        y X y X y X

        X = input(3, mask=0, padding=end)
        D = rnn(4)
        Y = dense(2)
        """
    )
    x, w = draw(3, 3), by_letter(model)
    x[0, 1:] = 0
    (found,) = values(model, [x])
    h = rnn(np.concatenate([np.zeros((BATCH, 2)), x[:, 0]], -1), np.zeros((BATCH, 4)), w["D"])
    np.testing.assert_allclose(found[:, 0], dense(h, w["Y"]))
    assert not found[0, 1:].any()
    assert found[1, 1:].all()


def test_dependence_goes_through_a_loop() -> None:
    model = compiled(NARX)
    reached = reachable(model.drawing, expand(model.drawing, {}), range(4))
    np.testing.assert_array_equal(reached, np.tril(np.ones((4, 4), bool)))


def test_without_the_loop_a_step_depends_on_its_own_input_alone() -> None:
    # `x` is the input one step earlier: two steps reach each output but the first.
    model = compiled("  Y   Y   Y\n /|  /|  /|\nx X x X x X\n\nX = input(2)\nY = dense(1)\n")
    reached = reachable(model.drawing, expand(model.drawing, {}), range(3))
    np.testing.assert_array_equal(reached, [[1, 0, 0], [1, 1, 0], [0, 1, 1]])
