"""argmax: ids that are chosen, how many there may be, and who may read them."""

from __future__ import annotations

import pytest

import seqdsl
from seqdsl.ir import parse
from seqdsl.ir.json import from_json, to_json
from seqdsl.ir.verifier import verify

AGAIN = """
E E E   {layer}
| | |
C C C   argmax
| | |
D D D   dense(7)
| | |
X X X   input(3)
"""


def test_an_embedding_has_a_row_for_each_feature_that_is_chosen_of() -> None:
    model = seqdsl.compile(AGAIN.format(layer="embedding(4)"))
    assert model.parameters["torch"] == 3 * 7 + 7 + 7 * 4


@pytest.mark.parametrize("steps", ["Y Y Y\n| | |\nX X X", "Y\n|\nX", "Y ... Y\n|     |\nX ... X"])
def test_an_output_of_ids_has_no_features(steps: str) -> None:
    spec = seqdsl.compile(f"{steps}\n\nY = argmax\nX = input(5)\n").spec
    (output,) = spec.outputs
    assert output.shape == spec.inputs[0].shape[:-1]
    assert verify(spec.ir) == ()
    assert parse(str(spec.ir)) == spec.ir == from_json(to_json(spec.ir))
    assert "int32" in str(spec.ir).splitlines()[-2]


@pytest.mark.parametrize("layer", ["dense(2)", "gru(2)", "activation(relu)", "layernorm"])
def test_nothing_else_reads_ids(layer: str) -> None:
    (found,) = seqdsl.api.analyze(AGAIN.format(layer=layer)).diagnostics
    assert (found.code, found.related[0][1]) == ("SEQ309", "the tokens")


def test_one_embedding_reads_equally_many_ids_everywhere() -> None:
    text = (
        (
            "E E     M\n| |     |\nC C     X\n| |\nZ Z\n\n"
            "E = embedding(4)\nM = embedding(2)\nC = argmax\nZ = input(6)\nX = tokens(9)\n"
        )
        .replace("M = embedding(2)\n", "")
        .replace("M", "E")
    )
    codes = [item.code for item in seqdsl.api.analyze(text).diagnostics if item.is_error]
    assert codes == ["SEQ308"]
