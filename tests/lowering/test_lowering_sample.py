"""sample: what is drawn of what, at which temperature, and who may read it."""

from __future__ import annotations

import pytest

import seqdsl
from seqdsl.ir import parse
from seqdsl.ir.json import from_json, to_json

ROW = (
    "S S S   {sample}\n| | |\nY Y Y   dense(6{activation})\n| | |\nX X X   input(3)\n\nheat = 0.7\n"
)


@pytest.mark.parametrize(
    ("activation", "is_probability"), [("", False), (", softmax", True), (", log_softmax", False)]
)
def test_probabilities_are_told_from_logits(activation: str, is_probability: bool) -> None:
    spec = seqdsl.compile(ROW.format(sample="sample(heat)", activation=activation)).spec
    (layer,) = (item for item in spec.layers if item.kind == "sample")
    assert layer.arguments == {"temperature": "heat", "probabilities": is_probability}
    assert [str(size) for size in spec.outputs[0].shape] == ["3"]
    assert parse(str(spec.ir)) == spec.ir == from_json(to_json(spec.ir))


def test_what_passes_a_softmax_through_is_one_but_two_side_by_side_are_none() -> None:
    passed = "S\n|\nP   concat\n|\nY   dense(4, softmax)\n|\nX   input(3)\n\nS = sample\n"
    beside = "S\n|\\\nY Z\n| |\nX W\n\nX = input(2)\nW = input(2)\n" + "".join(
        f"{letter} = dense(4, softmax)\n" for letter in "YZ"
    )
    for text, expected in ((passed, True), (f"{beside}S = sample\n", False)):
        layers = seqdsl.compile(text).spec.layers
        assert [item.arguments["probabilities"] for item in layers if item.kind == "sample"] == [
            expected
        ]


def test_a_value_is_half_as_wide_as_its_mean_and_deviation() -> None:
    text = ROW.format(sample="sample(normal)", activation="").replace("\nheat = 0.7\n", "")
    spec = seqdsl.compile(text).spec
    assert str(spec.outputs[0].shape[-1]) == "3"
    codes = [item.code for item in seqdsl.api.analyze(text.replace("(6)", "(5)")).diagnostics]
    assert codes == ["SEQ305"]


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("sample(0)", "SEQ304"),
        ("sample(-1)", "SEQ304"),
        ("sample(warm)", "SEQ312"),
        ("sample(normal, 1)", "SEQ302"),
        ("sample_normal", "SEQ304"),
    ],
)
def test_what_is_no_sample(call: str, code: str) -> None:
    text = ROW.format(sample=call, activation="").replace("\nheat = 0.7\n", "")
    (found,) = seqdsl.api.analyze(text).diagnostics
    assert found.code == code
