"""Marks of a row: what of its text is a node."""

from __future__ import annotations

import pytest

from seqdsl.api import analyze


@pytest.mark.parametrize(
    "picture",
    [
        "Y\n|\nO ..nB.. O\n",
        "+>-B\n|\nY\n|\nO ..nB.. O\n",
        "    Y\n    |\nO ..nB.. O\n",
        "Y ..nB.. Y\n|        |\nO ..nB.. O\n",
        "H-..nBO..-H\n|         |\nX ..nBO.. X\n",
    ],
)
def test_a_capital_in_the_name_of_an_ellipsis_is_no_node(picture: str) -> None:
    """It shifted the numbers of all nodes behind it: wires ended elsewhere, or ran in a circle."""
    small = picture.replace("nB", "nb").replace("bO", "bo")
    found, right = (analyze(text) for text in (picture, small))
    assert [(item.code, item.span) for item in found.diagnostics] == [
        (item.code, item.span) for item in right.diagnostics
    ]
    for model, other in zip(found.models, right.models, strict=True):
        source, wanted = model.source("torch").lower(), other.source("torch").lower()
        assert source == wanted
