"""What a bus has of a masked row: the valid steps, and of a chain's end its state, which every sample has."""

from __future__ import annotations

from textwrap import dedent

import numpy as np
import pytest

import seqdsl
from seqdsl.verify.pool import verify
from tests.unsaved import UNSAVED
from tests.verify.test_verify_feedback import by_letter, compiled, rnn, values

LAST = """
      M
      |
    +-+
    | |
X X X Z

X = input(2, mask=0)
Z = input(2)
M = {kind}
"""
"""The last valid step of X, and Z, by one bus."""

END = """
            M
            |
        +---+
        |   |
+---H-H-H   Z
|   | | |
S   X X X

S = input(2)
X = input(2, mask=0)
H = rnn(2)
Z = input(2)
M = {kind}
"""
"""The state of H after its last valid step, and Z: without a valid step it is S."""

WIRE = """
        M
       /|
+-+-+-+ |
| | |   |
X X X   Y Y

X = input(2, mask=0)
Y = input(2, mask=0)
M = {kind}
"""
"""A bus of X, and a wire of the first valid step of Y: where there is none, the wire gives zero."""

ATTENDED = """
            M   M   M
           /|  /|  /|
        +-+-|-+-|-+ |
        | | |   |   |
+---H-H-H Z W   W   W
|   | | |
S   X X X

S = input(2)
X = input(2, mask=0)
W = input(2)
H = gru(2)
Z = input(2)
M = attention
"""

REPEATED = """
            M M M
            | | |
        +-+-+-+-+
        | |
+---H-H-H Z
|   | | |
S   X X X

S = input(2)
X = input(2, mask=0)
H = gru(2)
Z = input(2)
M = {kind}
"""

KINDS = {"add": np.add, "multiply": np.multiply, "max": np.maximum, "min": np.minimum}


def combined(kind: str, *parts: np.ndarray) -> np.ndarray:
    """What a kind makes of some values."""
    if kind == "mean":
        return np.mean(parts, axis=0)
    first, *others = parts
    for other in others:
        first = KINDS[kind](first, other)
    return first


def drawn(text: str, kind: str) -> str:
    return dedent(text).strip("\n").format(kind=kind)


@pytest.mark.parametrize("kind", [*KINDS, "mean"])
def test_a_step_that_a_sample_does_not_have_is_no_wire_of_a_bus(kind: str) -> None:
    random = np.random.default_rng(1)
    x, z = random.normal(size=(2, 3, 2)), random.normal(size=(2, 2))
    x[0], x[1, 2] = 0, 0
    (found,) = values(compiled(drawn(LAST, kind)), [x, z])
    np.testing.assert_allclose(found, [z[0], combined(kind, x[1, 1], z[1])])


@pytest.mark.parametrize("kind", [*KINDS, "mean"])
def test_where_a_chain_ends_a_bus_has_its_state(kind: str) -> None:
    random = np.random.default_rng(2)
    s, x, z = (random.normal(size=size) for size in ((2, 2), (2, 3, 2), (2, 2)))
    x[0], x[1, :2] = 0, 0
    model = compiled(drawn(END, kind))
    (found,) = values(model, [s, x, z])
    state = rnn(x[1:, 2], s[1:], by_letter(model)["H"])
    np.testing.assert_allclose(
        found, [combined(kind, s[0], z[0]), combined(kind, state[0], z[1])], atol=1e-12
    )


@pytest.mark.parametrize("kind", [*KINDS, "mean"])
def test_a_wire_beside_a_bus_gives_zero(kind: str) -> None:
    random = np.random.default_rng(3)
    x, y = random.normal(size=(2, 3, 2)), random.normal(size=(2, 2, 2))
    x[0, 2], y[0], y[1, 0] = 0, 0, 0
    (found,) = values(compiled(drawn(WIRE, kind)), [x, y])
    expected = [combined(kind, *x[0, :2], np.zeros(2)), combined(kind, *x[1], y[1, 1])]
    np.testing.assert_allclose(found, expected)


def test_all_targets_do_that() -> None:
    texts = [
        drawn(text, kind) for text in (LAST, END, WIRE) for kind in ("multiply", "mean", "max")
    ]
    texts += [drawn(ATTENDED, ""), drawn(REPEATED, "mean"), drawn(REPEATED, "min")]
    models = [seqdsl.compile(text, f"m{number}.seq") for number, text in enumerate(texts)]
    report = verify(models, ["keras", "torch", "numpy"], checks=UNSAVED)
    assert report.results and not [item.message for item in report.results if not item.passed]


TOKENS = {
    "the last one": "        F\n        |\nM M M M M",
    "the last two": "      F F\n      | |\nM M M M M",
    "one twice": "F F F F F F\n \\| | | | |\n  M M M M M",
    "the first ones": "F F F\n| | |\nM M M M M",
}


def test_ids_behind_a_length_are_not_read() -> None:
    """A sample that has not so many steps has the id 0 there, whatever it holds."""
    calls = "\n\nM = tokens(8{grid}, lengths=true)\nF = embedding(4)\n"
    models = [
        seqdsl.compile(drawn + calls.format(grid=grid), f"{number}{len(grid)}.seq")
        for number, drawn in enumerate(TOKENS.values())
        for grid in ("", ", 2")
    ]
    report = verify(models, ["keras", "torch", "numpy"], checks=UNSAVED)
    assert report.results and not [item.message for item in report.results if not item.passed]


SUMS = {
    "windows, and the last two by a bus": r"""
      H       H       H       H
      |\     /|\     /|\     /|\
      +-|---|-+-|---|-+-|---|-+ |
        |  /    |  /  | |  /  | |
        | /     | /   | | /   | |
        |/      |/     \|/     \|
        X       X       X       X

X = input(2, mask=0)
H = add
""",
    "all of a row, beside a padded one": r"""
        H   H   H
       /|  /|  /|
  +-+-+-|-+-|-+ |
  | |   |   |   |
  X X X Z   Z   Z

X = input(2, mask=0)
Z = input(1, mask=0)
H = add
""",
    "two valid steps, at some of the nodes": r"""
        H   H   H   H
       /|   |  /|   |
  +-+-+-|---|-+ |   |
  | |   |   |   |   |
  X X X Z   Z   Z   Z

X = input(2, mask=0)
Z = input(2)
H = add
""",
    "the end of a chain, in a mean": r"""
          H   H   H
         /|  /|  /|
      +-+-|-+-|-+ |
      | | |   |   |
+-G-G-G V Z   Z   Z
| | | |
S X X X

S = input(2)
X = input(2, mask=0)
V = input(2)
Z = input(2)
G = gru(2)
H = mean
""",
}


def test_a_bus_of_padded_steps_is_added_to_other_wires() -> None:
    models = [
        seqdsl.compile(text.strip("\n"), f"s{number}.seq")
        for number, text in enumerate(SUMS.values())
    ]
    report = verify(models, ["keras", "torch", "numpy"], checks=UNSAVED)
    assert report.results and not [item.message for item in report.results if not item.passed]


@pytest.mark.parametrize("kind", ["mean", "max", "min", "multiply"])
def test_a_bus_of_padded_steps_is_combined_with_other_wires(kind: str) -> None:
    texts = [
        SUMS[name].strip("\n").replace("H = add", f"H = {kind}")
        for name in ("all of a row, beside a padded one", "two valid steps, at some of the nodes")
    ]
    # Nodes without the bus are as wide as those with it, with padding and without.
    narrow = texts[1].replace("Z = input(2)", "Z = input(1)")
    texts += [narrow, narrow.replace(", mask=0", "")]
    models = [seqdsl.compile(text, f"{kind}{number}.seq") for number, text in enumerate(texts)]
    report = verify(models, ["keras", "torch", "numpy"], checks=UNSAVED)
    assert report.results and not [item.message for item in report.results if not item.passed]


def test_a_sum_has_the_valid_steps_of_a_bus() -> None:
    random = np.random.default_rng(5)
    x, z = random.normal(size=(2, 3, 2)), random.normal(size=(2, 4, 2))
    x[0, 1] = x[1] = 0
    (found,) = values(compiled(SUMS["two valid steps, at some of the nodes"].strip("\n")), [x, z])
    # Of the first sample the first two valid steps are 0 and 2; the second one has none.
    added = x[0, 0] + x[0, 2]
    np.testing.assert_allclose(found[0], z[0] + [added, 0 * added, added, 0 * added])
    np.testing.assert_allclose(found[1], z[1])
