"""compiled model → explanation: everything that was inferred and why, in plain sentences."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from seqdsl.explain.idioms import idioms
from seqdsl.explain.loops import loop_sentences
from seqdsl.explain.reasons import reasons
from seqdsl.explain.rows import rows
from seqdsl.explain.table import table
from seqdsl.explain.words import label, length, shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.ir.graph import Output
    from seqdsl.model.spec import ModelSpec
    from seqdsl.targets.notes import Module

WIDTH = 100
_INDENT = "  "


def explain(spec: ModelSpec, modules: Mapping[str, Module], width: int = WIDTH) -> str:
    """Explain a model.

    Args:
        spec: what was inferred of it.
        modules: what was generated of it for each target.
        width: the columns that a sentence may take.
    """
    parts = [
        _head(spec),
        textwrap.indent(spec.picture, "  "),
        _section(
            "What is drawn",
            [
                *rows(spec),
                *loop_sentences(spec),
                *(_output(item, spec) for item in spec.outputs),
            ],
            width,
        ),
        _section(f"Why {spec.topology}", reasons(spec), width),
    ]
    code = idioms(spec, modules)
    if code:
        parts.append(_section("How the code implements it", code, width))
    parts.append(
        "\n".join(
            [
                "Shapes (without the batch) and parameters:",
                *_indented(table(spec, width - len(_INDENT))),
            ]
        )
    )
    return "\n\n".join(parts) + "\n"


def _head(spec: ModelSpec) -> str:
    n = ", ".join(str(length(spec, item.n)) for item in spec.outputs)
    return ", ".join([f"{spec.name}: {spec.topology}", f"N = {n}", *spec.qualifiers])


def _output(item: Output, spec: ModelSpec) -> str:
    return (
        f"Output `{item.name}` is {label(spec, spec.blocks[item.block])}, because nothing reads it: "
        f"shape {shape(spec, item.shape)}."
    )


def _section(title: str, sentences: list[str], width: int) -> str:
    lines = [f"{title}:"]
    for sentence in sentences:
        lines += textwrap.wrap(
            sentence,
            width,
            initial_indent="  - ",
            subsequent_indent="    ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    return "\n".join(lines)


def _indented(lines: list[str]) -> list[str]:
    return [f"{_INDENT}{line}" for line in lines]
