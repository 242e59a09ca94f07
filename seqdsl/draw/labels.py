"""model → words: what is written beside a drawing, and its description for those who cannot see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.lowering.compiled import CompiledModel
    from seqdsl.model.spec import Block

_MOST_LETTERS = 44
_MOST_FOLDS = 3
_MOST_ROWS = 24


def call_text(model: CompiledModel, index: int) -> str:
    """A block's letter and layer: ``E: lstm(256)``."""
    block = model.spec.blocks[index]
    settings = model.drawing.settings[index]
    letter = "" if block.letter == "O" else f"{block.letter}: "
    if settings.call is not None:
        # Its name is written below.
        given = [str(item) for item in settings.call.arguments if item.keyword != "name"]
        # `sample(normal)` is a layer of its own, which no picture calls otherwise: the word is none of its arguments.
        given[:0] = (settings.definition.variant_of or ())[1:]
        return letter + settings.call.layer + (f"({', '.join(given)})" if given else "")
    # A letter without a definition is written with the layer that was inferred for it: `H: lstm(units)`.
    size = settings.arguments.get("units", settings.arguments.get("features"))
    return f"{letter}{settings.kind}" + (f"({size})" if size is not None else "")


def name_text(model: CompiledModel, index: int) -> str:
    """What a block is called in the generated code: its layer, and the input or output that it is."""
    names = [item.name for item in model.inputs_by_block.get(index, ())]
    block = model.spec.blocks[index]
    if block.layer is not None:
        names.append(block.layer.name)
    for output in model.outputs_by_block.get(index, ()):
        # `dense_y → y`: the layer, and the output that it gives; an output with the layer's name is written once.
        if output.name not in names:
            names.append(output.name)
    return " → ".join(names)


def block_shape(model: CompiledModel, index: int) -> str:
    """The shape of a block's value."""
    inputs = model.inputs_by_block.get(index)
    block: Block = model.spec.blocks[index]
    return model.shape_text(inputs[0].shape if inputs else block.shape)


def facts_text(model: CompiledModel, index: int) -> str:
    """Name and shape of a block's value."""
    return f"{name_text(model, index)} {block_shape(model, index)}".strip()


def shortened(text: str, most: int = _MOST_LETTERS) -> str:
    """A text of at most so many letters."""
    return text if len(text) <= most else text[: most - 1] + "…"


def wrapped(parts: Sequence[str], joint: str, most: int) -> list[str]:
    """Parts on lines of at most ``most`` letters, if each is no longer; joints stand within lines only."""
    lines = [parts[0]]
    for part in parts[1:]:
        if len(lines[-1]) + len(joint) + len(part) <= most:
            lines[-1] += joint + part
        else:
            lines.append(part)
    return lines


def folded(call: str, most: int = _MOST_LETTERS) -> list[str]:
    """A layer's call on as many lines as it takes, broken between its arguments; a fourth line is left out."""
    if len(call) <= most:
        return [call]
    parts = call.split(", ")
    lines = wrapped([f"{part}," for part in parts[:-1]] + parts[-1:], " ", most)
    if len(lines) > _MOST_FOLDS:
        lines[_MOST_FOLDS - 1 :] = [f"{lines[_MOST_FOLDS - 1]} …"]
    return [shortened(line, 2 * _MOST_LETTERS) for line in lines]


def headline(model: CompiledModel) -> str:
    """Topology, N and qualifiers on one line."""
    n = ", ".join("any" if item is None else str(item) for item in model.n)
    return " · ".join([model.topology, f"N = {n}", *model.qualifiers])


def description(model: CompiledModel) -> str:
    """The drawing in words."""
    return " ".join(_sentences(model))


def _sentences(model: CompiledModel) -> Iterator[str]:
    yield f"{headline(model).replace(' · ', ', ')}."
    inputs = (f"{item.name} {model.shape_text(item.shape)}" for item in model.inputs)
    lengths = (f"{item.name}, valid steps" for item in model.lengths)
    yield f"Inputs: {', '.join([*inputs, *lengths])}."
    calls = [f"{call_text(model, i)} {block_shape(model, i)}" for i in model.spec.order]
    rest = len(calls) - _MOST_ROWS
    omitted = [f"and {rest} more"] if rest > 0 else []
    yield f"Layers from the bottom up: {'; '.join(calls[:_MOST_ROWS] + omitted)}."
    outputs = ", ".join(f"{item.name} {model.shape_text(item.shape)}" for item in model.outputs)
    yield f"Outputs: {outputs}."
