"""Pictures as short strings, and what was inferred of them as short strings."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import seqdsl
from seqdsl.api import Model, analyze
from seqdsl.ir.expressions import (
    ConcatFeatures,
    ConcatTime,
    Expression,
    FinalState,
    Flatten,
    Gather,
    Pad,
    Repeat,
    RepeatSteps,
    Slice,
    Step,
    Value,
    Zeros,
)


def compiled(picture: str, *definitions: str) -> Model:
    """The model of a picture; a definition is a line below it."""
    text = "\n".join([dedent(picture).strip("\n"), "", *definitions])
    return seqdsl.compile(text, "test.seq")


def codes(picture: str, *definitions: str) -> list[str]:
    """``code line:column`` of every finding."""
    text = "\n".join([dedent(picture).strip("\n"), "", *definitions])
    found = analyze(text, "test.seq").diagnostics
    return [f"{item.code} {item.span.line}:{item.span.column}" for item in found]


def shapes(model: Model) -> str:
    """The shapes of inputs and outputs: ``x(6, 8) -> y(3, units)``."""
    ends = [
        " ".join(f"{item.name}({', '.join(map(str, item.shape))})" for item in items)
        for items in (model.inputs, model.outputs)
    ]
    return " -> ".join(ends)


def seen(model: Model, letter: str) -> str:
    """What the first block of a letter sees, its operands separated by ``;``."""
    blocks = model.spec.blocks
    block = next(item for item in blocks if item.letter == letter)
    return "; ".join(_show(view, [item.letter for item in blocks]) for view in block.views)


def _show(view: Expression, letters: list[str]) -> str:
    def inner(part: Any) -> str:
        return _show(part, letters)

    match view:
        case Value(block):
            return letters[block]
        case FinalState(block):
            return f"final {letters[block]}"
        case Slice(of, start, count, stride, _):
            return f"{inner(of)}[{start}:+{count}{f':{stride}' if stride != 1 else ''}]"
        case Step(of, index, _):
            return f"{inner(of)}[{index}]"
        case Repeat():
            return f"{inner(view.of)}*{view.count}"
        case RepeatSteps(of, times):
            return f"{inner(of)}**{times}"
        case Pad(of, before, after):
            return f"pad({before}, {inner(of)}, {after})"
        case Zeros():
            return f"0*{view.count}"
        case ConcatTime(parts):
            return f"({' then '.join(map(inner, parts))})"
        case ConcatFeatures(parts):
            return f"({' beside '.join(map(inner, parts))})"
        case Flatten(of):
            return f"flat {inner(of)}"
        case Gather(of, indices):
            return f"{inner(of)}[{','.join(map(str, indices))}]"
    raise AssertionError(view)
