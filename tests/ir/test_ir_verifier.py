"""Whatever is drawn is a graph to the verifier, and each way of being none is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from seqdsl.ir import parse
from seqdsl.ir.cells import built_in
from seqdsl.ir.expressions import Value
from seqdsl.ir.graph import Graph
from seqdsl.ir.operations import PassedState, Scan
from seqdsl.ir.problems import InvalidGraph, Rule
from seqdsl.ir.verifier import check, verify
from seqdsl.size import Size
from tests.ir.graphs import CHUNKS, drawn, random_graphs

GRU, LSTM = built_in()["gru"], built_in()["lstm"]

TEXT = """\
model all {
  parameter units = 16
  parameter rate = 0.5
  length n {minimum=3, multiple=2}
  layer @embedding = embedding(features=8, mask=true, vocabulary=20) : 20 -> 8
  layer @encoder = lstm(units=units, bidirectional=true) : 8 -> units
  layer @decoder = lstm(units=2 * units, bidirectional=false) : 3 -> 2 * units
  layer @attention = attention(heads=4, memory=2 * units) : 2 * units -> 2 * units
  layer @conv = conv(kernel=3, dilation=1, stride=1) : 32 -> 6
  layer @mean = mean() : 32 -> 32
  layer @add = add() : 6 -> 6
  layer @parts = split() : 32 -> 8
  layer @some = dropout(rate=rate) : 8 -> 8
  layer @late = gru(units=8, activation=relu, bidirectional=false) : 8 -> 8
  layer @joined = concat() : 6 -> 6
  input %ids : int32[n] {vocabulary=20}
  input %z : float32[6, 3]
  %ids = placeholder tokens() : int32[n]
  %z = placeholder input() : float32[6, 3]
  %embedding = apply @embedding(%ids) {begins_mask=true} : float32[n, 8]
  %encoder = scan @encoder(%embedding, direction=bidirectional)
    {masks=[%embedding], uses=[sequence, state]} : float32[n, 2 * units]
  %decoder = scan @decoder(%z, initial=passed_state(%encoder, mode=joined)) : float32[6, 2 * units]
  %attention = attend @attention(%decoder, memory=%encoder, memory_masks=[%encoder]) : float32[6, 2 * units]
  %conv = convolve @conv(%attention, before=1, after=1, kept=%conv[0:+3 of 6]) : float32[3, 6]
  %z_wide = identity @joined(concat_features([%z, %z])) : float32[6, 6]
  %mean = reduce @mean(mean, operand=%encoder, memory_masks=[%encoder]) : float32[32]
  %add = merge @add(add, operands=[%conv, %z_wide[0:+3:2 of 6]]) : float32[3, 6]
  %parts = split @parts(%mean, parts=4) : float32[4, 8]
  %some = apply @some(%parts[0:+2 of 4]) : float32[2, 8]
  %late = scan @late(%some, initial=value_state(%parts[3 of 4])) {uses=[final]} : float32[2, 8]
  %y = identity output(%late.final) : float32[8]
  output %y : float32[8]
  output seen = %add : float32[3, 6]
}
"""


def test_drawn_pictures() -> None:
    for graph in drawn():
        check(graph)


@pytest.mark.parametrize("chunk", range(2))
def test_random_pictures(chunk: int) -> None:
    for seed, graph in random_graphs(chunk, CHUNKS * 200, 0):
        assert not verify(graph), f"seed {seed}\n{graph}"


def test_the_text_is_a_graph() -> None:
    """What the tests below break."""
    check(parse(TEXT))


def test_all_rules_are_broken_below() -> None:
    rules = {rule for _, _, rule, _ in BROKEN} | {rule for _, rule, _ in CHANGED}
    assert rules == set(Rule)


BROKEN: list[tuple[str, str, Rule, str]] = [
    (
        "parameter rate = 0.5",
        "parameter rate = 0.5 parameter units = 3",
        Rule.NAMES,
        "2 parameters and free lengths have",
    ),
    ("%y", "%units", Rule.NAMES, "a parameter has this name"),
    ("output seen", "output z", Rule.NAMES, "2 inputs and outputs have this name"),
    (
        "placeholder input() :",
        "placeholder input() {masks=[%embedding]} :",
        Rule.ORDER,
        "%z: it reads %embedding, which is not there yet",
    ),
    (
        "[%conv, %z_wide[0:+3:2 of 6]",
        "[%conv, %add",
        Rule.LOOPS,
        "in a circle with %add: it reads a step that is not there yet",
    ),
    ("%late.final", "%some.final", Rule.REFERENCES, "%some has no final state"),
    (
        "passed_state(%encoder",
        "passed_state(%embedding",
        Rule.REFERENCES,
        "%embedding has no state to pass on",
    ),
    (
        "float32[6, 3]\n  %embedding",
        "float32[m, 3]\n  %embedding",
        Rule.SIZES,
        "`m` is neither a parameter nor a free length",
    ),
    (
        "float32[6, 3]\n  %embedding",
        "float32[units / 3, 3]\n  %embedding",
        Rule.SIZES,
        "is not a whole number",
    ),
    ("float32[6, 3]\n  %embedding", "float32[0, 3]\n  %embedding", Rule.SIZES, "0 is less than 1"),
    (
        "float32[6, 3]\n  %embedding",
        "float32[3000000000, 3]\n  %embedding",
        Rule.SIZES,
        "is too large",
    ),
    ("lstm(units=units,", "lstm(units=units - 16,", Rule.SIZES, "units - 16 is less than 1"),
    ("activation=relu", "activation=reel", Rule.LAYERS, "`activation` is not an activation: reel"),
    (
        "rate=rate)",
        "rate=pace)",
        Rule.LAYERS,
        "`rate` is not a rate, at least 0 and less than 1, or a parameter that is one: pace",
    ),
    (
        "lstm(units=units, bidirectional=true",
        "lstm(units=units, bidirectional=false",
        Rule.LAYERS,
        "does not run bidirectional",
    ),
    (
        "apply @some(%parts[0:+2 of 4])",
        "merge @some(add, operands=[%parts[0:+2 of 4]])",
        Rule.LAYERS,
        "`dropout` is not computed by Merge",
    ),
    ("merge @add(add", "merge @add(max", Rule.LAYERS, "`add` does not combine by max"),
    (
        "identity output(",
        "identity concat(",
        Rule.LAYERS,
        "a node of the kind `concat` needs a layer",
    ),
    (
        "[0:+3 of 6]) : float32[3, 6]",
        "[0:+4 of 6]) : float32[3, 6]",
        Rule.SHAPES,
        "steps of its value and of the node: 4 and 3",
    ),
    ("[0:+3 of 6]", "[4:+3 of 6]", Rule.SHAPES, "a cut of 3 steps from 4 on, of 6"),
    ("[0:+3 of 6]", "[0:+3 of 5]", Rule.SHAPES, "steps of what is cut: 5 and 6"),
    (
        "before=1, after=1, kept=%conv[0:+3 of 6]",
        "before=1, after=1",
        Rule.SHAPES,
        "steps of its value and of the node: 6 and 3",
    ),
    (
        "before=1, after=1, kept=%conv[0:+3 of 6]",
        "before=1, after=1, centers=centers(1, count=3, steps=6)",
        Rule.SHAPES,
        "whole windows: 3 and 6",
    ),
    ("%conv, %z_wide[0:+3:2 of 6]", "%conv, %z_wide", Rule.SHAPES, "combined steps: 3 and 6"),
    (
        "%conv, %z_wide[0:+3:2 of 6]",
        "%conv, %decoder[0:+3 of 6]",
        Rule.SHAPES,
        "combined features: 6 and 2 * units",
    ),
    (
        "parts=4) : float32[4, 8]",
        "parts=5) : float32[5, 8]",
        Rule.SHAPES,
        "features in all parts: 40 and 32",
    ),
    ("apply @embedding(%ids)", "apply @embedding(%z)", Rule.SHAPES, "an embedding reads token ids"),
    ("{vocabulary=20}", "{vocabulary=30}", Rule.SHAPES, "token ids and rows: 30 and 20"),
    ("attention(heads=4", "attention(heads=5", Rule.SHAPES, "5 heads do not divide"),
    (
        "attention(heads=4, memory=2 * units) : 2 * units",
        "attention(heads=4, memory=2 * units) : units",
        Rule.SHAPES,
        "features read, and those of its layer",
    ),
    (
        "attend @attention(%decoder, memory=%encoder",
        "attend @attention(%decoder, memory=%mean",
        Rule.SHAPES,
        "a vector is read as a sequence",
    ),
    ("%mean, parts=4", "%z, parts=4", Rule.SHAPES, "a sequence is read as a vector"),
    (
        "output(%late.final) : float32[8]",
        "output(%late) : float32[8]",
        Rule.SHAPES,
        "its value is a sequence, the node a vector",
    ),
    ("mode=joined", "mode=direct", Rule.STATES, "a bidirectional state is not passed here direct"),
    (
        "decoder = lstm(units=2 * units",
        "decoder = gru(units=2 * units",
        Rule.STATES,
        "the state of a `lstm` is passed to a `gru`",
    ),
    (
        "value_state(%parts[3 of 4])",
        "value_state(%mean)",
        Rule.STATES,
        "units of the state, and of the cell: 32 and 8",
    ),
    (
        "value_state(%parts[3 of 4])",
        "value_state(%parts[3 of 4], mode=halves)",
        Rule.STATES,
        "a value does not begin a forward recurrence halves",
    ),
    ("masks=[%embedding], uses", "masks=[%ids], uses", Rule.MASKS, "%ids is not masked"),
    (
        "masks=[%embedding], uses",
        "masks=[%embedding[0:+2 of n]], uses",
        Rule.MASKS,
        "steps of a mask, and of what it masks: 2 and n",
    ),
    (
        "memory_masks=[%encoder]) : float32[32]",
        "memory_masks=[%decoder]) : float32[32]",
        Rule.MASKS,
        "%decoder is not masked",
    ),
    (
        "apply @some(%parts[0:+2 of 4])",
        "apply @some(%parts[0:+2 of 4]) {begins_mask=true}",
        Rule.MASKS,
        "does not tell padding from data",
    ),
    (
        "apply @some(%parts[0:+2 of 4])",
        "apply @some(%parts[0:+2 of 4]) {padded_at_end=true}",
        Rule.MASKS,
        "without padding",
    ),
    (" {uses=[final]}", "", Rule.USES, "%late: what is read of it is: final"),
    (
        "uses=[sequence, state]",
        "uses=[sequence]",
        Rule.USES,
        "%encoder: what is read of it is: sequence, state",
    ),
    (
        "  output %y : float32[8]\n  output seen = %add : float32[3, 6]\n",
        "",
        Rule.ENDS,
        "it has no outputs",
    ),
    (
        "  input %z : float32[6, 3]\n",
        "",
        Rule.ENDS,
        "its inputs are not its nodes that hold inputs",
    ),
    (
        "input %z : float32[6, 3]",
        "input %z : float32[6, 4]",
        Rule.ENDS,
        "the node that holds it has the shape [6, 3]",
    ),
    ("input %z :", "input w = %z :", Rule.ENDS, "the node that holds it is called %z"),
    ("{vocabulary=20}", "", Rule.ENDS, "token ids are int32, and have a vocabulary"),
    (
        "%add : float32[3, 6]\n}",
        "%add : float32[3, 5]\n}",
        Rule.ENDS,
        "its node has the shape [3, 6]",
    ),
    (
        "%add : float32[3, 6]\n}",
        "%add : float32[3, 6] {n=2}\n}",
        Rule.ENDS,
        "it has 3 steps, not 2",
    ),
]


@pytest.mark.parametrize(("old", "new", "rule", "message"), BROKEN)
def test_broken(old: str, new: str, rule: Rule, message: str) -> None:
    assert old in TEXT
    problems = verify(parse(TEXT.replace(old, new)))
    assert any(item.rule is rule and message in str(item) for item in problems), problems


def node(name: str, /, **changes: Any) -> Callable[[Graph], Graph]:
    """Change a node in a way that no text says."""

    def changed(graph: Graph) -> Graph:
        nodes = tuple(
            replace(item, **changes) if item.name == name else item for item in graph.nodes
        )
        return replace(graph, nodes=nodes)

    return changed


def layer(name: str, /, **changes: Any) -> Callable[[Graph], Graph]:
    """Change a layer, and the nodes that it is applied in."""

    def changed(graph: Graph) -> Graph:
        new = {item.name: replace(item, **changes) for item in graph.layers if item.name == name}
        layers = tuple(new.get(item.name, item) for item in graph.layers)
        nodes = tuple(
            replace(item, layer=new.get(item.layer.name, item.layer)) if item.layer else item
            for item in graph.nodes
        )
        return replace(graph, layers=layers, nodes=nodes)

    return changed


DENSE = {"units": Size.of(8), "activation": None, "bias": None}
CONV = {"kernel": Size.of(3), "dilation": Size.of(1), "stride": 1}
CHANGED: list[tuple[Callable[[Graph], Graph], Rule, str]] = [
    (
        lambda graph: replace(graph, name="no name"),
        Rule.NAMES,
        "`no name` is not the name of a model",
    ),
    (node("add", name="import"), Rule.NAMES, "`import` has a meaning of its own"),
    (node("add", name="a b"), Rule.NAMES, "`a b` is not a name"),
    (node("add", given="__init__"), Rule.NAMES, "`__init__` is not a name"),
    (node("add", name="conv"), Rule.NAMES, "2 nodes have this name"),
    (layer("add", name="conv"), Rule.NAMES, "2 layers have this name"),
    (lambda graph: replace(graph, order=graph.order[:-1]), Rule.ORDER, "not one of all nodes"),
    (lambda graph: replace(graph, order=graph.order[::-1]), Rule.ORDER, "which is not there yet"),
    (node("add", index=3), Rule.REFERENCES, "has the number 3"),
    (node("mean", operation=Scan(Value(99), body=GRU)), Rule.REFERENCES, "there is no node 99"),
    (
        node("late", operation=Scan(Value(3), initial=PassedState(-1), body=GRU)),
        Rule.REFERENCES,
        "no node -1",
    ),
    (
        lambda graph: replace(graph, outputs=(replace(graph.outputs[0], block=99),)),
        Rule.REFERENCES,
        "no node 99",
    ),
    (layer("add", kind="subtract"), Rule.LAYERS, "unknown layer `subtract`"),
    (
        layer("some", kind="dense", arguments={**DENSE, "units": 8}),
        Rule.LAYERS,
        "`units` is not a size: 8",
    ),
    (
        layer("some", kind="dense", arguments={**DENSE, "units": None}),
        Rule.LAYERS,
        "`dense` needs its units",
    ),
    (
        layer("some", arguments={"rate": 0.5, "mode": "odd"}),
        Rule.LAYERS,
        "`dropout` has no argument `mode`",
    ),
    (
        layer("conv", units=Size.of(7), arguments={"filters": Size.of(6), **CONV}),
        Rule.LAYERS,
        "`filters` is 6, its features 7",
    ),
    (node("late", layer=None), Rule.LAYERS, "a node of the kind `gru` needs a layer"),
    (node("add", kind="max"), Rule.LAYERS, "its kind is `max`, that of its layer `add`"),
    (
        node("late", operation=Scan(Value(13), body=LSTM)),
        Rule.LAYERS,
        "the cell it runs `lstm`",
    ),
    (
        lambda graph: replace(graph, layers=graph.layers[1:]),
        Rule.LAYERS,
        "@embedding is not a layer of the graph",
    ),
]


@pytest.mark.parametrize(("change", "rule", "message"), CHANGED)
def test_changed(change: Callable[[Graph], Graph], rule: Rule, message: str) -> None:
    problems = verify(change(parse(TEXT)))
    assert any(item.rule is rule and message in str(item) for item in problems), problems


def test_two_cells_of_one_name() -> None:
    graph = parse(TEXT.replace("decoder = lstm", "decoder = gru"))
    decoder = next(item for item in graph.nodes if item.name == "decoder")
    assert decoder.scan is not None
    other = replace(GRU, equations=GRU.equations[1:])
    changed = node("decoder", operation=replace(decoder.scan, body=other))(graph)
    assert "there are two cells `gru`" in str(verify(changed))


def test_all_problems_are_raised_as_one_error() -> None:
    text = TEXT.replace(" {uses=[final]}", "").replace("mode=joined", "mode=direct")
    with pytest.raises(InvalidGraph) as error:
        check(parse(text))
    assert {item.rule for item in error.value.problems} == {Rule.USES, Rule.STATES}
    assert len(str(error.value).splitlines()) == len(error.value.problems)


@pytest.mark.parametrize(
    ("name", "message"),
    [("lstm", "`lstm` is built in, and has other equations"), ("input", "`input` is a layer")],
)
def test_cells_of_names_that_are_taken(name: str, message: str) -> None:
    """What is generated for `lstm` is the built-in one: another of its name would be something else."""
    graph = parse(TEXT)
    late = next(item for item in graph.nodes if item.name == "late")
    cell = replace(GRU, name=name)
    layers = layer("late", kind=name)(graph)
    changed = node("late", kind=name, operation=replace(late.operation, body=cell))
    assert message in str(verify(changed(layers)))


def test_a_cell_that_makes_no_sense() -> None:
    graph = parse(TEXT)
    cell = replace(GRU, equations=GRU.equations[:-1])
    changed = node("late", operation=replace(graph.nodes[-2].operation, body=cell))(graph)
    assert "`h` is read and never assigned" in str(verify(changed))
