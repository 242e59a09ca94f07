"""A row that is named where it is read means what a bus from all its steps would."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import seqdsl
from seqdsl.api import analyze
from seqdsl.ir.text.printer import graph_text
from seqdsl.runtime.named_weights import draw
from seqdsl.verify.cases import cases
from seqdsl.verify.inputs import arrays_for
from seqdsl.verify.interpreted_picture import InterpretedPicture
from seqdsl.verify.ports import ports

WIRED = """
          C   C   C
         /|  /|  /|
+-+-+---+-|-+-|-+ |
| | |     |   |   |
E E E     D   D   D
| | |     |   |   |
X X X     Z   Z   Z

X = input(3{mask})
Z = input(2)
E = gru(4)
D = gru(4)
C = attention{}
"""
NAMED = """
E E E     C   C   C
| | |     |   |   |
| | |     D   D   D
| | |     |   |   |
X X X     Z   Z   Z

X = input(3{mask})
Z = input(2)
E = gru(4)
D = gru(4)
C = attention(E{})
"""
POOLED = """
  Y
  |
+-+-+
| | |
E E E
| | |
X X X

X = input(3)
E = gru(4)
Y = {}
"""
POOLED_BY_NAME = """
E E E   Y
| | |
X X X

X = input(3)
E = gru(4)
Y = {}(E)
"""


def meaning(picture: str) -> str:
    """The representation of a picture, its blocks in one order."""
    (model,) = analyze(picture).models
    return "\n".join(sorted(re.findall(r"  [%@l].*", graph_text(model.spec))))


OPTIONS = ["heads=2", "score=additive", "causal=true", "heads=2, key=3, dropout=0.1"]


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("mask", ["", ", mask=0"])
def test_a_named_memory_is_a_wired_one(options: str, mask: str) -> None:
    named = NAMED.format(f", {options}", mask=mask)
    assert meaning(named) == meaning(WIRED.format(f"({options})", mask=mask))


@pytest.mark.parametrize("how", ["mean", "max", "min", "add", "multiply"])
def test_a_named_row_is_combined_as_a_wired_one(how: str) -> None:
    assert meaning(POOLED_BY_NAME.format(how)) == meaning(POOLED.format(how))


def test_topology_and_qualifiers_are_those_of_a_bus() -> None:
    named = seqdsl.compile(NAMED.format("", mask=""))
    wired = seqdsl.compile(WIRED.format("", mask=""))
    assert (named.topology, named.n, named.qualifiers) == (
        wired.topology,
        wired.n,
        wired.qualifiers,
    )
    assert "attention" in named.qualifiers


def test_the_oracle_reads_the_name_by_itself() -> None:
    # The wired picture says the same, and what it must compute is found over its wires.
    for named, wired in (
        (POOLED_BY_NAME.format("mean"), POOLED.format("mean")),
        (NAMED.format(", heads=2", mask=", mask=0"), WIRED.format("(heads=2)", mask=", mask=0")),
    ):
        found, expected = map(computed, (named, wired))
        assert np.abs(found - expected).max() < 1e-12 < np.abs(found).max()


def computed(picture: str) -> Any:
    """What the oracle makes of a picture, with weights and inputs that are drawn by their names."""
    model = seqdsl.compile(picture)
    drawn = InterpretedPicture(model)
    case = cases(model.spec)[1]
    inputs = arrays_for(ports(model.spec), case)
    (output,) = drawn.walk(case, inputs, draw(drawn.layers)).outputs()
    return output


WRONG = [
    ("attention(Q)", "SEQ316", "`Q` is not drawn"),
    ("attention(C)", "SEQ316", "depends on `C` itself"),
    ("attention(X)", "SEQ305", "the memory has 3"),
    ("attention(e)", "SEQ304", "cannot be used"),
    ("attention(3)", "SEQ304", "cannot be used"),
    ("attention(keys=E)", "SEQ309", "memory"),
    ("attention(E, keys=L)", "SEQ309", "5 steps"),
    ("mean(E)", "SEQ309", "wires"),
    ("dense(E)", "SEQ304", "cannot be used"),
    ("attention(V)", "SEQ316", "one value"),
    ("attention(T)", "SEQ316", "drawn as 2 blocks"),
]
AROUND = """
                          T
                          |
E E E     C   C   C   T   M   L L L L L
| | |     |   |   |   |   |   | | | | |
X X X     D   D   D   V   U   W W W W W

X = input(3)
D = input(4)
V = input(4)
U = input(4)
W = input(4)
E = gru(4)
L = dense(4)
T = dense(4)
M = dense(4)
C = {}
"""


@pytest.mark.parametrize(("call", "code", "message"), WRONG)
def test_what_cannot_be_named(call: str, code: str, message: str) -> None:
    (found,) = [item for item in analyze(AROUND.format(call)).diagnostics if item.is_error]
    assert (found.code, message in found.message) == (code, True), found
    assert found.hint and found.span.line > 1


LOOP = """
    Y   Y  ...  Y   dense(2)
    |   |       |
    A   A  ...  A   attention({call})
    |   |       |
{bus}    D   D  ...  D   dense(4, tanh)
   /|  /|      /|
  a Z a Z ... a Z

  Z = input(2)
"""
BUS = "    +---+-------+\n    |   |       |\n"


def test_a_row_of_the_own_loop_may_be_named_by_what_looks_back() -> None:
    named = LOOP.format(call="D, causal=true", bus="")
    assert meaning(named) == meaning(LOOP.format(call="causal=true", bus=BUS))
    for call, code in [
        ("D", "SEQ316"),
        ("A, causal=true", "SEQ316"),
        ("D, causal=false", "SEQ316"),
    ]:
        found = next(
            item for item in analyze(LOOP.format(call=call, bus="")).diagnostics if item.is_error
        )
        assert found.code == code
        assert ("`causal=true`" in found.hint) == ("D" in call)


AT_ONCE = """
    D D D
    | | |
    T T T
    | | |
    X X X

    X = input(4)
    D = gru(4)
    T = attention({})
"""
BEGUN = """
    +--D-D-D
    |  | | |
    |  X X X
    T
    |
    S

    X = input(4)
    S = input(4)
    D = gru(4)
    T = attention(D)
"""


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (AT_ONCE.format("D"), "causal=true"),
        (AT_ONCE.format("D, causal=true"), "delayed node"),
        (BEGUN, "causal=true"),
    ],
    ids=["whole", "so far", "initial value"],
)
def test_a_row_that_waits_for_its_reader_is_not_there_yet(text: str, hint: str) -> None:
    (found,) = [item for item in analyze(text).diagnostics if item.is_error]
    assert found.code == "SEQ316" and hint in found.hint


def test_a_bus_beside_a_name_is_refused() -> None:
    both = WIRED.format("(E)", mask="")
    (found,) = [item for item in analyze(both).diagnostics if item.is_error]
    assert found.code == "SEQ309"


def test_a_row_of_keys_may_stand_beside_a_bus() -> None:
    text = WIRED.format("(keys=E)", mask="")
    assert [item for item in analyze(text).diagnostics if item.is_error] == []
