"""blocks, wires and layers → Markdown: the words of hovers and of completion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.editing.wires import Wires
from seqdsl.layers import Kind, find_layer
from seqdsl.targets import find

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.editing.drawn import Drawn
    from seqdsl.layers import Argument
    from seqdsl.model.spec import Block, ModelSpec

NAME_WORDS = "its name in the generated code, in place of one that follows from its letter or layer"


def rows_text(drawn: Drawn, number: int) -> str:
    """What a block is: its sentence, its shape and its parameters."""
    block = drawn.blocks[number]
    if block.letter.islower():
        of = block.letter.upper()
        return f"`{block.letter}` is a delayed node: it gives what `{of}` gave one step earlier."
    if drawn.model is None:
        call = next(
            (item.call for item in drawn.picture.definitions if item.letter == block.letter), None
        )
        call = call or next(
            (row.call for row in drawn.picture.rows if row.line == block.span.line), None
        )
        layer = f": `{call}`" if call is not None else ""
        return f"`{block.letter}`{layer}, {block.count} {'node' if block.count == 1 else 'nodes'}"
    spec = drawn.model.spec
    return "\n\n".join(_compiled(spec.blocks[number], spec))


def _compiled(block: Block, spec: ModelSpec) -> list[str]:
    from seqdsl.explain.rows import input_sentence, row_sentence
    from seqdsl.explain.words import shape

    # An input has a sentence of its own; of several outputs of one row, all are named.
    inputs = [item for item in spec.inputs if item.block == block.index]
    sentences = [input_sentence(item, spec) for item in inputs] or [row_sentence(block, spec)]
    outputs = [item.name for item in spec.outputs if item.block == block.index]
    if outputs:
        sentences.append(f"Output {', '.join(f'`{name}`' for name in outputs)} of the model.")
    facts = [f"Shape {shape(spec, block.shape)}, without the batch", _counted(block, spec)]
    return [*sentences, "  \n".join(filter(None, facts))]


def _counted(block: Block, spec: ModelSpec) -> str:
    """How many parameters a row has; empty if it has none."""
    from seqdsl.analysis.parameter_counts import numbers
    from seqdsl.ir.called import within

    counts: dict[str, int] = {}
    for layer in () if block.layer is None else within(spec, block.layer):
        for target, count in numbers(layer, spec.defaults).items():
            counts[target] = counts.get(target, 0) + count
    if not any(counts.values()):
        return ""
    # A dense layer is counted alike everywhere; PyTorch's recurrent ones have a second bias.
    if len(set(counts.values())) == 1:
        return f"{next(iter(counts.values())):,} parameters"
    shown = ", ".join(f"{find(key).title} {count:,}" for key, count in counts.items())
    return f"Parameters: {shown}"


def wire_text(drawn: Drawn, row: int, column: int, *, is_state: bool) -> str:
    """What a wire carries, from which nodes to which."""
    sources, targets = Wires(drawn.grid).ends(row, column)
    what = "State" if is_state else "A wire"
    if not sources or not targets:
        return f"{what}: one end is not connected."
    return f"{what} from {_nodes(drawn, sources)} to {_nodes(drawn, targets)}."


def _nodes(drawn: Drawn, cells: Sequence[tuple[int, int]]) -> str:
    """Nodes by their blocks: ``node 2 of `H` in line 3``, ``nodes 1, 2 and 3 of `X` in line 5``."""
    by_block: dict[int, list[int]] = {}
    others = []
    for row, column in cells:
        mark = drawn.grid[row].columns.index(column)
        number = drawn.block_at(row, mark)
        if number is None:
            others.append(f"`{drawn.grid[row].marks[mark]}` in line {drawn.grid[row].line}")
            continue
        marks = drawn.grid[row].marks
        first = drawn.blocks[number].marks[0]
        # The second `X` of `X ... X` is node 2, however many steps are between them.
        place = sum(char == marks[mark] for char in marks[first : mark + 1])
        by_block.setdefault(number, []).append(place)
    from seqdsl.explain.words import listed

    parts = []
    for number, places in by_block.items():
        block = drawn.blocks[number]
        one = f"`{block.letter}` in line {drawn.grid[block.row].line}"
        if block.count > 1:
            noun = "node" if len(places) == 1 else "nodes"
            one = f"{noun} {listed([str(item) for item in places])} of {one}"
        parts.append(one)
    return listed([*parts, *others])


def layer_text(name: str) -> str:
    """What a layer does and takes; empty if there is no such layer."""
    layer = find_layer(name)
    if layer is None or layer.variant_of:
        return ""
    lines = [
        f"- `{shown(item)}`: {argument_words(name, item.name)}"
        for item in layer.signature.arguments
    ]
    lines.append(f"- `name=`: {NAME_WORDS}")
    example = layer.signature.example or name
    return "\n\n".join([f"**`{example}`**", _sentence(layer.words.summary), "\n".join(lines)])


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def argument_words(layer: str, argument: str) -> str:
    """What an argument of a layer sets; empty if nothing is known of it."""
    found = find_layer(layer)
    return "" if found is None else found.words.arguments.get(argument, "")


def argument_text(layer: str, name: str) -> str:
    """What an argument sets, what it takes, and what is meant without it."""
    if name == "name":
        return f"**`name=`** {NAME_WORDS}"
    # `name=` is taken by all layers, and is in no signature.
    found = find_layer(layer)
    argument = None if found is None else found.signature.find(name)
    if argument is None:
        return ""
    values = values_of(argument.kind)
    takes = f"\n\nOne of {', '.join(f'`{item}`' for item in values)}" if values else ""
    default = f"\n\nDefault: `{written(argument.default)}`" if argument.default is not None else ""
    return f"**`{name}`** {argument_words(layer, name)}{takes}{default}"


def shown(argument: Argument) -> str:
    """An argument as a signature has it: ``units``, ``activation=tanh``."""
    default = argument.default
    return argument.name if default is None else f"{argument.name}={written(default)}"


def written(value: object) -> str:
    """A value as a picture has it: ``true``, ``0.5``, ``tanh``."""
    # To Python, True is a number as well.
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def values_of(kind: Kind) -> tuple[str, ...]:
    """The words that an argument of a kind takes; none if it takes numbers or letters."""
    from seqdsl.lowering.call_values import WORDS

    return tuple(WORDS.get(kind, ()))


def all_values() -> frozenset[str]:
    """All words that arguments take as values."""
    return frozenset(word for kind in Kind for word in values_of(kind))
