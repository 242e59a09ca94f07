"""Wide drawings: what is printed in a column of a paper can be read there, and the notes below it say all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from seqdsl.api import compile
from seqdsl.draw.errors import UnfitOption
from seqdsl.draw.layout import lay_out
from seqdsl.draw.options import Options
from seqdsl.layers import Look
from tests.compiled import compiled

if TYPE_CHECKING:
    from seqdsl.draw.scene import Scene

EXAMPLES = Path(__file__).parents[2] / "examples"
MODELS = {model.name: model for path in sorted(EXAMPLES.glob("*.seq")) for model in compiled(path)}
COLUMN, PAGE = 3.4 * 72, 7 * 72


def row(letter: str, count: int, joint: str = " ") -> str:
    return joint.join(letter * count)


def wide(count: int, letter: str = "") -> str:
    rows = [("Y", " "), ("|", " "), ("H", "-"), ("|", " "), ("X", " ")]
    drawn = "\n".join(
        row(letter if letter and char.isalpha() else char, count, joint) for char, joint in rows
    )
    return drawn if letter else drawn + "\n\nX = input(8)\nH = lstm(32)\nY = dense(5, softmax)"


def points(scene: Scene, width: float) -> float:
    """The size of the smallest type of a drawing that is printed so many points wide."""
    has_words = any(node.is_word for group in scene.groups for node in group.nodes)
    return (10.5 if has_words else 12) * width / scene.width


@pytest.mark.parametrize("name", sorted(MODELS))
def test_labels_can_be_read_in_a_column(name: str) -> None:
    assert points(lay_out(MODELS[name]), COLUMN) >= 6


@pytest.mark.parametrize("count", [12, 13, 14, 25, 60, 500])
def test_rows_of_up_to_14_columns_and_cut_ones_can_be_read(count: int) -> None:
    assert points(lay_out(compile(wide(count))), COLUMN) >= 6


def test_notes_are_beside_their_rows_where_there_is_room() -> None:
    scene = lay_out(MODELS["translation"], fit="page")
    assert points(scene, PAGE) >= 6
    bottom = max(node.center.y for group in scene.groups for node in group.nodes)
    assert max(label.at.y for label in scene.labels) < bottom + 16


@pytest.mark.parametrize("name", sorted(MODELS))
def test_a_narrow_drawing_is_the_same_for_a_page(name: str) -> None:
    page = lay_out(MODELS[name], fit="page")
    if points(page, COLUMN) >= 6:
        assert lay_out(MODELS[name]) == page


@pytest.mark.parametrize("name", sorted(MODELS))
def test_notes_name_every_layer_by_what_is_in_its_nodes(name: str) -> None:
    """`E: lstm(32)` for an `E`, `+: add` for a `+`, `lstm(16)` for the word."""
    for fit in ("column", "page"):
        scene = lay_out(MODELS[name], fit=fit)  # type: ignore[arg-type]
        calls = [label.text for label in scene.labels if label.style == "call"]
        bottom = max(node.center.y for group in scene.groups for node in group.nodes)
        if max(label.at.y for label in scene.labels) < bottom + 20:
            continue
        # A `*` is no layer, it tells its states when the pointer is over it; a delayed node is its letter's.
        layers = [group for group in scene.groups if group.family is not Look.DELAYED]
        for text in {node.text for group in layers for node in group.nodes} - {"*"}:
            assert any(call.startswith(text) for call in calls), text


def test_notes_below_are_from_the_top_row_down() -> None:
    scene = lay_out(MODELS["translation"])
    calls = [(label.at.y, label.text[0]) for label in scene.labels if label.style == "call"]
    assert [letter for _, letter in sorted(calls)] == list("YEDMNXZ")


def test_facts_are_in_a_column() -> None:
    scene = lay_out(MODELS["translation"])
    assert len({label.at.x for label in scene.labels if label.style == "facts"}) == 1


def test_many_notes_are_in_several_columns() -> None:
    picture = "\n".join([row("O", 24), row("|", 24)] * 9 + [row("O", 24)])
    scene = lay_out(compile(picture))
    assert len({label.at.x for label in scene.labels if label.style == "call"}) > 1


def test_an_unknown_fit() -> None:
    with pytest.raises(UnfitOption, match="fit must be one of column, page, not 'slide'"):
        Options(fit="slide")  # type: ignore[arg-type]
