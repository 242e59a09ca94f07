"""Colors, commands and canonical form."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from seqdsl.editing.colors import KINDS, colors
from seqdsl.editing.formatting import formatting
from seqdsl.editing.lenses import lenses
from seqdsl.editing.snapshot import snapshot
from seqdsl.formatter.format import format_text
from tests.editing.editors import applied

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.seq"))


def shown(text: str, name: str = "a.seq") -> list[tuple[str, str]]:
    found = snapshot(text, name)
    return [
        (found.lines[item.line - 1][item.column - 1 :][: item.length], item.kind)
        for item in colors(found)
    ]


def test_nodes_have_the_color_of_their_layer() -> None:
    rows = "Y ..n.. Y   dense(2, softmax)  # out\n|       |\nH-..n..-H\n|       |\nX ..n.. X   input(k)\n"
    found = shown(f"{rows}\nH = lstm(4)\nk = 3\n")
    assert ("Y", "dense") in found and ("X", "input") in found
    assert [kind for word, kind in found if word == "H"] == ["recurrent", "recurrent", "letter"]
    for pair in (
        ("|", "wire"), ("-", "state"), ("..", "ellipsis"), ("n", "parameter"), ("dense", "layer"), ("2", "number"),
        ("softmax", "value"), ("# out", "comment"), ("k", "parameter"), ("4", "number"),
    ):  # fmt: skip
        assert pair in found, pair


def test_words_of_cells_and_models_have_colors() -> None:
    text = "cell mgu(units):\n    h = tanh(dense(x, h))\n\nmodel a\n\nH H   mgu(3)\n| |\nX X   input(2, mask=0)\n"
    found = shown(text)
    for pair in (
        ("cell", "keyword"),
        ("model", "keyword"),
        ("mgu", "cell"),
        ("a", "model"),
        ("mask", "argument"),
        ("h", "variable"),
    ):
        assert pair in found, pair


def test_a_picture_with_errors_has_colors() -> None:
    assert ("Y", "node") in shown("Y Y   dense(2)\n|  |\nX X\n")


@pytest.mark.parametrize("name", ["a.seq", "a.md"])
def test_tokens_never_overlap(name: str) -> None:
    chance = random.Random(0)
    for path in chance.sample(EXAMPLES, 30):
        text = path.read_text("utf-8")
        text = (
            text
            if name == "a.seq"
            else f"- a\n\n  ```seq\n{''.join(f'  {line}' for line in text.splitlines(True))}"
        )
        found = snapshot(text, name)
        end = (0, 0)
        for item in colors(found):
            assert item.kind in KINDS and item.length > 0
            assert (item.line, item.column) >= end
            end = (item.line, item.column + item.length)
            assert end[1] <= len(found.lines[item.line - 1]) + 1


def test_every_model_has_its_commands() -> None:
    found = lenses(snapshot("model a\n\nO\n|\nO\n\nmodel b\n\nO\n|\nO\n"))
    assert {(item.model, item.range.line) for item in found} == {("a", 3), ("b", 9)}
    assert [(item.command, item.target) for item in found[:5]] == [
        ("draw", ""), ("generate", "keras"), ("generate", "torch"), ("generate", "numpy"), ("verify", ""),
    ]  # fmt: skip
    assert [item.command for item in lenses(snapshot("O\n |\nO\n"))] == ["problems"]


UGLY = "O    O O lstm( 16 )\n│    │ │\no    o o\n"
FINE = "O O O   lstm(16)\n| | |\nO O O\n"


@pytest.mark.parametrize(
    ("head", "tail", "indent", "name"),
    [
        ("", "", "", "a.seq"),
        ("# Page\n\n```seq\n", "```\n\nText.\n", "", "a.md"),
        ("- List\n\n  ```seq\n", "  ```\n", "  ", "a.md"),
        ('def f():\n    """A.\n\n    .. seq::\n\n', '    """\n', "        ", "a.py"),
    ],
)
def test_formatting(head: str, tail: str, indent: str, name: str) -> None:
    def whole(picture: str) -> str:
        return head + "".join(f"{indent}{line}\n" for line in picture.splitlines()) + tail

    found = snapshot(whole(UGLY), name)
    after = applied(found.text, formatting(found))
    assert after == whole(FINE)
    assert formatting(snapshot(after, name)) == ()


def test_what_has_errors_is_not_formatted() -> None:
    assert formatting(snapshot("O  O\n|   |\nO  O\n")) == ()


def test_formatting_is_that_of_the_formatter() -> None:
    for path in EXAMPLES[::5]:
        text = path.read_text("utf-8").replace("|", "│").replace("# ", "#  ")
        found = snapshot(text, path.name)
        assert applied(text, formatting(found)) == (format_text(text, path.name).text or text)
