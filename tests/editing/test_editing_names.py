"""Names: where they are defined, everywhere they are, and what renaming them changes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from seqdsl.editing.findings import diagnostics
from seqdsl.editing.references import definition, references
from seqdsl.editing.rename import RenameError, renamable, rename
from seqdsl.editing.snapshot import snapshot
from tests.editing.editors import applied, marked, written

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.seq"))


CELL = "cell mgu(units):\n    h = tanh(dense(x, h))\n"
USED = "H H   mgu(3)\n| |\nX X   input(2)\n"
GATED = "cell mgu(units):\n    f = sigmoid(dense(x, h))\n    h = (1 - f) * h\n"
LOSSY = "cell mgu(units, rate¶=0.1):\n    h = tanh(dense(dropout(x, rate), h))\n"
TOWER = "model tower\n\nY   dense(units)\n|\nX   input(2)\n\nmodel both\n\nT T   tower¶(units=3)\n| |\nX X   input(2)\n"


def at_mark(text: str, new: str, name: str = "a.seq") -> str:
    whole, line, column = marked(text)
    return applied(whole, rename(snapshot(whole, name), line, column, new))


@pytest.mark.parametrize(
    ("before", "new", "after"),
    [
        # A letter, its definition and what names its row.
        (
            "Y Y\n| |\nE E\n| |\nX X\n\nE¶ = gru(4)\nY = attention(E)\n",
            "H",
            "Y Y\n| |\nH H\n| |\nX X\n\nH = gru(4)\nY = attention(H)\n",
        ),
        # A delayed node is of its letter.
        (
            "Y¶ Y Y   dense(1)\n| | |\nD-D-D   gru(2)\n| | |\nS y y\n\nS = input(1)\n",
            "Z",
            "Z Z Z   dense(1)\n| | |\nD-D-D   gru(2)\n| | |\nS z z\n\nS = input(1)\n",
        ),
        (
            "Y Y Y   dense(1)\n| | |\nD-D-D   gru(2)\n| | |\nS y¶ y\n\nS = input(1)\n",
            "z",
            "Z Z Z   dense(1)\n| | |\nD-D-D   gru(2)\n| | |\nS z z\n\nS = input(1)\n",
        ),
        # Of anonymous rows, the one that is meant.
        ("O O\n| |\nO ¶O   gru(2)\n| |\nO O\n", "H", "O O\n| |\nH H   gru(2)\n| |\nO O\n"),
        # A parameter, used twice.
        (
            "Y   dense(2 * size¶)\n|\nX   input(size)\n\nsize = 4\n",
            "k",
            "Y   dense(2 * k)\n|\nX   input(k)\n\nk = 4\n",
        ),
        # A named length keeps the columns: shorter, longer with room, longer without.
        (
            "Y ..time.. Y   dense(2)\n|          |\nX ..time¶.. X   input(3)\n\ntime = 9\n",
            "n",
            "Y ..n..    Y   dense(2)\n|          |\nX ..n..    X   input(3)\n\nn = 9\n",
        ),
        (
            "Y ..n..    Y   dense(2)\n|          |\nX ..n¶..    X   input(3)\n",
            "time",
            "Y ..time.. Y   dense(2)\n|          |\nX ..time.. X   input(3)\n",
        ),
        (
            "Y-..n..-Y   gru(n)\n|       |\nX  ...  X   input(3)\n\nn¶ = 5\n",
            "time",
            "Y-..time..-Y   gru(time)\n|          |\nX  ...     X   input(3)\n\ntime = 5\n",
        ),
        # A cell, its parameter with the calls that give it, and a name of its equations.
        (
            "cell mgu¶(units):\n    h = tanh(dense(x, h))\n\nH H   mgu(3)\n| |\nX X   input(2)\n",
            "simple",
            "cell simple(units):\n    h = tanh(dense(x, h))\n\nH H   simple(3)\n| |\nX X   input(2)\n",
        ),
        (
            f"{LOSSY}\n{USED.replace('3', '3, rate=0.2')}",
            "p",
            f"{LOSSY.replace('rate¶', 'rate').replace('rate', 'p')}\n{USED.replace('3', '3, p=0.2')}",
        ),
        (
            f"{GATED.replace('- f', '- f¶')}\n{USED}",
            "gate",
            f"{GATED.replace('f =', 'gate =').replace('- f', '- gate')}\n{USED}",
        ),
        # A picture that another one has as a layer.
        (
            TOWER,
            "head",
            TOWER.replace("¶", "").replace("tower", "head"),
        ),
    ],
)
def test_rename(before: str, new: str, after: str) -> None:
    assert at_mark(before, new) == after
    assert not [item for item in diagnostics(snapshot(after)) if item.severity == "error"]


@pytest.mark.parametrize(
    ("text", "new", "why"),
    [
        ("Y¶ Y\n| |\nX X\n", "X", "another row"),
        ("Y¶ Y\n| |\nX X\n", "O", "another letter"),
        ("Y¶ Y\n| |\nX X\n", "yy", "one capital letter"),
        ("Y Y   dense(n)\n| |\nX X   input(n¶)\n\nn = 3\n", "lambda", "reserved"),
        ("Y Y   dense(n)\n| |\nX X   input(n¶)\n\nn = 3\n", "3n", "not a valid parameter"),
        ("Y Y   dense(n)\n| |\nX X   input(k¶)\n\nn = 3\nk = 4\n", "n", "already defined"),
        ("Y Y   dense¶(3)\n| |\nX X\n", "gru", "only letters"),
        (
            "cell mgu(units):\n    h = tanh(dense(x¶, h))\n\nH H   mgu(3)\n| |\nX X   input(2)\n",
            "y",
            "only letters",
        ),
        (
            "cell mgu¶(units):\n    h = tanh(dense(x, h))\n\nH H   mgu(3)\n| |\nX X   input(2)\n",
            "lstm",
            "is a built-in layer",
        ),
        ("O O\n| |\nO O  ¶\n", "H", "only letters"),
    ],
)
def test_what_cannot_be_renamed(text: str, new: str, why: str) -> None:
    with pytest.raises(RenameError, match=why):
        at_mark(text, new)


def test_a_name_in_a_docstring() -> None:
    rows = "        Y¶ Y   dense(2)\n        | |\n        X X   input(3)\n"
    text = f'def f():\n    """A.\n\n    .. seq::\n\n{rows}    """\n'
    assert at_mark(text, "Z", "a.py") == text.replace("Y¶ Y", "Z Z")


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("Y Y\n| |\n¶H H\n\nH = gru(3)\n", 5, "H"),
        ("Y Y\n| |\nH ¶H   gru(3)\n", 3, "gru"),
        ("Y Y Y   dense(1)\n| | |\nD-D-D   gru(2)\n| | |\nS y ¶y\n\nS = input(1)\n", 1, "Y Y Y"),
        ("Y   dense(si¶ze)\n|\nX\n\nsize = 4\n", 5, "size"),
        ("Y ..n¶.. Y\n|       |\nX ..n.. X\n\nn = 4\n", 5, "n"),
        ("cell mgu(units):\n    h = tanh(dense(x, h))\n\nH H   mg¶u(3)\n| |\nX X\n", 1, "mgu"),
        ("model tower\nY\n|\nX\n\nmodel b\nT T   tow¶er\n| |\nX X\n", 1, "tower"),
        (
            "cell mgu(units):\n    f = sigmoid(dense(x, h))\n    h = ¶f * h\n\nH H   mgu(3)\n| |\nX X\n",
            2,
            "f",
        ),
    ],
)
def test_definition(text: str, line: int, word: str) -> None:
    whole, *place = marked(text)
    found = snapshot(whole)
    (target,) = definition(found, *place)
    assert (target.line, written(found, target)) == (line, word)


def test_references_of_a_letter_stay_in_its_picture() -> None:
    text = "model a\nY Y\n| |\nH H   gru(2)\n\nmodel b\nY Y\n| |\nH H   gru(2)\n"
    assert [item.line for item in references(snapshot(text), 4, 1)] == [4, 4]


def test_every_letter_of_the_examples_can_be_renamed() -> None:
    """The compiler is asked what the renamed text means; here, that there is nothing left of the old name."""
    chance = random.Random(0)
    count = 0
    for path in chance.sample(EXAMPLES, 25):
        text = path.read_text("utf-8")
        found = snapshot(text, path.name)
        names = [
            item
            for part in found.parts
            for item in part.names
            if item.kind in ("letter", "parameter")
        ]
        for item in chance.sample(names, min(3, len(names))):
            line, column = item.span.line, item.span.column
            new = "K" if item.kind == "letter" else "renamed_thing"
            if renamable(found, line, column) is None or ("letter", "K", item.scope) in {
                n.identity for n in names
            }:
                continue
            after = snapshot(applied(text, rename(found, line, column, new)), path.name)
            assert [d.code for d in diagnostics(after) if d.severity == "error"] == []
            assert len(after.parts[0].analysis.models) == len(found.parts[0].analysis.models)
            count += 1
    assert count > 50
