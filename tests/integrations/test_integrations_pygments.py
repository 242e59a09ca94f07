"""The lexer of Pygments: every example has colors, and every character of a text is in one token."""

from __future__ import annotations

import re
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from pygments.token import Comment, Error, Keyword, Name, Number, Operator, Punctuation, Text

from seqdsl.integrations.pygments import SeqLexer
from tests.hostile_texts import hostile_text

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("**/*.seq"))


def tokens(text: str) -> list[tuple[object, str]]:
    return [(kind, word) for kind, word in SeqLexer().get_tokens(text) if word.strip()]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_have_colors(path: Path) -> None:
    text = path.read_text("utf-8")
    found = list(SeqLexer(ensurenl=False, stripnl=False).get_tokens(text))
    assert "".join(word for _, word in found) == text
    plain = [word for kind, word in found if kind in (Error, Text) and word.strip()]
    assert plain == []


def test_what_has_which_color() -> None:
    found = tokens(
        "O ..n.. y   lstm(2 * size, bias=true)  # one\n│       |\nX ... X\n\nX = input(8)\nsize = 4\n"
    )
    for pair in (
        (Name.Class, "O"), (Punctuation, ".."), (Name.Variable, "n"), (Name.Variable, "y"), (Name.Function, "lstm"),
        (Number, "2"), (Operator, "*"), (Name, "size"), (Name.Attribute, "bias"), (Keyword.Constant, "true"),
        (Comment.Single, "# one"), (Operator, "│"), (Punctuation, "..."), (Name.Function, "input"),
        (Name.Variable, "size"),
    ):  # fmt: skip
        assert pair in found, pair


def test_a_cell_and_a_model() -> None:
    found = tokens("cell mgu(units):\n    f, g = split(dense(x, h), 2)\n\nmodel two\nB=B=B\n")
    for pair in (
        (Keyword, "cell"),
        (Name.Class, "mgu"),
        (Name.Variable, "f, g"),
        (Name.Function, "split"),
        (Keyword, "model"),
    ):
        assert pair in found, pair
    assert found[-5:] == [
        (Name.Class, "B"),
        (Operator, "="),
        (Name.Class, "B"),
        (Operator, "="),
        (Name.Class, "B"),
    ]


def test_any_text_has_colors() -> None:
    for seed in range(200):
        text = hostile_text(seed).replace("\r\n", "\n").replace("\r", "\n")
        found = list(SeqLexer(ensurenl=False, stripnl=False).get_tokens(text))
        assert "".join(word for _, word in found) == text
        assert all(kind is not Error for kind, _ in found)


def test_it_is_registered_by_its_name() -> None:
    """Sphinx asks Pygments for `seq`, which asks what is installed."""
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    group = project.partition('[project.entry-points."pygments.lexers"]')[2].partition("[")[0]
    values = re.findall(r'^\w+ = "(.*)"$', group, re.MULTILINE)
    assert [EntryPoint("seqdsl", value, "pygments.lexers").load() for value in values] == [SeqLexer]
    assert "seq" in SeqLexer.aliases
