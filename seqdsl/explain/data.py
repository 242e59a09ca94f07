"""a model and shapes of real data → findings: whether the data fits the picture, and what to draw instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.explain.arrays import Array, assign
from seqdsl.explain.grids import layout_note
from seqdsl.explain.inputs import input_findings
from seqdsl.explain.shifted import shift_notes
from seqdsl.explain.targets import class_ids, output_findings
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.ends import Lengths
    from seqdsl.ir.graph import Input, Output
    from seqdsl.model.spec import ModelSpec


def data_findings(
    spec: ModelSpec, data: Sequence[Array], targets: Sequence[Array]
) -> list[Diagnostic]:
    """Check the shapes of data against a model.

    Args:
        spec: the model.
        data: the shapes of its inputs, in order or by name: of all of them, or none.
        targets: the same for its outputs.
    """
    span = spec.blocks[0].span
    findings: list[Diagnostic] = []
    data, counted = _apart(data, spec)
    inputs, outputs = assign(data, spec.inputs), assign(targets, spec.outputs)
    for fault, option, what in ((inputs, "--data", "input"), (outputs, "--target", "output")):
        if isinstance(fault, str):
            hint = f"give `{option}` once for each {what}, in this order or by name"
            findings.append(Diagnostic("SEQ501", f"{option}: {fault}", span, hint))
    # Which array is for what is not clear: nothing else can be compared.
    if isinstance(inputs, str) or isinstance(outputs, str):
        return findings
    told, problems = _told(counted, spec)
    findings += problems
    named = [(item.name, array) for array, item in inputs] + told
    findings += _batches(named + [(item.name, array) for array, item in outputs], spec)
    for array, given in inputs:
        findings += input_findings(array, given, spec)
    by_input = {given.name: array for array, given in inputs}
    for array, result in outputs:
        findings += output_findings(array, result, spec, by_input)
    return findings


def _apart(data: Sequence[Array], spec: ModelSpec) -> tuple[list[Array], list[Array]]:
    """The arrays of the inputs, and those that say how many steps of them are valid: by name, or behind all others."""
    names = {item.name for item in spec.lengths}
    rest = [array for array in data if array.name not in names]
    named = [array for array in data if array.name in names]
    # Without `lengths=true` one array too many is just that.
    count = len(spec.inputs) if names else len(rest)
    return rest[:count], rest[count:] + named


def _told(
    arrays: Sequence[Array], spec: ModelSpec
) -> tuple[list[tuple[str, Array]], list[Diagnostic]]:
    """The arrays of lengths by the names of these, and what is wrong with them; they may be left out."""
    told = assign(arrays, spec.lengths) if arrays else []
    if isinstance(told, str):
        hint = "give the lengths of each input that has `lengths=true`, or of none"
        return [], [Diagnostic("SEQ501", f"--data: {told}", spec.blocks[0].span, hint)]
    problems = [_of_lengths(array, item, spec) for array, item in told if len(array.axes) != 1]
    return [(item.name, array) for array, item in told], problems


def _of_lengths(array: Array, item: Lengths, spec: ModelSpec) -> Diagnostic:
    message = (
        f"the data of `{item.name}` has {len(array.axes)} axes, {array}; the picture takes (samples,): the number of "
        "valid steps of each sample"
    )
    hint = "give one whole number for each sample"
    return Diagnostic("SEQ503", message, spec.blocks[item.block].span, hint)


def data_notes(spec: ModelSpec, data: Sequence[Array], targets: Sequence[Array]) -> list[str]:
    """How arrays that fit are read where that is not plain from their shapes: a sentence for each."""
    inputs, outputs = assign(_apart(data, spec)[0], spec.inputs), assign(targets, spec.outputs)
    if isinstance(inputs, str) or isinstance(outputs, str) or data_findings(spec, data, targets):
        return []
    notes = [note for array, item in outputs if (note := class_ids(array, item, spec))]
    ends: list[tuple[Array, Input | Output]] = [*inputs, *outputs]
    notes += [note for array, item in ends for note in layout_note(array, item, spec)]
    given = {item.name for _, item in inputs} | {item.name for _, item in outputs}
    return [*notes, *shift_notes(spec, given)]


def _batches(named: Sequence[tuple[str, Array]], spec: ModelSpec) -> list[Diagnostic]:
    sizes = {name: array.axes[0] for name, array in named if array.axes[0] is not None}
    if len(set(sizes.values())) < 2:
        return []
    listed = ", ".join(f"`{name}` has {size}" for name, size in sizes.items())
    hint = "the first axis is the samples: all arrays must have the same number; it is not drawn"
    return [
        Diagnostic("SEQ502", f"different numbers of samples: {listed}", spec.blocks[0].span, hint)
    ]
