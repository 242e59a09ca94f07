"""Shapes as text: what they stand for, and what is none."""

from __future__ import annotations

import pytest

from seqdsl.catalogue.shapes import BadShape, Port, parse, sequence


@pytest.mark.parametrize(
    ("text", "port"),
    [
        ("4", Port(4)),
        ("20,4", sequence(20, 4)),
        (" 20 , 4 ", sequence(20, 4)),
        ("(20, 4)", sequence(20, 4)),
        ("(4,)", Port(4)),
        ("*,4", sequence(None, 4)),
        ("None,4", sequence(None, 4)),
        ("20,tokens:5000", Port(0, 20, is_sequence=True, vocabulary=5000)),
        ("tokens:10", Port(0, vocabulary=10)),
        ("*,tokens:7", Port(0, None, is_sequence=True, vocabulary=7)),
    ],
)
def test_shape(text: str, port: Port) -> None:
    assert parse(text) == port
    assert parse(str(port)) == port


@pytest.mark.parametrize(
    "text",
    [
        *("", ",", "x", "0", "0,4", "4,0", "-1,4", "1.5", "20;4", "*", "4,*", "32,20,4", "²,4"),
        *(
            "20,tokens:",
            "20,tokens:0",
            "20,tokens:x",
            "tokens:",
            "tokens:0",
            "9999999",
            "9" * 5000 + ",4",
        ),
    ],
)
def test_no_shape(text: str) -> None:
    with pytest.raises(BadShape, match=r"give|such as|is not a valid shape"):
        parse(text)
