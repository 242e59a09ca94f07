"""Nodes that stand out, by their place in the text."""

from __future__ import annotations

import pytest

from seqdsl.api import analyze
from seqdsl.draw import draw
from seqdsl.draw.errors import UnfitOption
from seqdsl.draw.expanded import lay_out_expanded
from seqdsl.draw.layout import lay_out
from seqdsl.draw.options import Options

CALLED = """\
model word

Y   dense(4)
|
X   input(3)

model sentence

O O   lstm(2)
| |
W W   word
| |
X X   input(3)
"""


def test_a_highlight_is_around_its_node() -> None:
    (model,) = analyze("*-H-H-*   lstm(2)\n  | |\n  X X   input(2)\n", "a.seq").models
    scene = lay_out(model, highlighted=frozenset({(1, 1), (1, 5), (3, 3)}))
    nodes = {node.center: node for group in scene.groups for node in group.nodes}
    assert len(scene.highlights) == 3
    for shape in scene.highlights:
        node = nodes[shape.center]
        assert shape.width - node.width == shape.height - node.height > 0


def test_called_pictures_have_them_too() -> None:
    models = {model.name: model for model in analyze(CALLED, "a.seq").models}
    cells = frozenset({(3, 1), (11, 3)})
    plain = lay_out(models["sentence"], highlighted=cells)
    assert len(plain.highlights) == 1
    expanded = lay_out_expanded(models["sentence"], highlighted=cells)
    centers = {node.center for group in expanded.groups for node in group.nodes}
    assert len(expanded.highlights) == 2
    assert all(shape.center in centers for shape in expanded.highlights)


def test_only_images_of_the_scene_have_them() -> None:
    (model,) = analyze("O O\n| |\nO O\n", "a.seq").models
    with pytest.raises(UnfitOption, match="highlighted is not for pdf"):
        draw(model, "pdf", Options(highlighted=frozenset({(1, 1)})))
