"""what a picture means, as data: the block graph's nodes and everything that was inferred of a model.

Lengths and widths are `Size` polynomials over the model's parameters and, where a length is free, over the
names in `ModelSpec.free`. Nothing here knows a framework.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from seqdsl.model.size import Size
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx

    from seqdsl.model.start import Start
    from seqdsl.model.views import View
    from seqdsl.source import Span

Shape = tuple["Size", ...]
"""Without the batch: ``(features,)`` for a vector, ``(steps, features)`` for a sequence."""

Argument = "Size | float | str | bool"


@record(frozen=True)
class Parameter:
    """A named number of the file: a keyword argument of the generated builder."""

    name: str
    default: int | float


@record(frozen=True)
class Input:
    """An argument of the generated model.

    Attributes:
        name: its name in the generated code.
        block: the block it feeds.
        shape: ``(features,)``, ``(steps, features)``; for token ids ``()`` or ``(steps,)``.
        dtype: ``"float32"`` or ``"int32"``.
        vocabulary: how many ids there are, for token ids.
    """

    name: str
    block: int
    shape: Shape
    dtype: Literal["float32", "int32"]
    vocabulary: Size | None = None


@record(frozen=True)
class Output:
    """A result of the generated model; ``n`` is its number of steps, 1 for a vector."""

    name: str
    block: int
    shape: Shape
    n: Size


@record(frozen=True)
class Layer:
    """One set of weights: a letter, or one anonymous block.

    Attributes:
        name: attribute and layer name in the generated code.
        kind: ``"lstm"``, ``"dense"``, ``"conv1d"``, ...: what the backends have a constructor for.
        width: features it sees.
        units: features it gives.
        arguments: the remaining arguments by name.
        counts: parameters for each target, as sizes.
    """

    name: str
    kind: str
    width: Size
    units: Size
    arguments: Mapping[str, object]
    counts: dict[str, Size]
    letter: str
    span: Span

    def size(self, name: str) -> Size:
        """A size among the arguments."""
        return _size(self.arguments[name])


@record(frozen=True)
class Block:
    """One application of a layer to what its nodes see.

    Attributes:
        index: its node in the block graph; blocks are numbered bottom row first, left to right.
        name: the variable that holds its value in the generated code.
        layer: the layer applied; ``None`` where nothing is computed (inputs and outputs).
        kind: the layer's kind, or ``"input"``, ``"tokens"``, ``"output"``.
        steps: its length; ``None`` for a vector.
        features: the width of its value.
        views: what it sees, one `View` for each operand of the layer.
        options: how the layer is applied here: its direction, a window's padding, ...
        start: the state from which a recurrent block begins; ``None``: from zero.
        masks: the masks whose common steps are this block's real steps (see `seqdsl.model.masks`).
        memory_masks: the same for what it attends to, or combines over time.
        uses: which of its values are read: ``"sequence"``, ``"last"``, ``"final"``, ``"state"``.
        given: the name that the picture gives it by ``name=``; empty if it has none.
    """

    index: int
    name: str
    layer: Layer | None
    kind: str
    letter: str
    steps: Size | None
    features: Size
    views: tuple[View, ...]
    span: Span
    options: dict[str, object] = field(default_factory=dict)
    start: Start | None = None
    masks: tuple[View, ...] = ()
    memory_masks: tuple[View, ...] = ()
    uses: frozenset[str] = frozenset()
    given: str = ""

    def size(self, name: str) -> Size:
        """A size among the options."""
        return _size(self.options[name])

    @property
    def shape(self) -> Shape:
        """The block's shape without the batch."""
        return (self.features,) if self.steps is None else (self.steps, self.features)


def _size(value: object) -> Size:
    assert isinstance(value, Size)
    return value


@record(frozen=True)
class Pair:
    """An input and an output that a path joins, and the topology between them."""

    input: str
    output: str
    topology: str


@record(frozen=True)
class ModelSpec:
    """Everything that was inferred of one picture.

    Attributes:
        name: the model's name.
        class_name: its name as a class.
        picture: its canonical text.
        parameters: the keyword arguments of the generated builder.
        free: the names of lengths that are known only at run time; unnamed ones begin with ``_``.
        minimum: the smallest value of each length's name.
        multiple: a length's values are its minimum plus multiples of this.
        layers: all sets of weights (and weightless layers), in the order of their first use.
        blocks: all blocks, by index.
        order: the blocks' indices, each after those that it reads.
        inputs: the model's arguments, in order.
        outputs: the model's results, in order.
        pairs: the topology of every input and output that a path joins.
        topology: the topology of the whole.
        qualifiers: what else there is to say.
        counts: the number of weights for each framework, at the parameters' defaults.
        graph: the block graph; its nodes carry their `Block`, its edges the links.
    """

    name: str
    class_name: str
    picture: str
    parameters: tuple[Parameter, ...]
    free: tuple[str, ...]
    minimum: dict[str, int]
    multiple: dict[str, int]
    layers: tuple[Layer, ...]
    blocks: tuple[Block, ...]
    order: tuple[int, ...]
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    pairs: tuple[Pair, ...]
    topology: str
    qualifiers: tuple[str, ...]
    counts: dict[str, int]
    graph: nx.DiGraph

    @cached_property
    def crowds(self) -> tuple[Counter[str], Counter[tuple[str, int]]]:
        """How many blocks each letter has, and how many in each line: what tells them apart for people."""
        letters = Counter(block.letter for block in self.blocks)
        return letters, Counter((block.letter, block.span.line) for block in self.blocks)

    @cached_property
    def defaults(self) -> dict[str, int]:
        """The parameters' default values by name."""
        return {item.name: int(item.default) for item in self.parameters}
