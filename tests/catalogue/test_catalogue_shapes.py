"""Shapes as text: what they stand for, and what is none."""

from __future__ import annotations

import re

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
        ("20x28,14,1", Port(1, 20, is_sequence=True, grid=(28, 14))),
        ("* x 28, 14, 1", Port(1, None, is_sequence=True, grid=(28, 14))),
        ("(28, 14, 1)", Port(1, grid=(28, 14))),
        ("20x12,3", Port(3, 20, is_sequence=True, grid=(12,))),
        ("20x12,tokens:9", Port(0, 20, is_sequence=True, vocabulary=9, grid=(12,))),
    ],
)
def test_shape(text: str, port: Port) -> None:
    assert parse(text) == port
    assert parse(str(port)) == port


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            ",",
            "x",
            "0",
            "0,4",
            "4,0",
            "-1,4",
            "1.5",
            "20;4",
            "*",
            "4,*",
            "²,4",
            "x4,4,1",
            "²x4,4,1",
            "20x0,4,1",
            "20x4,*,1",
        ),
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
    with pytest.raises(BadShape, match=r"is not a valid shape"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("20x4", "give 20,4 for steps of features, or 20x12,4"),
        ("20,12,tokens:50", "give 20x12,tokens:50 for steps"),
        ("*,28,14,1", "give *x28,14,1 for steps"),
        ("1000,28,14,1", "give 1000x28,14,1 for steps of images, or 28,14,1 for one image"),
        ("1000,20,28,14,1", "give 20x28,14,1 for steps of images"),
        ("20x3,28,14,1", "give 3x28,14,1 for steps of images"),
    ],
)
def test_what_a_shape_of_grids_should_be(text: str, instead: str) -> None:
    with pytest.raises(BadShape, match=re.escape(instead)):
        parse(text)


@pytest.mark.parametrize(
    ("text", "axes"), [("*x28,14,1", (None, 28, 14, 1)), ("20x12,tokens:9", (20, 12)), ("4", (4,))]
)
def test_axes(text: str, axes: tuple[int | None, ...]) -> None:
    assert parse(text).axes == axes
