"""What an editor shows of pictures: findings, fixes, cells, hovers, shapes, symbols, completion."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from seqdsl.editing.at import at
from seqdsl.editing.completions import completions
from seqdsl.editing.data import Range
from seqdsl.editing.findings import diagnostics
from seqdsl.editing.fixes import fixes, search_fixes
from seqdsl.editing.hover import hover
from seqdsl.editing.inlays import inlays
from seqdsl.editing.snapshot import snapshot
from seqdsl.editing.symbols import symbols
from seqdsl.layers import all_layers
from seqdsl.text.codes import CODES
from seqdsl.text.codes.anchors import url
from tests.editing.editors import applied, marked, written

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.seq"))
WRONG = "Y Y Y   dense(2)\n| |  |\nX X X   input(8)\n"
RIGHT = "Y Y Y   dense(2)\n| | |\nX X X   input(8)\n"

PICTURE = """\
Y Y   dense(2)
| |
H-H   lstm(units)
|/|
X X   input(3)

units = 4
"""


def test_findings_have_ranges_codes_and_links() -> None:
    (found,) = diagnostics(snapshot(WRONG))
    assert (found.code, found.severity, found.range) == ("SEQ202", "error", Range(2, 6, 2, 7))
    assert found.hint.startswith("there is nothing to connect to")
    assert found.url == url("SEQ202")


def test_links_are_headings_of_the_page() -> None:
    """GitHub's anchors: lower case, letters, digits, `-` and `_`; a space is a `-`."""
    page = (ROOT / "docs" / "errors.md").read_text("utf-8")
    headings = re.findall(r"^## (.*)$", page, re.MULTILINE)
    anchors = {
        "".join(c for c in text.lower() if c.isalnum() or c in "-_ ").replace(" ", "-")
        for text in headings
    }
    assert {url(code).partition("#")[2] for code in CODES} == anchors


def test_related_places() -> None:
    (found,) = diagnostics(
        snapshot("H H   gru(2)\n| |\nX X   input(3)\n\nX = input(4)\nX = input(5)\n")
    )[-1:]
    assert found.code == "SEQ106"
    assert [(item.range, item.message) for item in found.related] == [
        (Range(5, 1, 5, 2), "first defined here")
    ]


@pytest.mark.parametrize(
    ("name", "head", "tail", "indent"),
    [
        ("a.seq", "", "", ""),
        ("a.md", "# Page\n\n```seq\n", "```\n", ""),
        ("a.md", "> ```seq\n", "> ```\n", "> "),
        ("a.py", 'def f():\n    """A.\n\n    .. seq::\n\n', '    """\n', "        "),
        # Half typed: Python cannot read it.
        ("a.py", 'def f(:\n    """A.\n\n    .. seq::\n\n', "", "        "),
        ("a.py", "x = \"'''\"  # \"\"\"\nclass A\n    r'''A.\n\n    ```seq\n", "    ```\n", "    "),
    ],
)
def test_a_repair_in_any_file(name: str, head: str, tail: str, indent: str) -> None:
    def whole(picture: str) -> str:
        rows = "".join(f"{indent}{line}\n" for line in picture.splitlines())
        return f"{head}{rows}{tail}"

    found = snapshot(whole(WRONG), name)
    (finding,) = diagnostics(found)
    assert written(found, finding.range) == "|"
    assert finding.range.column == len(indent) + 6
    (fix,) = fixes(found)
    assert fix.is_preferred and fix.codes == ("SEQ202",)
    assert applied(found.text, fix.changes) == whole(RIGHT)


def test_hints_are_followed_one_by_one() -> None:
    text = "y y   dense(2)\n| |\nx x   input(3)\n"
    found = fixes(snapshot(text))
    assert len(found) >= 2
    assert applied(text, found[0].changes).count("y") < text.count("y")
    assert not diagnostics(snapshot(applied(text, found[-1].changes)))


def test_a_row_that_is_missing_is_inserted() -> None:
    text = "Y Y Y   dense(2)\nX X X   input(3)\n"
    for fix in fixes(snapshot(text)):
        if not diagnostics(snapshot(applied(text, fix.changes))):
            return
    raise AssertionError(fixes(snapshot(text)))


def test_the_search_for_fixes_stops() -> None:
    found = snapshot("Y Y Y Y   dense(2)\n|  |  | |\nX X  X X   input(8)\n")
    steps = len(list(search_fixes(found)))
    assert steps > 5
    asked: list[bool] = []

    def is_cancelled() -> bool:
        asked.append(True)
        return len(asked) == 3

    assert fixes(found, 60.0, is_cancelled) == ()
    assert len(asked) == 3
    assert fixes(found, seconds=-1.0) == ()


def test_what_is_at_a_cell() -> None:
    found = snapshot(PICTURE)
    node = at(found, 3, 3)
    assert node is not None and (node.kind, node.name) == ("node", "H")
    assert node.block == Range(3, 1, 3, 4)
    wire = at(found, 4, 2)
    assert wire is not None and (wire.kind, wire.name) == ("wire", "/")
    assert (wire.sources, wire.targets) == ((Range(5, 1, 5, 2),), (Range(3, 3, 3, 4),))
    state = at(found, 3, 2)
    assert state is not None and state.kind == "state"
    assert (state.sources, state.targets) == ((Range(3, 1, 3, 2),), (Range(3, 3, 3, 4),))
    kinds = {(3, 7): "layer", (3, 12): "parameter", (7, 1): "parameter"}
    for place, kind in kinds.items():
        name = at(found, *place)
        assert name is not None and name.kind == kind
    assert at(found, 2, 2) is None
    assert at(found, 6, 1) is None


def test_a_bus_joins_all_its_nodes() -> None:
    text = "Y   Y\n|   |\n+-+-+\n  |\nX-X-X   gru(2)\n"
    for place in ((3, 2), (3, 3), (2, 5)):
        wire = at(snapshot(text), *place)
        assert wire is not None
        assert wire.sources == (Range(5, 3, 5, 4),)
        assert wire.targets == (
            (Range(1, 1, 1, 2), Range(1, 5, 1, 6)) if place[0] == 3 else (Range(1, 5, 1, 6),)
        )


def test_a_final_state_leaves_its_run_and_enters_another() -> None:
    text = "+--D-D   gru(2)\n|\n+----+\n     |\nE-E--+   gru(2)\n"
    found = snapshot(text)
    assert not [item for item in diagnostics(found) if item.code == "SEQ202"]
    wire = at(found, 2, 1)
    assert wire is not None
    assert wire.sources == (Range(5, 3, 5, 4),)
    assert wire.targets == (Range(1, 4, 1, 5),)


def test_every_wire_of_the_examples_has_two_ends() -> None:
    """The compiler follows each of them from both sides; so does this."""
    joined = 0
    for path in EXAMPLES:
        found = snapshot(path.read_text("utf-8"), path.name)
        for part in found.parts:
            for picture in part.analysis.document.pictures:
                for row in picture.rows:
                    for column, char in enumerate(row.cells, start=1):
                        if char in "|/\\":
                            wire = at(found, row.line, column)
                            assert wire is not None, (path.name, row.line, column)
                            assert wire.sources and wire.targets, (path.name, row.line, column)
                            joined += 1
    assert joined > 2_000


def test_hover_says_what_a_row_is_reads_and_gives() -> None:
    found = hover(snapshot(PICTURE), 3, 1)
    assert found is not None
    assert "`H` (`lstm_h`) is an LSTM of 4 units (`units`) that runs over 2 steps" in found.text
    assert "Shape (2, 4)" in found.text
    assert "Keras 176, PyTorch 192" in found.text
    wire = hover(snapshot(PICTURE), 4, 2)
    assert wire is not None
    assert wire.text == "A wire from node 1 of `X` in line 5 to node 2 of `H` in line 3."
    layer = hover(snapshot(PICTURE), 3, 8)
    assert layer is not None and "`recurrent_dropout=0`: the share of its state" in layer.text
    broken = hover(snapshot(WRONG), 1, 1)
    assert broken is not None and broken.text == "`Y`: `dense(2)`, 3 nodes"


def test_every_cell_of_the_examples_has_a_hover() -> None:
    for path in EXAMPLES[::4]:
        found = snapshot(path.read_text("utf-8"), path.name)
        for part in found.parts:
            for picture in part.analysis.document.pictures:
                for row in picture.rows:
                    for column, char in enumerate(row.cells, start=1):
                        shown = hover(found, row.line, column)
                        assert char == " " or shown is not None, (path.name, row.line, column)


def test_shapes_are_at_line_ends() -> None:
    found = [(item.line, item.column, item.text) for item in inlays(snapshot(PICTURE))]
    assert found == [(1, 15, "(2, 2)"), (3, 18, "(2, 4)"), (5, 15, "(2, 3)")]
    free = inlays(snapshot("O ..n.. O  # two\n|       |\nX ..n.. X   input(8)\n"))
    assert [(item.line, item.column, item.text) for item in free] == [
        (1, 17, "(n, 32)"),
        (3, 21, "(n, 8)"),
    ]


def test_symbols_are_models_with_their_rows() -> None:
    cell = "cell mgu(units):\n    f = sigmoid(dense(x, h))\n    h = f * h\n"
    text = f"{cell}\nmodel a\n\nH H   mgu(4)\n| |\nX X   input(2)\n\nmodel b\n\nO\n|\nO\n"
    found = symbols(snapshot(text))
    assert [(item.name, item.kind) for item in found] == [
        ("mgu", "cell"),
        ("a", "model"),
        ("b", "model"),
    ]
    assert (found[0].range, found[0].selection) == (Range(1, 1, 3, 14), Range(1, 6, 1, 9))
    assert (found[1].range, found[1].selection) == (Range(5, 1, 9, 15), Range(5, 7, 5, 8))
    assert [(item.name, item.detail) for item in found[1].children] == [
        ("mgu_h", "H: mgu(4)"),
        ("x", "X: input(2)"),
    ]
    assert found[1].children[0].range == Range(7, 1, 7, 4)


@pytest.mark.parametrize(
    ("text", "first", "among"),
    [
        ("O O O   ¶", "input", {"lstm", "dense"}),
        ("O O O   ls¶", "lstm", set()),
        ("O O\n| |\nH H\n\nH = g¶", "gru", set()),
        ("H H   lstm(4, d¶", "dropout", set()),
        ("H H   lstm(¶\n\nsize = 3", "size", {"units", "activation", "name"}),
        ("Y Y   dense(4, ¶", "linear", {"softmax", "bias", "tied"}),
        ("Y Y   dense(4, bias=¶", "true", {"false"}),
        ("Y   attention(score=a¶", "additive", set()),
        ("Y Y Y\n| | |\nE E E\n\nY = attention(¶", "E", {"Y", "heads"}),
        ("O ..n.. O\n|       |\nO ..¶", "n", set()),
        ("O O\n| |\nH H\n\n¶", "H", {"model", "cell", "units"}),
        ("O O\n# seqdsl: ignore SEQ40¶", "SEQ401", {"SEQ402"}),
        ("cell mgu(units):\n    f = sig¶", "sigmoid", set()),
        ("cell mgu(units):\n    f = sigmoid(dense(x, h))\n    h = ¶", "x", {"f", "dense", "tanh"}),
        ("cell mgu(units):\n    h = tanh(dense(x, h))\n\nH H   m¶", "mgu", {"mean", "max"}),
        ("model tower\nY Y\n| |\nX X\n\nmodel b\nT T   to¶", "tokens", {"tower"}),
    ],
)
def test_completion(text: str, first: str, among: set[str]) -> None:
    whole, line, column = marked(text)
    found = completions(snapshot(whole), line, column)
    labels = [item.label for item in found]
    assert labels[0] == first or first in labels[:2], labels
    assert among <= set(labels), labels
    for item in found:
        assert item.range.end_column == column
        assert item.insert.startswith(item.label)


def test_nothing_is_proposed_where_it_does_not_belong() -> None:
    for text in ("O O O¶", "H H   lstm(4)¶", "# a comm¶", "|¶"):
        whole, line, column = marked(text)
        assert completions(snapshot(whole), line, column) == (), text


def test_everything_that_is_proposed_has_words() -> None:
    for name, layer in all_layers().items():
        longer = [item for places in layer.signature.longer for item in places]
        for argument in (*layer.signature.arguments, *longer):
            assert layer.words.arguments.get(argument.name), (name, argument.name)
        assert layer.words.summary, name


def test_unchanged_blocks_are_not_compiled_again() -> None:
    page = "```seq\nO\n|\nO\n```\n\n```seq\nY Y\n| |\nX X\n```\n"
    before = snapshot(page, "a.md")
    after = snapshot(page.replace("Y Y", "Y  Y"), "a.md", before)
    assert after.parts[0].analysis is before.parts[0].analysis
    assert after.parts[1].analysis is not before.parts[1].analysis
    assert diagnostics(after) and not diagnostics(before)
