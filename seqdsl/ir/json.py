"""graph ↔ JSON: what other programs read, with a version, and the schema that it keeps to.

Encoder, decoder and schema go by the fields of the classes (`seqdsl.ir.fields`), so that they cannot differ. A size is
a number, or text where it depends on names. What is loaded may come from strangers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.cells.cell import Cell, CellError
from seqdsl.ir.body import Body
from seqdsl.ir.called import models_of
from seqdsl.ir.cell_check import check_cell
from seqdsl.ir.cells import built_in, kind_of
from seqdsl.ir.ends import Holds
from seqdsl.ir.fields import CELL_RECORDS, OPERATIONS, RECORDS, fields_of, is_record, word
from seqdsl.ir.graph import Feedback, Graph, Input, Layer, Masking, Node, Output, Parameter, State
from seqdsl.ir.json_ends import optional, read_input, read_output, read_state
from seqdsl.ir.json_place import IrJsonError, Place
from seqdsl.ir.layers import layer_type
from seqdsl.ir.operations import Use
from seqdsl.ir.text.sizes import size_text
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.ir.nodes import GraphData

VERSION = 1
"""Raised when a key is removed or changes its meaning; new keys leave it."""


def to_json(graph: GraphData) -> dict[str, Any]:
    """A graph as a JSON object; its schema is ``docs/ir.schema.json``."""
    return {
        "version": VERSION,
        "name": graph.name,
        "parameters": [{"name": item.name, "default": item.default} for item in graph.parameters],
        "lengths": [_length(graph, name) for name in _lengths(graph)],
        "models": [to_json(body) for body in models_of(graph)],
        "cells": [_encoded(cell) for cell in graph.cells.values()],
        "layers": [_layer(layer) for layer in graph.layers],
        "inputs": [_end(item) for item in graph.inputs],
        "nodes": [_node(node) for node in graph.nodes],
        "order": list(graph.order),
        "outputs": [_end(item) for item in graph.outputs],
        "states": [_state(item) for item in graph.states],
    }


def _lengths(graph: GraphData) -> list[str]:
    return [*dict.fromkeys((*graph.free, *graph.minimum, *graph.multiple))]


def _length(graph: GraphData, name: str) -> dict[str, Any]:
    bounds = {"minimum": graph.minimum.get(name), "multiple": graph.multiple.get(name)}
    return {"name": name, "free": name in graph.free, **bounds}


def _layer(layer: Layer) -> dict[str, Any]:
    return {
        "name": layer.name,
        "kind": layer.kind,
        "width": _encoded(layer.width),
        "units": _encoded(layer.units),
        # What is not set is left out.
        "arguments": {
            name: _encoded(value) for name, value in layer.arguments.items() if value is not None
        },
    }


def _end(item: Input | Output) -> dict[str, Any]:
    end = {"name": item.name, "node": item.block, "shape": _encoded(item.shape)}
    if isinstance(item, Output):
        return {**end, "n": _encoded(item.n)}
    said = {"dtype": item.dtype, "vocabulary": _encoded(item.vocabulary)}
    return {**end, **said, "feedback": None if item.feedback is None else _feedback(item.feedback)}


def _feedback(feedback: Feedback) -> dict[str, Any]:
    return {"node": feedback.block, "choose": feedback.is_chosen}


def _state(item: State) -> dict[str, Any]:
    return {
        "name": item.name,
        "node": item.block,
        "part": item.part,
        "shape": _encoded(item.shape),
        "input": item.is_taken,
        "output": item.is_given,
        **({} if item.holds is Holds.STATE else {"holds": item.holds.value}),
    }


def _node(node: Node) -> dict[str, Any]:
    return {
        "name": node.name,
        "kind": node.kind,
        "layer": None if node.layer is None else node.layer.name,
        "steps": _encoded(node.steps),
        "features": _encoded(node.features),
        "operation": _encoded(node.operation),
        "masking": {
            "masks": _encoded(node.masking.masks),
            "begins": node.masking.begins,
            "at_end": node.masking.at_end,
        },
        "uses": [use.value for use in Use if use in node.uses],
        "given": node.given,
        **({"grid": _encoded(node.grid)} if node.grid else {}),
    }


def _encoded(value: Any) -> Any:
    """A size, a record, a tuple of such, or what JSON has itself."""
    if isinstance(value, Size):
        # 16 is a number for every reader; `2 * units` needs one who knows the parameters.
        constant = value.constant
        return size_text(value) if constant is None else constant
    if isinstance(value, tuple):
        return [_encoded(item) for item in value]
    if not is_record(type(value)):
        return getattr(value, "value", value)
    encoded = {"type": word(type(value))}
    for field in fields_of(value.__class__):
        item = getattr(value, field.name)
        if field.is_later and item == field.default:
            continue
        # A cell, or a model, is in the graph once.
        is_named = isinstance(item, Cell | Body)
        encoded[field.name] = item.name if is_named else _encoded(item)
    return encoded


def cell_to_json(cell: Cell) -> dict[str, Any]:
    """A cell as a JSON object."""
    encoded: dict[str, Any] = _encoded(cell)
    return encoded


def cell_from_json(value: Mapping[str, Any]) -> Cell:
    """The cell of a JSON object.

    Raises:
        IrJsonError: it is none.
    """
    place = Place(value)
    return _checked(place.record({"cell": Cell}, CELL_RECORDS), place)


def from_json(value: Mapping[str, Any]) -> Graph:
    """The graph of a JSON object; ``from_json(to_json(graph))`` is ``graph``.

    What it says may still make no sense: `seqdsl.ir.verifier.verify` checks that.

    Raises:
        IrJsonError: it is not a graph of this version.
    """
    version = Place(value).of("version").integer()
    if version != VERSION:
        raise IrJsonError("version", f"{version} is not {VERSION}")
    return _graph(Place(value))


def _graph(root: Place) -> Graph:
    # A model that is called with a mask and without is there twice.
    models: dict[bool, dict[str, Graph]] = {False: {}, True: {}}
    for model in map(_graph, optional(root, "models")):
        models[bool(model.masks)][model.name] = model
    cells = _read_cells(root)
    layers = [
        _read_layer(item, cells, models[True] | models[False]) for item in root.of("layers").items()
    ]
    # Nodes name their layer; in a graph they hold it.
    named = {layer.name: layer for layer in layers}
    lengths = {item.of("name").name(unnamed=True): item for item in root.of("lengths").items()}
    minimum, multiple = _bounds(lengths)
    return Graph(
        name=root.of("name").model_name(),
        parameters=tuple(
            Parameter(item.of("name").name(), item.of("default").number())
            for item in root.of("parameters").items()
        ),
        free=tuple(name for name, item in lengths.items() if item.of("free").flag()),
        minimum=minimum,
        multiple=multiple,
        layers=tuple(layers),
        nodes=tuple(
            _read_node(index, item, named, {**cells, **models[_has_masks(item)]})
            for index, item in enumerate(root.of("nodes").items())
        ),
        order=tuple(item.integer() for item in root.of("order").items()),
        inputs=tuple(map(read_input, root.of("inputs").items())),
        outputs=tuple(map(read_output, root.of("outputs").items())),
        states=tuple(map(read_state, optional(root, "states"))),
    )


def _read_cells(root: Place) -> dict[str, Cell]:
    """The built-in cells, and those of a graph."""
    read = ((item.record({"cell": Cell}, CELL_RECORDS), item) for item in root.of("cells").items())
    return dict(built_in()) | {cell.name: _checked(cell, item) for cell, item in read}


def _bounds(lengths: Mapping[str, Place]) -> tuple[dict[str, int], dict[str, int]]:
    """The least number of steps of lengths, and what it is a multiple of; not every length has such bounds."""
    minimum: dict[str, int] = {}
    multiple: dict[str, int] = {}
    for name, item in lengths.items():
        for key, bounds in (("minimum", minimum), ("multiple", multiple)):
            if item.of(key).value is not None:
                bounds[name] = item.of(key).integer()
    return minimum, multiple


def _checked(cell: Cell, place: Place) -> Cell:
    """A cell whose equations make sense."""
    try:
        check_cell(cell)
    except CellError as error:
        raise IrJsonError(place.path, f"the equations make no sense: {error}") from None
    return cell


def _read_layer(place: Place, cells: Mapping[str, Cell], models: Mapping[str, Graph]) -> Layer:
    kind = kind_of(place.of("kind").text(), cells, models)
    kind_type = layer_type(kind, cells)
    if kind_type is None:
        raise IrJsonError(place.of("kind").path, f"unknown layer `{kind}`")
    # What is left out is not set, which a layer says by None.
    arguments: dict[str, object] = dict.fromkeys(kind_type.arguments)
    given = place.of("arguments")
    for name in given.names():
        argument = kind_type.of(name)
        if argument is None:
            raise IrJsonError(given.path, f"`{kind}` has no argument `{name}`")
        arguments[name] = given.of(name).setting(argument)
    for name in kind_type.required:
        if arguments.get(name) is None:
            raise IrJsonError(given.path, f"`{kind}` needs its {name}")
    sizes = place.of("width").size(), place.of("units").size()
    return Layer(place.of("name").name(), kind, *sizes, arguments)


def _has_masks(node: Place) -> bool:
    """Whether a node calls a model with a mask."""
    return bool(optional(node.of("operation"), "masks"))


def _read_node(
    index: int,
    place: Place,
    layers: Mapping[str, Layer],
    bodies: Mapping[str, Cell | Graph],
) -> Node:
    name, steps = place.of("layer"), place.of("steps")
    layer = None if name.value is None else layers.get(name.text())
    if name.value is not None and layer is None:
        raise IrJsonError(name.path, f"there is no layer `{name.value}`")
    masking, kind = place.of("masking"), place.of("kind").text()
    return Node(
        index=index,
        name=place.of("name").name(),
        layer=layer,
        # The kind of a layer that the graph brings knows what it is.
        kind=kind if layer is None or layer.kind != kind else layer.kind,
        steps=None if steps.value is None else steps.size(),
        features=place.of("features").size(),
        operation=place.of("operation").record(OPERATIONS, RECORDS, bodies),
        masking=Masking(
            tuple(item.record(RECORDS, RECORDS) for item in masking.of("masks").items()),
            masking.of("begins").flag(),
            masking.of("at_end").flag(),
        ),
        uses=frozenset(item.choice(Use) for item in place.of("uses").items()),
        given=place.of("given").name() if place.of("given").value != "" else "",
        grid=tuple(item.size() for item in optional(place, "grid")),
    )
