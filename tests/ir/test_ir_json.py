"""What is saved of a graph loads as the same graph, keeps to its schema, and nothing else is loaded."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest

from seqdsl.ir import parse
from seqdsl.ir.json import VERSION, from_json, to_json
from seqdsl.ir.json_place import IrJsonError
from seqdsl.ir.json_schema import schema
from seqdsl.ir.verifier import verify
from tests.ir.graphs import CHUNKS, ROOT, drawn, random_graphs
from tests.ir.test_ir_cells import MGU, PEEPHOLE
from tests.ir.test_ir_verifier import TEXT

SCHEMA = ROOT / "docs" / "ir.schema.json"
VALID = fastjsonschema.compile(json.loads(SCHEMA.read_text("utf-8")) if SCHEMA.exists() else {})


def test_the_schema(golden: Callable[[Path, str], None]) -> None:
    """What is published is what the classes say."""
    golden(SCHEMA, json.dumps(schema(), indent=1) + "\n")


def test_drawn_pictures() -> None:
    for graph in drawn():
        text = json.dumps(to_json(graph))
        VALID(json.loads(text))
        assert from_json(json.loads(text)) == graph


@pytest.mark.parametrize("chunk", range(2))
def test_random_pictures(chunk: int) -> None:
    for seed, graph in random_graphs(chunk, CHUNKS * 200, 0):
        value = to_json(graph)
        VALID(value)
        assert from_json(value) == graph, f"seed {seed}"


@pytest.mark.parametrize("cell", [MGU, PEEPHOLE])
def test_cells_of_others(cell: str) -> None:
    name = cell.partition("(")[0].strip().removeprefix("cell ")
    graph = parse(
        f"""model m {{ {cell}
        layer @h = {name}(units=4, bidirectional=false) : 5 -> 4
        %x = placeholder input() : float32[6, 5]
        %h = scan @h(%x) : float32[6, 4] }}"""
    )
    value = json.loads(json.dumps(to_json(graph)))
    VALID(value)
    assert from_json(value) == graph


def place(value: Any, *path: str | int) -> Any:
    for key in path:
        value = value[key]
    return value


@pytest.mark.parametrize(
    ("path", "new", "message"),
    [
        (("version",), VERSION + 1, f"version: {VERSION + 1} is not {VERSION}"),
        (("version",), True, "version: this is not a whole number"),
        (("name",), "a b", "name: `a b` is not the name of a model"),
        (("nodes",), {}, "nodes: this is not a list"),
        (("nodes",), "abc", "nodes: this is not a list"),
        (("nodes", 2, "name"), "class", "nodes/2/name: `class` has a meaning of its own"),
        (("nodes", 2, "layer"), "other", "nodes/2/layer: there is no layer `other`"),
        (("nodes", 2, "features"), "units ** 2", "nodes/2/features: 1:8: cannot read '*'"),
        (("nodes", 2, "features"), 2**70, "nodes/2/features: this is not a whole number"),
        (("nodes", 2, "uses"), ["none"], "nodes/2/uses/0: this is not one of sequence, final"),
        (("nodes", 2, "masking", "begins"), 1, "nodes/2/masking/begins: this is not true or false"),
        (("nodes", 2, "operation", "type"), "value", "nodes/2/operation/type: `value` cannot be used"),
        (("nodes", 2, "operation", "operand", "type"), "apply", "operand/type: `apply` cannot be used"),
        (("nodes", 2, "operation", "operand", "block"), "x", "operand/block: this is not int"),
        (("nodes", 3, "operation", "body"), "mine", "nodes/3/operation/body: there is no cell `mine`"),
        (("nodes", 3, "operation", "direction"), "up", "this is not one of forward, backward"),
        (("layers", 0, "kind"), "magic", "layers/0/kind: unknown layer `magic`"),
        (("layers", 0, "arguments"), {"units": 3}, "layers/0/arguments: `embedding` has no argument"),
        (("layers", 0, "arguments"), {"features": 3}, "`embedding` needs its vocabulary"),
        (("parameters", 0, "default"), "16", "parameters/0/default: this is not a number"),
        (("inputs", 0, "dtype"), "int64", "inputs/0/dtype: unknown type `int64`"),
        (("cells", 0, "equations"), [], "cells/0: the equations make no sense"),
        (("cells", 0, "equations", 0, "value", "count"), 3, "4 names take 3 parts"),
        (("cells", 0, "equations", 0, "value", "operand", "weights"), ["a"], "each value of a dense takes a matrix"),
        (("cells", 0, "equations", 0, "value", "operand", "weights"), ["a", "a", "b"], "two weights have one name"),
        (("cells", 0, "equations", 0, "value", "operand", "bias"), "units", "does not say whether"),
        (("cells", 0, "equations", 0, "value", "operand", "features"), "n", "`n` is not a size of the cell"),
        (("cells", 0, "equations", 0, "names"), ["x", "f", "g", "o"], "`x` cannot be assigned"),
        (("cells", 0, "equations", 2, "value", "left", "function"), "exp", "unknown function `exp`"),
        (("cells", 0, "parameters"), [], "the first parameter of a cell is its units"),
        (("cells", 0, "equations", 0, "value", "type"), "magic", "value/type: `magic` cannot be used"),
    ],
)  # fmt: skip
def test_errors(path: tuple[str | int, ...], new: object, message: str) -> None:
    value = json.loads(json.dumps(to_json(parse(TEXT))))
    place(value, *path[:-1])[path[-1]] = new
    with pytest.raises(IrJsonError) as error:
        from_json(value)
    assert message in str(error.value)


def test_what_is_missing() -> None:
    value = to_json(parse(TEXT))
    del value["nodes"][0]["operation"]
    with pytest.raises(IrJsonError, match="nodes/0: `operation` is missing"):
        from_json(value)
    with pytest.raises(fastjsonschema.JsonSchemaException):
        VALID(value)


def test_what_stands_too_deep() -> None:
    value = to_json(parse(TEXT))
    inner: Any = {"type": "value", "block": 0}
    for _ in range(5_000):
        inner = {"type": "flatten", "of": inner}
    value["nodes"][2]["operation"]["operand"] = inner
    with pytest.raises(IrJsonError, match="too deep"):
        from_json(value)


def test_any_value() -> None:
    """Whatever is put in whatever place, it is a graph or refused."""
    generator = random.Random(3)
    values = [
        None,
        True,
        -1,
        0,
        3,
        2.5,
        "",
        "x",
        "n - 1",
        [],
        [1],
        {},
        {"type": "value", "block": 0},
    ]
    text = json.dumps(to_json(parse(TEXT)))
    refused = 0
    for _ in range(1_500):
        value = json.loads(text)
        inner = value
        while True:
            keys = list(range(len(inner))) if isinstance(inner, list) else list(inner)
            key = generator.choice(keys)
            if isinstance(inner[key], dict | list) and inner[key] and generator.random() < 0.85:
                inner = inner[key]
            else:
                inner[key] = generator.choice(values)
                break
        try:
            verify(from_json(value))
        except IrJsonError:
            refused += 1
    assert refused > 700
