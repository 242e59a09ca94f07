"""Lines become models: which line belongs to which, what may stand in a picture, what stands twice."""

from __future__ import annotations

import pytest

from seqdsl.syntax.ast import Document
from seqdsl.syntax.document import parse
from seqdsl.text.source import Source


def read(text: str) -> tuple[Document, list[str]]:
    """A document, and ``code line:column`` of what is wrong with it."""
    document, found = parse(Source("test.seq", text), "test")
    return document, [f"{item.code} {item.span.line}:{item.span.column}" for item in found]


def show(document: Document) -> list[str]:
    """Each model: its name, how many rows, the letters it defines, its parameters."""
    return [
        " ".join(
            [
                f"{picture.name}:{len(picture.rows)}",
                *(item.letter for item in picture.definitions),
                *(item.name for item in picture.parameters),
            ]
        )
        for picture in document.pictures
    ]


MODELS = [
    ("a bare picture", "Y\n|\nX", ["test:3"]),
    ("a name", "model m\nY\n|\nX", ["m:3"]),
    ("definitions after it", "Y\n|\nX\n\nX = input(n)\nn = 3", ["test:3 X n"]),
    ("definitions before it", "n = 3\nX = input(n)\n\nY\n|\nX", ["test:3 X n"]),
    ("on both sides", "n = 3\nY\n|\nX\nX = input(n)", ["test:3 X n"]),
    ("two models", "model a\nX\nmodel b\nY\n|\nX", ["a:1", "b:3"]),
    ("the first has no name", "X\nmodel b\nX", ["test:1", "b:1"]),
    ("what stands before a name is that model's", "n = 3\nmodel b\nX", ["b:1 n"]),
    ("models share nothing", "model a\nX\nn = 1\nmodel b\nX\nn = 2", ["a:1 n", "b:1 n"]),
    ("a comment in a picture", "Y\n# why\n|\n  # so\nX", ["test:3"]),
    ("a comment behind a row", "Y # why\n|# so\nX", ["test:3"]),
    ("a picture in a comment", "# O O\nX", ["test:1"]),
]


@pytest.mark.parametrize(
    ("text", "models"), [item[1:] for item in MODELS], ids=[m[0] for m in MODELS]
)
def test_models(text: str, models: list[str]) -> None:
    document, found = read(text)
    assert found == []
    assert show(document) == models


BROKEN = [
    ("nothing", "", "SEQ104 1:1"),
    ("only comments", "# O\n", "SEQ104 1:1"),
    ("only a name", "model m", "SEQ104 1:7"),
    ("only parameters", "n = 3", "SEQ104 1:1"),
    ("the second has no picture", "X\nmodel b\nn = 3", "SEQ104 2:7"),
    ("a blank line in a picture", "Y\n|\n\nX", "SEQ105 4:1"),
    ("a line of blanks in a picture", "Y\n   \n  X", "SEQ105 3:3"),
    ("a definition in a picture", "Y\nX = input(2)\n|\nX", "SEQ105 3:1"),
    ("a blank line beside a comment", "Y\n# why\n\n|\nX", "SEQ105 4:1"),
    ("a tab between nodes", "Y Y\n|\t|\nX X", "SEQ103 2:2"),
    ("a tab as indentation", "\tY\n\t|\n\tX", "SEQ103 1:1 SEQ103 2:1 SEQ103 3:1"),
    ("a letter twice", "X\nX = input(2)\nX = input(3)", "SEQ106 3:1"),
    ("a parameter twice", "X\nn = 2\nn = 2", "SEQ107 3:1"),
    ("a model twice", "model a\nX\nmodel a\nX", "SEQ114 3:7"),
    ("a word for a parameter", "X\nn = many", "SEQ111 2:5"),
    ("arithmetic for a parameter", "X\nn = 2 * m", "SEQ111 2:5"),
    ("arithmetic without end for a parameter", f"X\nn = 2{' * m' * 99}", "SEQ111 2:5"),
    ("too many operators", f"X\nX = input(1{' + 1' * 11})", "SEQ110 2:11"),
    ("too many operators in a row", f"X input(features=1{' + 1' * 11})", "SEQ110 1:18"),
    ("as many operators as there may be", f"X\nX = input(1{' + 1' * 10})", ""),
    ("a keyword for a parameter", "X\nlambda = 2", "SEQ108 2:1"),
    ("a reserved word for a parameter", "X\nkeras = 2", "SEQ108 2:1"),
    ("a dunder in a parameter", "X\na__b = 2", "SEQ108 2:1"),
    ("a very long parameter", f"X\n{'n' * 41} = 2", "SEQ108 2:1"),
    ("everything at once", "X\nn = 2\nn = w\n!", "SEQ102 4:1 SEQ111 3:5 SEQ107 3:1"),
]


@pytest.mark.parametrize(("text", "problems"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_broken(text: str, problems: str) -> None:
    assert " ".join(read(text)[1]) == problems


@pytest.mark.parametrize("text", ["X # a\tb", "X\t\n", "X\nn\t=\t3", "X\t# c", "# \t\nX"])
def test_tabs_that_do_no_harm(text: str) -> None:
    assert read(text)[1] == []


def test_rows_keep_their_columns_and_lines() -> None:
    document, _ = read("# first\n\n   O   O\n  /   /\n O   O   input(3)\n")
    rows = document.pictures[0].rows
    assert [(row.cells, row.line) for row in rows] == [
        ("   O   O", 3),
        ("  /   /", 4),
        (" O   O", 5),
    ]
    assert [str(row.call) for row in rows] == ["None", "None", "input(3)"]


def test_what_stands_twice_shows_where_it_stands_first() -> None:
    _, found = parse(Source("t", "X\nX = input(2)\nX = input(3)"), "t")
    assert [(span.line, span.column) for span, _ in found[0].related] == [(2, 1)]
