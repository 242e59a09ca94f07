"""The language page says what is: its pictures come out as the comment before each says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from seqdsl.api import analyze
from seqdsl.layers import all_layers, layer_def
from seqdsl.lowering.calls import ACTIVATIONS

TEXT = (Path(__file__).parents[2] / "docs" / "language.md").read_text("utf-8")
CASES = re.findall(r"<!-- (.*?) -->\n```seq\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def test_every_picture_has_an_expectation() -> None:
    assert len(CASES) == TEXT.count("```seq") > 10


@pytest.mark.parametrize(("expected", "picture"), CASES)
def test_picture(expected: str, picture: str) -> None:
    wanted = dict(item.split(": ", 1) for item in expected.split("; "))
    analysis = analyze(picture, "page.seq")
    if "error" in wanted:
        assert [item.code for item in analysis.diagnostics][:1] == [wanted["error"]]
        return
    assert [item.code for item in analysis.diagnostics] == wanted.pop("warning", "").split()
    # The last model is that of the picture; others are those that it calls.
    *_, model = analysis.models
    found = {
        "topology": model.topology,
        "n": ", ".join("any" if n is None else str(n) for n in model.n),
        "qualifiers": ", ".join(model.qualifiers),
    }
    assert found == {"qualifiers": "", **wanted}


@pytest.mark.parametrize("layer", all_layers())
def test_every_layer_is_on_the_page(layer: str) -> None:
    written = re.escape(layer_def(layer).written)
    assert re.search(rf"`{written}[`(]", TEXT)


def test_every_activation_is_on_the_page() -> None:
    assert " ".join(ACTIVATIONS) in TEXT
