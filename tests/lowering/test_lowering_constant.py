"""What reads nothing: how long it is, which model it may stand in, and what is refused."""

from __future__ import annotations

import pytest

import seqdsl
from seqdsl.ir.limits import is_within, shortened
from seqdsl.ir.operations import Constant
from seqdsl.verify.cases import cases

BESIDE = r"""
A   A ..n.. A    add
|\  |\      |\
D | D | ... D |  dense(4)
| P | P ... | P  {code}
|   |       |
X   X  ...  X    input(3)
{more}
"""


def problem(text: str) -> str:
    (found,) = [item for item in seqdsl.api.analyze(text).diagnostics if item.is_error]
    return f"{found.code} {found.message}; {found.hint}"


def test_a_free_length_is_that_of_the_row_beside() -> None:
    spec = seqdsl.compile(BESIDE.format(code="position(4, sin)", more="")).spec
    (node,) = [item for item in spec.nodes if item.kind == "position"]
    assert isinstance(node.operation, Constant) and node.operation.free
    assert str(node.steps) == "n" and spec.inputs[0].shape[0] == node.steps


def test_a_row_to_the_left_of_the_input_is_computed_after_it() -> None:
    text = "A   A\n|\\  |\\\n| \\ | \\\nP  |P  |\n   |   |\n   X   X\n\nA = add\nP = learned(3)\nX = input(3)\n"
    spec = seqdsl.compile(text).spec
    kinds = [spec.nodes[index].kind for index in spec.order]
    assert kinds.index("input") < kinds.index("learned")


def test_as_many_vectors_as_steps_are_drawn_or_as_many_as_are_given() -> None:
    for code, weights in (("position(4)", 20), ("position(4, most=9)", 36), ("learned(4)", 20)):
        model = seqdsl.compile(BESIDE.format(code=code, more="n = 5"))
        assert model.parameters["torch"] == 16 + weights, code


def test_verify_tries_no_longer_sequence_than_there_are_vectors() -> None:
    spec = seqdsl.compile(BESIDE.format(code="position(4, most=4)", more="")).spec
    lengths = {dict(case.lengths)["n"] for case in cases(spec)}
    assert lengths == {3, 4}
    assert is_within(spec, {"n": 4}) and not is_within(spec, {"n": 5})
    assert shortened(spec, {"n": 50}) == {"n": 4}


@pytest.mark.parametrize(
    ("code", "more", "said"),
    [
        ("position(4)", "", "SEQ303 `P` has a free length: `position` requires the argument `most`"),
        ("learned(4)", "", "SEQ311 `P` has a free length, but `learned` has a vector for each step"),
        ("position(4, most=4)", "n = 5", "SEQ304 `most=4` is less than the 5 steps that are drawn"),
        ("position(4, most=2)", "", "SEQ304 `most=2` is less than the 3 steps that are drawn"),
        ("position(4, sin, most=9)", "", "SEQ304 a computed code has no `most=`"),
        ("position(4, cos)", "", "SEQ304 `cos` cannot be used here"),
        ("position(5, sin)", "n = 5", "SEQ305"),
    ],
)  # fmt: skip
def test_what_is_refused(code: str, more: str, said: str) -> None:
    assert problem(BESIDE.format(code=code, more=more)).startswith(said)


def test_the_hint_is_a_call_that_works() -> None:
    hint = problem(BESIDE.format(code="position(4)", more=""))
    call = hint.partition("write `")[2].partition("`")[0]
    assert seqdsl.compile(BESIDE.format(code=call, more=""))


def test_wires_that_enter_it_are_an_error() -> None:
    text = "P P   position(4)\n| |\nX X   input(3)\n"
    assert problem(text).startswith("SEQ212 wires enter `P`, but `position` reads nothing")


def test_a_model_without_an_input_is_an_error() -> None:
    text = "Y   dense(2)\n|\nL   learned(4)\n"
    assert problem(text).startswith("SEQ315 this model has no input")


def test_two_lengths_share_one_table_by_its_most() -> None:
    text = (
        "A   A   A   B   B\n"
        "|\\  |\\  |\\  |\\  |\\\n"
        "X | X | X | Z | Z |\n"
        "  P   P   P   |   |\n"
        "              P   P\n"
        "\nA = add\nB = add\nX = input(4)\nZ = input(4)\nP = position(4{most})\n"
    )
    assert problem(text.format(most="")).startswith(
        "SEQ308 `P` has vectors for 3 steps here, 2 elsewhere"
    )
    assert "set `most=`" in problem(text.format(most=""))
    assert seqdsl.compile(text.format(most=", most=3")).parameters["torch"] == 12
