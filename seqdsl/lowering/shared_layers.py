"""blocks and their applications → layers: blocks of one letter have one set of weights, if it fits them all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.analysis.parameter_counts import holds_weights
from seqdsl.ir.expressions import blocks_of
from seqdsl.ir.graph import Layer
from seqdsl.ir.operations import Scan, operands
from seqdsl.layers import Family, Kind, family_of, layer_def
from seqdsl.lowering.naming import Names, layer_names
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.lowering.application import Application
    from seqdsl.lowering.calls import Settings
    from seqdsl.lowering.drawing import Drawing


def share_layers(
    drawing: Drawing,
    applications: Mapping[int, Application],
    names: Names,
    parameters: Sequence[str],
) -> tuple[dict[int, Layer], dict[int, str], list[Diagnostic]]:
    """The layer of every block that computes, and the variable of every block.

    ::

        D D   E E       one layer, `dense_d`, in two blocks: `dense_d_1` and `dense_d_2`
        | |   | |
        D D   F F

    Args:
        drawing: what was read of the picture.
        applications: what each block does; those of one key share a layer.
        names: the names that are taken; the new ones are added.
        parameters: the names of the builder's parameters.
    """
    groups: dict[str | int, list[int]] = {}
    for index in drawing.order:
        groups.setdefault(applications[index].key, []).append(index)
    keys = [
        (
            drawing.blocks[members[0]].letter,
            _named_kind(applications[members[0]], drawing.settings[members[0]]),
            drawing.settings[members[0]],
            drawing.blocks[members[0]],
        )
        for members in groups.values()
    ]
    given, diagnostics = layer_names(keys, names, parameters)
    layers: dict[int, Layer] = {}
    variables: dict[int, str] = {}
    by_letter = {key[0]: name for key, name in zip(keys, given, strict=True)}
    for name, members in zip(given, groups.values(), strict=True):
        diagnostics += _agree(members, drawing, applications)
        first = applications[members[0]]
        if family_of(first.kind) not in (Family.SOURCE, Family.OUTPUT):
            layer = _layer(name, first, drawing, members[0])
            layer = replace(layer, arguments=_named(layer, by_letter))
            layers |= dict.fromkeys(members, layer)
        for number, index in enumerate(members, start=1):
            variables[index] = name if len(members) == 1 else names.claim(f"{name}_{number}")
            if index in layers and applications[index].kind != first.kind:
                # `min` over nodes with different numbers of wires is put together of parts: another layer.
                layers[index] = _layer(variables[index], applications[index], drawing, index)
    return layers, variables, diagnostics


def _named_kind(application: Application, settings: Settings) -> str:
    """The kind that a layer is named after: `conv_f` for a `dense` that is drawn over windows, as it is one."""
    is_window = family_of(application.kind) is Family.WINDOW
    return application.kind if is_window else settings.kind


def _layer(name: str, application: Application, drawing: Drawing, index: int) -> Layer:
    kind, arguments = application.kind, application.arguments
    cell = application.units
    if isinstance(application.operation, Scan):
        cell = drawing.settings[index].state_widths()[0]
    # Which rows are read by their letters, the operations say.
    known = layer_def(kind).signature.arguments
    unset = dict.fromkeys(item.name for item in known if item.kind is not Kind.LETTER)
    return Layer(name, kind, application.width, cell, {**unset, **arguments})


def _named(layer: Layer, by_letter: Mapping[str, str]) -> dict[str, object]:
    """The arguments of a layer, with the names of layers where a picture has letters: ``tied=embedding_m``."""
    ties = {
        item.name
        for item in layer_def(layer.kind).signature.arguments
        if item.kind is Kind.TIED and layer.arguments.get(item.name)
    }
    return {
        name: by_letter[str(value)] if name in ties else value
        for name, value in layer.arguments.items()
    }


def _agree(
    members: Sequence[int], drawing: Drawing, applications: Mapping[int, Application]
) -> list[Diagnostic]:
    """Whether all blocks of one letter can share one set of weights."""
    first, resolved = applications[members[0]], drawing.resolved
    if len(members) == 1 or not holds_weights(first.kind, first.arguments):
        return []
    diagnostics = []
    for index in members[1:]:
        # L-L over A of 8 features and over B of 6: kernels of (8, 4 * units) and (6, 4 * units). L-L and L=L: the
        # weights of one direction, and of two, as `bidirectional` is among the arguments.
        other = applications[index]
        letter, span = drawing.blocks[index].letter, drawing.blocks[index].span
        place = (drawing.blocks[members[0]].span, f"it reads {resolved(first.width)} features here")
        if (rows := layer_def(first.kind).rows) and other.width != first.width:
            counts = resolved(other.width), resolved(first.width)
            message = f"`{letter}` has vectors for {counts[0]} steps here, {counts[1]} elsewhere"
            is_set = layer_def(first.kind).signature.find(rows) is not None
            more = f"set `{rows}=`, or " if is_set else ""
            hint = f"a letter is one set of weights: {more}use another letter"
            diagnostics.append(
                Diagnostic("SEQ308", message, span, hint, ((place[0], "the others"),))
            )
        elif resolved(other.width) != resolved(first.width):
            message = f"`{letter}` reads {resolved(other.width)} features here and {resolved(first.width)} elsewhere"
            hint = (
                "a letter is one set of weights: "
                "give it the same input width everywhere, or use another letter"
            )
            from seqdsl.lowering.width_provenance import width_origins

            read = (*operands(first.operation), *operands(other.operation))
            below = {block for view in read for block in blocks_of(view)}
            places = (place, *width_origins(drawing, sorted(below)))
            diagnostics.append(Diagnostic("SEQ308", message, span, hint, places))
        elif other.arguments != first.arguments:
            message = f"`{letter}` cannot share its weights: it is drawn in two different ways"
            hint = "draw it with the same state wires and the same window everywhere, or use another letter"
            diagnostics.append(Diagnostic("SEQ308", message, span, hint, (place,)))
    return diagnostics
