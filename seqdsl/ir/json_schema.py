"""classes → JSON schema: what `to_json` gives and `from_json` takes, for programs that are not ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.cells.cell import Cell
from seqdsl.ir.body import Body
from seqdsl.ir.ends import Holds
from seqdsl.ir.fields import CELL_RECORDS, OPERATIONS, RECORDS, fields_of, is_enum, is_record, word
from seqdsl.ir.json import VERSION
from seqdsl.ir.operations import Use
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.ir.fields import FieldType

    Schema = dict[str, Any]

_TEXT = {"type": "string"}
_FLAG = {"type": "boolean"}
_INTEGER = {"type": "integer"}
_SIZE = {"$ref": "#/$defs/size"}
_NODE = {"type": "integer", "minimum": 0}
_PLAIN: dict[type, Schema] = {
    bool: _FLAG,
    int: _INTEGER,
    float: {"type": "number"},
    str: _TEXT,
    Size: _SIZE,
    Cell: _TEXT,
    Body: _TEXT,
}


def schema() -> Schema:
    """The schema of a graph, as ``docs/ir.schema.json`` has it."""
    graph = _object(
        {
            "version": {"const": VERSION},
            "name": _TEXT,
            "parameters": _list(_object({"name": _TEXT, "default": {"type": "number"}})),
            "lengths": _list(
                _object({"name": _TEXT, "free": _FLAG, **_bounds("minimum", "multiple")})
            ),
            "models": _list({"$ref": "#"}),
            "cells": _list(_reference("cell")),
            "layers": _list(_layer()),
            "inputs": _list(_input()),
            "nodes": _list(_node()),
            "order": _list(_NODE),
            "outputs": _list(_object({**_end(), "n": _SIZE})),
            "states": _list(_state()),
        }
    )
    # Graphs that were saved before one could call another have no such key.
    graph["required"].remove("models")
    # One definition for each class; `type` is which one a value is.
    records = {**RECORDS, **CELL_RECORDS}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A graph of seqdsl",
        **graph,
        "$defs": {
            "size": {"type": ["integer", "string"]},
            "operation": {"anyOf": [_reference(name) for name in OPERATIONS]},
            **{name: _record(name, records[name]) for name in sorted(records)},
        },
    }


def _record(name: str, cls: type) -> Schema:
    known = _object({"type": {"const": name}, **{f.name: _field(f) for f in fields_of(cls)}})
    later = [f.name for f in fields_of(cls) if f.is_later]
    return {**known, "required": [key for key in known["required"] if key not in later]}


def _field(field: FieldType) -> Schema:
    schema = _one(field)
    if field.is_many:
        schema = _list(schema)
    return _or_null(schema) if field.is_optional else schema


def _one(field: FieldType) -> Schema:
    types = field.types
    if field.is_node:
        return _NODE
    if is_enum(types):
        return {"enum": [item.value for item in types[0]]}  # type: ignore[attr-defined]
    schemas = [
        _reference(word(cls)) if is_record(cls) and cls is not Cell else _PLAIN[cls]
        for cls in types
    ]  # fmt: skip
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _layer() -> Schema:
    value = {"type": ["integer", "number", "boolean", "string"]}
    arguments = {"type": "object", "additionalProperties": value}
    sizes = {"width": _SIZE, "units": _SIZE}
    return _object({"name": _TEXT, "kind": _TEXT, **sizes, "arguments": arguments})


def _node() -> Schema:
    expressions = [name for name, cls in RECORDS.items() if _is_expression(cls)]
    masks = _list({"anyOf": [_reference(name) for name in expressions]})
    node = _object(
        {
            "name": _TEXT,
            "kind": _TEXT,
            "layer": _or_null(_TEXT),
            "steps": _or_null(_SIZE),
            "features": _SIZE,
            "operation": {"$ref": "#/$defs/operation"},
            "masking": _object({"masks": masks, "begins": _FLAG, "at_end": _FLAG}),
            "uses": _list({"enum": [use.value for use in Use]}),
            "given": _TEXT,
        }
    )
    # Where each step holds features alone there is no such key.
    return {**node, "properties": {**node["properties"], "grid": _list(_SIZE)}}


def _is_expression(cls: type) -> bool:
    from typing import get_args

    from seqdsl.ir.expressions import Expression

    return cls in get_args(Expression)


def _input() -> Schema:
    feedback = _object({"node": _NODE, "choose": _FLAG})
    types = {"dtype": {"enum": ["float32", "int32"]}, "vocabulary": _or_null(_SIZE)}
    required = _object({**_end(), **types})
    # Graphs that were saved before there was feedback have no such key.
    return {**required, "properties": {**required["properties"], "feedback": _or_null(feedback)}}


def _end() -> Schema:
    return {"name": _TEXT, "node": _NODE, "shape": _list(_SIZE)}


def _bounds(*names: str) -> Schema:
    return dict.fromkeys(names, _or_null(_INTEGER))


def _object(properties: Mapping[str, Schema]) -> Schema:
    # What is added later is no reason to refuse: keys are never removed.
    return {"type": "object", "required": list(properties), "properties": dict(properties)}


def _state() -> Schema:
    state = _object({**_end(), "part": _INTEGER, "input": _FLAG, "output": _FLAG})
    # Most states are those of layers; that goes without saying.
    state["properties"]["holds"] = {"enum": [item.value for item in Holds]}
    return state


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _reference(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _or_null(value: Schema) -> Schema:
    return {"anyOf": [value, {"type": "null"}]}
