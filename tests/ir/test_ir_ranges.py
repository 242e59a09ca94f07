"""Numbers out of range are no graph, in whichever layer, operation, cell or length they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import inf, nan
from typing import Any

import pytest

from seqdsl.ir import parse
from seqdsl.ir.builder import Builder
from seqdsl.ir.cell_check import check_cell
from seqdsl.ir.cells import built_in
from seqdsl.ir.graph import Graph, Layer
from seqdsl.ir.layers import Argument, layer_type
from seqdsl.ir.nodes import Parameter
from seqdsl.ir.operations import Batch, Centers, Convolve
from seqdsl.ir.problems import Rule
from seqdsl.ir.tensors import Tensor
from seqdsl.ir.verifier import verify
from seqdsl.layers import Kind, all_layers
from seqdsl.size import Size
from tests.ir.graphs import drawn
from tests.ir.test_ir_verifier import TEXT

OUT_OF_RANGE = {
    Argument.SIZE: (Size.of(0), Size.of(-1)),
    Argument.INTEGER: (0, -1, True),
    Argument.RATE: (-0.1, 1.0, 2.0, nan, inf, True),
    Argument.EPSILON: (0.0, -1e-5, 1.5, nan, inf),
    Argument.TEMPERATURE: (0.0, -1.0, nan),
}
AT_THE_BOUNDS = {
    Argument.RATE: (0.0, 0.999),
    Argument.EPSILON: (1e-30, 1.0),
    Argument.TEMPERATURE: (1e-30, 1e30),
}


def applied() -> dict[str, tuple[Graph, Layer]]:
    """A graph in which each kind of layer that has any arguments is applied, and the layer."""
    found = {}
    for graph in (parse(TEXT), *drawn()):
        for layer in graph.layers:
            # Cells of a file, and pictures that are called, are known in their graph alone.
            known = layer.kind in all_layers()
            if known and (layer.kind not in graph.cells or layer.kind in built_in()):
                found.setdefault(layer.kind, (graph, layer))
    return {kind: item for kind, item in found.items() if _taken(kind)}


def _taken(kind: str) -> dict[str, Argument]:
    known = layer_type(kind, {})
    assert known is not None
    return {**known.inferred, **known.arguments}


APPLIED = applied()


def changed(kind: str, name: str, value: object) -> Graph:
    """The graph with another value for an argument of the layer."""
    graph, layer = APPLIED[kind]
    new = replace(layer, arguments={**layer.arguments, name: value})
    nodes = (replace(node, layer=new) if node.layer == layer else node for node in graph.nodes)
    layers = (new if item == layer else item for item in graph.layers)
    return replace(graph, layers=tuple(layers), nodes=tuple(nodes))


def settings(values: dict[Argument, tuple[Any, ...]]) -> list[tuple[str, str, object]]:
    return [
        (kind, name, value)
        for kind in APPLIED
        for name, argument in _taken(kind).items()
        for value in values.get(argument, ())
    ]


def test_all_layers_with_arguments_are_tried() -> None:
    expected = {
        item.name for item in all_layers().values() if not item.is_end and _taken(item.name)
    }
    assert expected == set(APPLIED)
    assert {kind for kind, name, _ in settings(OUT_OF_RANGE) if name == "dropout"} == {
        "attention",
        "gru",
        "lstm",
        "rnn",
    }


@pytest.mark.parametrize(("kind", "name", "value"), settings(OUT_OF_RANGE))
def test_arguments_out_of_range_are_refused(kind: str, name: str, value: object) -> None:
    problems = verify(changed(kind, name, value))
    assert {item.rule for item in problems} & {Rule.LAYERS, Rule.SIZES}, problems


@pytest.mark.parametrize(("kind", "name", "value"), settings(AT_THE_BOUNDS))
def test_arguments_at_their_bounds_are_taken(kind: str, name: str, value: object) -> None:
    assert not verify(changed(kind, name, value))


@pytest.mark.parametrize(("default", "is_right"), [(0.25, True), (0, True), (1.5, False)])
def test_parameters_are_tried_by_their_defaults(default: float, is_right: bool) -> None:
    graph = changed("dropout", "rate", "some_rate")
    graph = replace(graph, parameters=(*graph.parameters, Parameter("some_rate", default)))
    assert bool(verify(graph)) is not is_right


def test_pictures_and_graphs_take_the_same_numbers() -> None:
    for kind, argument in ((Kind.RATE, Argument.RATE), (Kind.EPSILON, Argument.EPSILON)):
        assert argument.range is kind.range is not None
    assert Argument.INTEGER.range is Kind.COUNT.range


Change = Callable[[Graph], Graph]


def operation(name: str, **changes: Any) -> Change:
    """Change fields of a node's operation."""

    def change(graph: Graph) -> Graph:
        nodes = (
            replace(node, operation=replace(node.operation, **changes))
            if node.name == name
            else node
            for node in graph.nodes
        )
        return replace(graph, nodes=tuple(nodes))

    return change


def windows(start: int) -> Graph:
    """A convolution of whole windows, whose middles begin at a step."""
    b = Builder("windows")
    b.output(b.conv(b.input("x", 2, 6), 4, 3, "valid"))
    graph = b.build()
    (convolve,) = (node.operation for node in graph.nodes if isinstance(node.operation, Convolve))
    assert convolve.centers == Centers(Size.of(1), Size.of(4), Size.of(6))
    return operation("conv", centers=replace(convolve.centers, start=Size.of(start)))(graph)


@pytest.mark.parametrize(("start", "is_right"), [(-1, False), (0, True), (2, True), (3, False)])
def test_windows_lie_around_steps_of_the_sequence(start: int, is_right: bool) -> None:
    assert bool(verify(windows(start))) is not is_right


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (operation("decoder", batch=Batch(0, Size.of(6))), "runs: 0 is less than 1"),
        (operation("decoder", batch=Batch(-2, Size.of(-3))), "runs: -2 is less than 1"),
        (operation("decoder", batch=Batch(2, Size.of(2))), "steps of all runs: 4 and 6"),
        (operation("decoder", rows=("a", "b")), "its layer has 1 rows, the recurrence 2"),
        (operation("mean", repeat=Size.of(-1)), ""),
        (operation("parts", parts=Size.of(0)), ""),
        (operation("parts", parts=Size.of(-4)), ""),
        (operation("conv", before=Size.of(-9)), "windows: "),
        (lambda graph: replace(graph, multiple={"n": 0}), "its multiple: 0 is less than 1"),
        (lambda graph: replace(graph, multiple={"n": -2}), "its multiple: -2 is less than 1"),
        (lambda graph: replace(graph, minimum={"n": -1}), "its minimum: -1 is less than 0"),
    ],
)
def test_operations_and_lengths_out_of_range_are_refused(change: Change, message: str) -> None:
    problems = verify(change(parse(TEXT)))
    assert any(message in str(item) for item in problems), problems


def test_runs_of_one_batch_are_taken() -> None:
    assert not verify(operation("decoder", batch=Batch(2, Size.of(3)))(parse(TEXT)))


@pytest.mark.parametrize("rate", [-0.5, 1.0, 2.0, nan])
def test_rates_of_cells_are_in_range(rate: float) -> None:
    cell = built_in()["lstm"]
    check_cell(cell)
    parameters = tuple(
        replace(item, default=rate) if item.name == "dropout" else item for item in cell.parameters
    )
    with pytest.raises(ValueError, match="`dropout` is not a rate"):
        check_cell(replace(cell, parameters=parameters))


def test_rates_of_a_cell_of_ones_own_are_in_range() -> None:
    own = replace(built_in()["lstm"], name="own")
    known = layer_type("own", {"own": own})
    assert known is not None
    assert known.arguments["dropout"] is Argument.RATE


BUILT: list[Callable[[Builder, Tensor], Tensor]] = [
    lambda b, x: b.lstm(x, 4, dropout=2.0),
    lambda b, x: b.lstm(x, 4, dropout=-0.1),
    lambda b, x: b.lstm(x, 4, layers=0),
    lambda b, x: b.lstm(x, 4, layers=2),
    lambda b, x: b.lstm(x, 0),
    lambda b, x: b.dense(x, -1),
    lambda b, x: b.conv(x, 4, 0),
    lambda b, x: b.conv(x, 4, -1),
    lambda b, x: b.conv(x, 0, 3),
    lambda b, x: b.conv(x, 4, 3, stride=0),
    lambda b, x: b.conv(x, 4, 3, stride=-1),
    lambda b, x: b.conv(x, 4, 3, stride=True),
    lambda b, x: b.conv(x, 4, 3, dilation=0),
    lambda b, x: b.attention(x, x, heads=0),
    lambda b, x: b.attention(x, x, heads=-1),
    lambda b, x: b.apply("dropout", x, rate=1.0),
    lambda b, x: b.apply("layernorm", x, epsilon=0.0),
    lambda b, x: b.apply("batchnorm", x, epsilon=nan),
    lambda b, x: b.apply("batchnorm", x, momentum=1.5),
    lambda b, x: b.dense(b.input("z", 2, b.length("n", multiple=0)), 4),
]


@pytest.mark.parametrize("build", BUILT)
def test_the_builder_refuses_numbers_out_of_range(
    build: Callable[[Builder, Tensor], Tensor],
) -> None:
    b = Builder("ranges")
    x = b.input("x", features=8, steps=6)
    # Of a stride nothing can be built: it is a `ValueError` as `InvalidGraph` is.
    with pytest.raises(ValueError, match=r"less than 1|is not|a stride of|has 2 rows"):
        b.output(build(b, x))
        b.build()
