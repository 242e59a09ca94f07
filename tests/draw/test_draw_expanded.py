"""A drawing may hold the pictures that are called: each once, under its name, and joined to what calls it."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import pytest
from click.testing import CliRunner

from seqdsl.api import Model, compile, compile_all
from seqdsl.cli.main import cli
from seqdsl.draw.expanded import called_models, lay_out_expanded
from seqdsl.draw.layout import lay_out
from seqdsl.draw.themes import LIGHT

# `inner` is called by both others, and in two lines of `block`; its delayed nodes are links of a style of their own.
INNER = """\
model inner

width = 2

    Y Y Y
    | | |
D-D-D-D-D
| | | | |
X X X y y

X = input(3)
D = gru(width)
Y = dense(3)
"""
BLOCK = """\
model block

width = 2

B B B   inner(width=width)
| | |
A A A   inner(width=width)
| | |
X X X   input(3)
"""
OUTER = """\
model outer

Z Z Z   dense(1)
| | |
C C C   inner(width=4)
| | |
T T T   block(width=4)
| | |
S S S   block(width=4)
| | |
X X X   input(3)
"""
TEXT = f"{INNER}\n{BLOCK}\n{OUTER}"
NAMES = ["outer", "block", "inner"]


@pytest.fixture(scope="module")
def model() -> Model:
    return compile(TEXT)


def test_each_called_picture_is_drawn_once_below_the_others(model: Model) -> None:
    scene = lay_out_expanded(model)
    titles = [(item.text, item.at.y) for item in scene.labels if item.style == "title"]
    assert sorted(name for name, _ in titles) == sorted(NAMES)
    alone = [lay_out(model), *map(lay_out, called_models(model))]
    assert len(scene.groups) == sum(len(item.groups) for item in alone)
    assert len(scene.wires) == sum(len(item.wires) for item in alone)
    assert len(scene.joints) == sum(len(item.joints) for item in alone)
    assert scene.height == sum(item.height for item in alone)
    # Nothing of one picture lies beside another: between two titles there is as much as in the picture alone.
    heights = [node.center.y for group in scene.groups for node in group.nodes]
    edges = [y for _, y in sorted(titles, key=lambda item: item[1])] + [scene.height]
    held = [sum(low < y < high for y in heights) for low, high in pairwise(edges)]
    assert held == [sum(len(group.nodes) for group in item.groups) for item in alone]
    for name in NAMES[1:]:
        assert f"{name}: many-to-many" in scene.description


@pytest.mark.parametrize(("call", "width"), [("inner(width=4)", 4), ("inner(width=8)", 2)])
def test_sizes_are_those_of_the_calls_if_these_agree(call: str, width: int) -> None:
    # Of `inner` with four units in one place and eight in another the drawing has its own two.
    model = compile(TEXT.replace("inner(width=4)", call))
    (inner,) = (item for item in called_models(model) if item.name == "inner")
    assert f"gru_d (5, {width})" in {item.text for item in lay_out(inner).labels}
    (block,) = (item for item in called_models(model) if item.name == "block")
    assert block.drawing.values["width"] == 4


def test_a_model_that_calls_nothing_is_drawn_as_ever(model: Model) -> None:
    plain = compile(INNER)
    for form in ("svg", "dot", "mmd"):
        assert plain.draw(form, expand=True) == plain.draw(form)
        assert model.draw(form, expand=True) != model.draw(form)


def test_dot_has_a_cluster_for_each(model: Model) -> None:
    dot = str(model.draw("dot", expand=True))
    ids = re.findall(r"^ *(\w+) \[label=", dot, re.MULTILINE)
    assert max(Counter(ids).values()) == 1
    clusters = dict(re.findall(r'subgraph (cluster_\w+) \{\n +label="(\w+)"', dot))
    assert sorted(clusters.values()) == sorted(NAMES[1:])
    calls = re.findall(r"-> (\w+) \[ltail=(\w+), .*style=dashed", dot)
    # S and T of `outer`; its C, and A and B of `block`
    assert Counter(clusters[at] for _, at in calls) == {"block": 2, "inner": 3}
    letters = dict(re.findall(r'^ *(\w+) \[label="(\w)"', dot, re.MULTILINE))
    assert sorted(letters[caller] for caller, _ in calls) == ["A", "B", "C", "S", "T"]


def test_mermaid_has_a_cluster_for_each(model: Model) -> None:
    lines = str(model.draw("mmd", expand=True)).splitlines()
    clusters = {
        at: name for line in lines for at, name in re.findall(r'(called\d+)\["(\w+)"', line)
    }
    assert sorted(clusters.values()) == sorted(NAMES[1:])
    calls = [match for line in lines if (match := re.match(r" +(\w+) -\.- (\w+)$", line))]
    assert Counter(clusters[match[1]] for match in calls) == {"block": 2, "inner": 3}
    # The numbers of a style count all links before: those of the other pictures, too.
    links = [line for line in lines for _ in re.findall(r"~~~|<?-\.->|-->|-\.-", line)]
    (style,) = (line for line in lines if LIGHT.feedback in line)
    (numbers,) = re.findall(r"linkStyle ([\d,]+) ", style)
    (inner,) = (at for at, name in clusters.items() if name == "inner")
    styled = [links[int(number)] for number in numbers.split(",")]
    assert styled == [
        line for line in lines if re.search(rf"{inner}_layer2 -.*{inner}_layer1", line)
    ]


def test_what_is_called_has_no_file_of_its_own() -> None:
    other = TEXT + "\nmodel other\n\nY   dense(1)\n|\nX   input(3)\n"
    for text, told in ((TEXT, ""), (other, "has 2 models")):
        result = CliRunner().invoke(cli, ["draw", "-", "--expand"], input=text)
        assert told in result.stderr
        assert result.stdout == ("" if told else compile(TEXT, "<stdin>").draw(expand=True))
    one = CliRunner().invoke(cli, ["draw", "-", "--expand", "--model", "block"], input=TEXT)
    (block,) = (item for item in compile_all(TEXT, "<stdin>") if item.name == "block")
    assert one.stdout == block.draw(expand=True)


LOOPED = """\
model block

A-A-...-A   gru(3)
| |     |
X X ... X   input(3)

model outer

B B B B B   block
| | | | |
X X X b b

X = input(3)
"""


def test_a_picture_that_a_loop_calls_is_drawn_once_and_fed_back_to_its_block() -> None:
    model = compile(LOOPED)
    scene = lay_out_expanded(model)
    titles = [item.text for item in scene.labels if item.style == "title"]
    assert sorted(titles) == ["block", "outer"]
    # The delayed nodes are links of the caller's, as where a row of its own is fed back.
    outer = LOOPED[LOOPED.index("model outer") :]
    alone = lay_out(compile(outer.replace("B B B B B   block", "B B B B B   dense(3)")))
    lines = [Counter(item.line for item in drawn.wires) for drawn in (scene, lay_out(model), alone)]
    assert lines[0]["feedback"] == lines[1]["feedback"] == lines[2]["feedback"] > 0
    assert model.draw("dot", expand=True).count('label="block"') == 1
