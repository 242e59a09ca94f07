"""What is said beside rows: near them, of the whole row, on lines that break between what belongs together."""

from __future__ import annotations

from pathlib import Path

import pytest

from seqdsl.api import Model, compile
from seqdsl.draw.labels import folded, wrapped
from seqdsl.draw.layout import lay_out
from seqdsl.draw.notes import find_entries
from seqdsl.draw.scene import Label, Scene
from tests.compiled import compiled

EXAMPLES = Path(__file__).parents[2] / "examples"
MODELS = {model.name: model for path in sorted(EXAMPLES.glob("*.seq")) for model in compiled(path)}


def facts(model: Model) -> list[str]:
    """What is said of the values of each row, bottom row first."""
    rows: dict[int, list[int]] = {}
    for index, block in enumerate(model.drawing.blocks):
        rows.setdefault(block.row, []).append(index)
    return [entry.facts for row in sorted(rows) for entry in find_entries(model, rows[row])]


def labels(scene: Scene, style: str) -> list[Label]:
    return [label for label in scene.labels if label.style == style]


def test_chains_of_one_row_have_its_shape() -> None:
    assert facts(MODELS["broken-chains"]) == ["x (6, 5)", "gru_h (6, 8)", "dense_y → y (6, 4)"]
    assert "words (6, 10)" in facts(MODELS["words-to-sentences"])


def test_a_shared_layer_has_a_shape_for_each_use() -> None:
    assert "lstm_l 2 × (3, 16)" in facts(MODELS["siamese"])


def test_three_blocks_of_a_row_stand_one_under_the_other() -> None:
    scene = lay_out(MODELS["late-fusion"])
    inputs = [label for label in labels(scene, "call") if "input" in label.text]
    assert [label.text for label in inputs] == ["X: input(2)", "Z: input(3)", "S: input(4)"]
    assert len({(label.at.x, label.anchor) for label in inputs}) == 1
    beside = {label.at.y: label.text for label in labels(scene, "facts")}
    assert [beside[label.at.y] for label in inputs] == [
        "gyroscope (3, 2)",
        "accelerometer (5, 3)",
        "person (4,)",
    ]


@pytest.mark.parametrize("name", sorted(MODELS))
def test_notes_are_near_their_row_where_nothing_is_between(name: str) -> None:
    """No text is farther than 100 pixels from the row it is about, unless something is drawn between them."""
    scene = lay_out(MODELS[name])
    nodes = [node for group in scene.groups for node in group.nodes]
    upright = [wire.points for wire in scene.wires if wire.line != "window"]
    for label in labels(scene, "call"):
        row = min((node.center.y for node in nodes), key=lambda y: abs(y - label.at.y))
        xs = [node.center.x for node in nodes if node.center.y == row]
        near = max(xs) if label.anchor == "start" else min(xs)
        if abs(label.at.x - near) > 100:
            low, high = sorted((label.at.x, near))
            crossed = [
                points
                for points in upright
                if any(low < point.x < high for point in points)
                and min(p.y for p in points) - 1 <= row <= max(p.y for p in points) + 1
            ]
            # Entries of both sides of a row are told apart by their sides.
            assert crossed or scene.dots, (name, label.text)


def test_lines_break_between_parts() -> None:
    assert wrapped(["one", "two", "three"], " · ", 9) == ["one · two", "three"]
    assert wrapped(["one"], " · ", 1) == ["one"]


@pytest.mark.parametrize("name", sorted(MODELS))
def test_no_line_begins_or_ends_with_a_joint(name: str) -> None:
    for label in labels(lay_out(MODELS[name]), "subtitle"):
        assert label.text.strip("· ") == label.text


def test_long_calls_take_several_lines() -> None:
    model = compile(
        "H-H\n| |\nX X\n\nX = input(2)\n"
        "H = lstm(16, activation=relu, recurrent_activation=sigmoid, dropout=0.25)"
    )
    texts = [label.text for label in labels(lay_out(model), "call") if "input" not in label.text]
    assert texts == [
        "H: lstm(16, activation=relu,",
        "recurrent_activation=sigmoid, dropout=0.25)",
    ]


def test_the_longest_calls_are_cut() -> None:
    lines = folded(f"H: lstm({', '.join(f'argument={number:030}' for number in range(9))})")
    assert len(lines) == 3
    assert lines[-1].endswith("…")


def test_nodes_without_a_letter_say_what_they_are() -> None:
    scene = lay_out(MODELS["vanilla-lstm"])
    texts = {node.text for group in scene.groups for node in group.nodes}
    assert texts == {"input", "lstm", "dense"}
    for group in scene.groups:
        for node in group.nodes:
            assert node.width >= 6.4 * len(node.text)


def test_causal_attention_is_marked() -> None:
    for name in ("transformer-decoder", "transformer-block"):
        model = MODELS[name]
        masked = {n.text for g in lay_out(model).groups for n in g.nodes if n.has_mask}
        causal = {
            block.letter
            for block, settings in zip(model.drawing.blocks, model.drawing.settings, strict=True)
            if settings.arguments.get("causal")
        }
        assert masked == causal != set()
        assert 'class="mask"' in str(model.draw("svg"))
