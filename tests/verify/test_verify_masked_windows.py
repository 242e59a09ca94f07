"""Windows of a masked row are those of its valid steps alone; steps beside a masked row are no part of its padding."""

from __future__ import annotations

from textwrap import dedent

import numpy as np
import pytest

import seqdsl
from seqdsl.api import analyze
from seqdsl.verify.pool import verify
from tests.unsaved import UNSAVED
from tests.verify.test_verify_feedback import by_letter, compiled, rnn, values

# A picture of six steps and the same of four, which is what a sample of four valid steps gives.
WINDOWS = {
    "side by side": (
        """
    D   D   D
    |\\  |\\  |\\
    X X X X X X
    """,
        """
    D   D
    |\\  |\\
    X X X X
    """,
    ),
    "beyond the first step": (
        """
    D   D   D
    |\\ /|\\ /|\\
    X X X X X X
    """,
        """
    D   D
    |\\ /|\\
    X X X X
    """,
    ),
    "beyond the last step": (
        """
      D   D   D
     /|\\ /|\\ /|
    X X X X X X
    """,
        """
      D   D
     /|\\ /|
    X X X X
    """,
    ),
    "whole": (
        """
      D D D D D
     /|/|/|/|/|
    X X X X X X
    """,
        """
      D D D
     /|/|/|
    X X X X
    """,
    ),
}
CALLS = "\n\nX = input(2{mask})\nD = {layer}\n"
PLACES = np.array(
    [[1, 1, 1, 1, 0, 0], [0, 0, 1, 1, 1, 1], [1, 0, 1, 1, 0, 1], [0, 1, 1, 0, 1, 1]], bool
)
"""Four valid steps of six, in several places."""


@pytest.mark.parametrize("layer", ["concat", "add", "rnn(2)"])
@pytest.mark.parametrize("name", WINDOWS)
def test_windows_are_those_of_the_valid_steps(name: str, layer: str) -> None:
    drawn = [dedent(item).strip("\n") for item in WINDOWS[name]]
    padded = compiled(drawn[0] + CALLS.format(mask=", mask=0", layer=layer))
    alone = compiled(drawn[1] + CALLS.format(mask="", layer=layer))
    x = np.random.default_rng(3).normal(size=(1, 4, 2))
    among = np.zeros((len(PLACES), 6, 2))
    among[PLACES] = np.concatenate([x[0]] * len(PLACES))
    (found,), (expected,) = values(padded, [among]), values(alone, [x])
    count = expected.shape[1]
    np.testing.assert_allclose(found[:, :count], np.repeat(expected, len(PLACES), 0), atol=1e-12)
    assert not found[:, count:].any()


@pytest.mark.parametrize("layer", ["concat", "max", "rnn(2)"])
def test_a_window_for_each_step_reads_zero_at_padded_steps(layer: str) -> None:
    drawn = "D D D D\n|\\|\\|\\|\nX X X X"
    padded = compiled(drawn + CALLS.format(mask=", mask=0", layer=layer))
    plain = compiled(drawn + CALLS.format(mask="", layer=layer))
    x = np.random.default_rng(4).normal(size=(2, 4, 2))
    x[0, 1] = x[1, 3] = 0
    (found,), (expected,) = values(padded, [x]), values(plain, [x])
    assert not found[0, 1].any()
    assert not found[1, 3].any()
    if layer != "rnn(2)":
        np.testing.assert_allclose(found[0, [0, 2, 3]], expected[0, [0, 2, 3]])
    np.testing.assert_allclose(found[1, :3], expected[1, :3])


BUS = """
      H       H       H       H
      |\\     /|\\     /|\\     /|\\
      +-|---|-+-|---|-+-|---|-+ |
        |  /    |  /  | |  /  | |
        | /     | /   | | /   | |
        |/      |/     \\|/     \\|
        X       X       X       X
""".strip("\n")
"""A window of two for each step, and the last two steps by a bus."""

BESIDE = {
    "windows, and a bus": (BUS, False),
    "windows, and other wires": ("H H     H H\n|/ \\   /|\\|\nX X X X X X", False),
    "the last two": ("  H-H-H\n  | | |\nX X X Z", True),
    "the last one of two rows": ("  H H\n  | |\nX X Z Z", True),
    "the first two and the last": ("H H   H\n| |   |\nX X X X", False),
    "unwired behind": ("H-H-H-H   \n| |\nX X", False),
    "unwired in front": ("H-H-H-H\n    | |\n    X X", False),
    "a part, and unwired": ("H-H-H-H\n| |\nX X X X", False),
    "all, and the last once more": ("H-H-H-H\n| | |/\nX X X", False),
    "one twice": ("H-H-H-H\n \\| | |\nX X Z Z", True),
    "a free length": ("    H-H-...-H\n    | |     |\nX...X Z ... Z", True),
}
MORE = "\n\nX = input(2, mask=0{})\nH = rnn(3)\n"


@pytest.mark.parametrize("padding", ["", ", padding=end"])
def test_all_targets_keep_each_padding_apart(padding: str) -> None:
    models = [
        seqdsl.compile(
            drawn + MORE.format(padding) + "Z = input(2, mask=0)\n" * has_z, f"m{number}.seq"
        )
        for number, (drawn, has_z) in enumerate(BESIDE.values())
    ]
    models += [
        seqdsl.compile(
            dedent(drawn).strip("\n") + CALLS.format(mask=f", mask=0{padding}", layer=layer),
            f"w{number}.seq",
        )
        for number, ((drawn, _), layer) in enumerate(
            zip(WINDOWS.values(), ("dense(3)", "mean", "dense(2, relu)", "max"), strict=True)
        )
    ]
    models.append(
        seqdsl.compile(
            # Both wires mark the second step.
            "D D\n \\|\nX X" + CALLS.format(mask=f", mask=0{padding}", layer="conv(3, 2)"),
            "twice.seq",
        )
    )
    report = verify(models, ["keras", "torch", "numpy"], checks=UNSAVED)
    assert report.results and not [item.message for item in report.results if not item.passed]


def test_a_bus_beside_windows_has_the_valid_steps() -> None:
    model = compiled(BUS + MORE.format("").replace("rnn(3)", "concat"))
    x = np.random.default_rng(8).normal(size=(4, 2))
    padded = np.stack([x, x, x])
    padded[1, 3] = padded[2, 1] = 0
    (found,) = values(model, [padded])
    for sample, last in enumerate(([2, 3], [1, 2], [2, 3])):
        # Of a node its wires `/`, `|` (the bus) and `\\`.
        np.testing.assert_allclose(found[sample, 0, 2:6], x[last].ravel())
        np.testing.assert_allclose(found[sample, 2, :2], padded[sample, 1])
        np.testing.assert_allclose(found[sample, 2, 6:], padded[sample, 2])


def test_steps_beside_windows_are_counted_by_themselves() -> None:
    model = compiled(
        BESIDE["windows, and other wires"][0] + MORE.format("").replace("rnn(3)", "concat")
    )
    x = np.random.default_rng(9).normal(size=(1, 6, 2))
    x[:, 4] = 0
    (found,) = values(model, [x])
    # By `|`, the last two nodes read the last two steps: of five valid ones those are 3 and 5. The windows of the other
    # wires need more valid steps for the third node.
    np.testing.assert_allclose(found[0, 3, 2:4], x[0, 5])
    assert not found[0, 2].any()


def test_state_goes_on_behind_padding() -> None:
    """A decoder that runs on: its unwired steps are valid, whatever is padding before them."""
    model = compiled("H-H-H-H\n| |\nX X" + MORE.format(""))
    x = np.random.default_rng(5).normal(size=(1, 2, 2))
    x[:, 1] = 0
    (found,), weights = values(model, [x]), by_letter(model)["H"]
    h = rnn(x[:, 0], np.zeros((1, 3)), weights)
    expected = [h, np.zeros((1, 3))]
    for _ in range(2):
        h = rnn(np.zeros((1, 2)), h, weights)
        expected.append(h)
    np.testing.assert_allclose(found, np.stack(expected, 1))


def test_last_steps_beside_others_are_the_last_valid_ones() -> None:
    model = compiled("  H-H-H\n  | | |\nX X X Z" + MORE.format("") + "Z = input(2)\n")
    x = np.random.default_rng(6).normal(size=(2, 2))
    z = np.random.default_rng(7).normal(size=(3, 2))
    padded = np.zeros((3, 3, 2))
    padded[0, :2] = padded[1, 1:] = x
    padded[2, [0, 2]] = x
    (found,) = values(model, [padded, np.repeat(z[:1], 3, 0)])
    assert np.ptp(found, axis=0).max() < 1e-12
    assert np.abs(found).min() > 0


def test_windows_may_be_drawn_by_buses() -> None:
    wires = "  |       |       |\n+-+-+   +-+-+   +-+-+\n|   |   |   |   |   |\n"
    drawn = f"  M       M       M\n{wires}X   X   X   X   X   X"
    model = compiled(drawn + "\n\nX = input(2, mask=0)\nM = mean\n")
    x = np.random.default_rng(8).normal(size=(1, 6, 2))
    x[0, 1] = 0
    (found,) = values(model, [x])
    # Of the valid steps alone: x0 x2, x3 x4, and of the third window there is one step only.
    expected = [x[0, [0, 2]].mean(0), x[0, [3, 4]].mean(0), np.zeros(2)]
    np.testing.assert_allclose(found[0], expected)
    report = verify([model], ["numpy"])
    assert report.results and not report.failures


def test_what_marks_its_own_ids_is_refused_plainly() -> None:
    drawn = (
        "Y Y Y\n| | |\nD D D   dense(9)\n| | |\nH-H-H   gru(8)\n| | |\n"
        "E E E   embedding(4, mask=true)\n| | |\nS y y\n\nS = tokens(9)\nY = argmax\n"
    )
    (found,) = analyze(drawn, "own.seq").diagnostics
    assert (found.code, "remove `mask=true`" in (found.hint or "")) == ("SEQ313", True)
