"""What is fed back is drawn in a color of its own: delayed nodes, lines to them, and edges of diagrams."""

from __future__ import annotations

import seqdsl
from seqdsl.draw.themes import LIGHT
from seqdsl.formatter.format import format_text

PICTURE = """\
    Y Y Y
    | | |
D-D-D-D-D
| | | | |
X X X y y

X = input(1)
D = lstm(32)
Y = dense(1)
"""
MODEL = seqdsl.compile(PICTURE, "forecast.seq")
PLAIN = seqdsl.compile("Y Y   dense(1)\n| |\nX X   input(8)\n", "plain.seq")


def text(model: seqdsl.Model, form: str) -> str:
    drawn = model.draw(form)
    assert isinstance(drawn, str)
    return drawn


def test_delayed_nodes_and_lines_to_them() -> None:
    svg = text(MODEL, "svg")
    assert svg.count("y: Y one step earlier") == 1
    assert 'class="feedback"' in svg
    assert svg.count('class="delayed"') == 1
    # Two lines down to the delayed nodes, two up from them.
    assert svg.partition('class="feedback" d="')[2].partition('"')[0].count("M") == 4


def test_other_drawings_are_as_they_were() -> None:
    assert "feedback" not in text(PLAIN, "svg")
    assert LIGHT.feedback not in text(PLAIN, "dot") + text(PLAIN, "mmd")


def test_diagrams_have_edges_of_what_is_fed_back() -> None:
    edges = [line for line in text(MODEL, "dot").splitlines() if LIGHT.feedback in line]
    assert len(edges) == 2
    assert all("constraint=false" in line for line in edges)
    assert f"stroke:{LIGHT.feedback}" in text(MODEL, "mmd")


def test_it_is_formatted_as_it_is_drawn() -> None:
    assert format_text(PICTURE, "forecast.seq").text == PICTURE
    wide = "  D    D    D\n /|   /|   /|\nd M  d M  d M\n  |    |    |\n  X    X    X\n\nM = dense(2)\nD = gru(3)\n"
    formatted = format_text(wide, "wide.seq").text
    assert formatted is not None
    assert formatted != wide
    assert format_text(formatted, "wide.seq").text == formatted
    assert str(seqdsl.compile(formatted).ir) == str(seqdsl.compile(wide).ir)


def test_explained_in_a_sentence() -> None:
    words = " ".join(MODEL.explain().split())
    assert "`D` and `Y` run together, step by step: `D` reads `Y` one step earlier." in words
    assert "continues after the last of them with what is fed back as its input" in words
