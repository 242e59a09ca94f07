"""what is known while the statements of ``forward`` are written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, get_args

from seqdsl.ir.called import PATH
from seqdsl.ir.changes import map_sizes
from seqdsl.ir.expressions import Expression
from seqdsl.ir.operations import Scan, Use
from seqdsl.passes.stacked_rnn import rows_of
from seqdsl.size import Size
from seqdsl.targets.code import Attribute, Code, Text
from seqdsl.targets.emit.carried import looks_up_sines
from seqdsl.targets.emit.emitter import ClassEmitter
from seqdsl.targets.notes import Idiom
from seqdsl.targets.torch.state_dict import attribute_name

if TYPE_CHECKING:
    from collections.abc import Hashable

    from seqdsl.ir.graph import Layer
    from seqdsl.model.spec import Block, ModelSpec
    from seqdsl.targets.code import Call
    from seqdsl.targets.emit.called import CalledClasses
    from seqdsl.targets.notes import Note
    from seqdsl.targets.torch.declared import CellClass


_LAYERS = {
    "dense": (Idiom.STEPWISE, "`nn.Linear`"),
    "conv": (Idiom.WINDOWS, "`nn.Conv1d`"),
    "attention": (Idiom.ATTENTION, "`nn.MultiheadAttention`"),
}
"""What PyTorch calls the layers that are spoken of."""


_SHARED = (
    "functions",
    "packed",
    "stepwise",
    "classes",
    "called",
    "texts",
    "roots",
    "flags",
    "applied",
    "looped",
)
"""What all classes of a module share."""


@dataclass(slots=True)
class TorchEmitter(ClassEmitter):
    """What the functions for operations and expressions read and write.

    Attributes:
        graph: the model.
        rows: the node in which each layer is drawn, for those that are no more once rows are stacked.
        used: the layers that are attributes of the module, by name, in the order of their first use.
        stacks: the rows of the picture that a layer is, by its name.
        packed: the kinds of layers that run over packed sequences by a function of the module.
        paddings: what a convolution pads by itself, by its layer's name.
        padded: the variable of each sequence that is padded for convolutions, or turned for several of them.
        channels_first: the nodes whose variables are (batch, features, steps); ``None``: nobody asked so far.
        kept: what is kept of what the cell of each node in a loop reads, where it drops some.
        stepped: the recurrent nodes in loops, which are called for single steps with the state of the step before.
        drawn: the masks that the class of each node in a loop draws before it, where it drops parts of its state.
        ways: how convolutions and normalizations read each operand.
        classes: the classes of the cells of the file, by what layers of one class have in common.
        numbered: whether sines are computed of numbers, and not of how many steps there are; of a free run its
            model's word counts.
        images: whether a normalization that is applied to images is applied to nothing else, by its layer's name.
        folded: the nodes whose variables have batch and steps as one axis; ``None``: nobody asked so far.
        leading: the batch and the steps of such a variable.
        called: the classes of the pictures that the module calls.
        parts: the pictures that this one calls: how each is made, by its layer's name.
        texts: the classes of cells that the module has.
        roots: the names that the module's classes read.
        flags: what else is true of some class of the module.
        applied: the nodes of all that the module computes beside the graph, for what its classes have in common.
        looped: the recurrent layers that any loop of a module with several classes applies.
        stepwise: the classes that are called step by step, with what was made ready before.
    """

    graph: ModelSpec
    rows: dict[str, int] = field(default_factory=dict)
    used: dict[str, Layer] = field(default_factory=dict)
    stacks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    packed: set[str] = field(default_factory=set)
    paddings: dict[str, str] = field(default_factory=dict)
    padded: dict[Code, Code] = field(default_factory=dict)
    channels_first: frozenset[int] | None = None
    kept: dict[int, Code] = field(default_factory=dict)
    stepped: set[int] = field(default_factory=set)
    drawn: dict[int, Code] = field(default_factory=dict)
    ways: dict[Expression, set[tuple[object, ...]]] = field(default_factory=dict)
    classes: dict[Hashable, CellClass] = field(default_factory=dict)
    numbered: bool = False
    images: dict[str, bool] = field(default_factory=dict)
    folded: frozenset[int] | None = None
    leading: dict[int, Code] = field(default_factory=dict)
    stepwise: set[str] = field(default_factory=set)
    called: CalledClasses = field(kw_only=True)
    parts: dict[str, Call] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    roots: set[str] = field(default_factory=set)
    flags: set[str] = field(default_factory=set)
    applied: tuple[Block, ...] = ()
    looped: tuple[Layer, ...] = ()
    _hidden: list[int] | None = None

    def __post_init__(self) -> None:
        """Take the names that are given, and look whether codes of steps go on from call to call."""
        ClassEmitter.__post_init__(self)
        self.numbered = self.numbered or looks_up_sines(self.graph)

    def within(self, graph: ModelSpec, **more: Any) -> TorchEmitter:
        """An emitter for a graph that this one calls: what the module has serves both."""
        return TorchEmitter(graph, **{name: getattr(self, name) for name in _SHARED}, **more)

    def caches_of_code(self) -> tuple[dict[Code, Code], ...]:
        """What was written for what, with what is padded."""
        return (*ClassEmitter.caches_of_code(self), self.padded)

    def local(self, expression: Expression) -> Expression:
        """An expression with sizes as ``forward`` can reach them."""
        return map_sizes(expression, self.size) if self.graph.parameters else expression

    def noted(self) -> list[Note]:
        """The notes, about the expressions as the graph has them."""
        if not self.graph.parameters:
            return self.notes
        names = {self.parameter(item.name): Size.of(item.name) for item in self.graph.parameters}
        return [
            replace(item, subject=map_sizes(item.subject, lambda size: size.subs(names)))
            if isinstance(item.subject, get_args(Expression))
            else item
            for item in self.notes
        ]

    def parameter(self, name: str) -> str:
        """Where the class keeps a parameter."""
        return f"self.{attribute_name(name)}"

    def receives_hidden(self, node: Block) -> bool:
        """Whether the hidden part of a recurrent node's state is read, and is all that is read of it."""
        is_final = Use.FINAL in node.uses or node.steps is None
        return isinstance(node.operation, Scan) and Use.STATE not in node.uses and is_final

    def hidden_only(self) -> list[int]:
        """The nodes of which only the hidden part of the state is read; all nodes are looked up at once."""
        if self._hidden is None:
            # Not all nodes: those that run within another one, as a row of a stack, receive nothing.
            nodes = (self.graph.blocks[index] for index in self.graph.order)
            self._hidden = [node.index for node in nodes if self.receives_hidden(node)]
        return self._hidden

    def attribute(self, node: Block, word: str = "") -> Attribute:
        """The attribute that holds a node's layer.

        Args:
            node: the node.
            word: what its layer is called, where that is not what PyTorch calls the kind.
        """
        layer = self.layer(node)
        if node.kind in _LAYERS:
            idiom, usual = _LAYERS[node.kind]
            self.note(idiom, node.index, word or usual)
        # self.block_r.dense_h: what a picture has that is called is made in its class.
        if PATH not in layer.name:
            self.used[layer.name] = layer
            self.stacks[layer.name] = rows_of(node)
        return attribute_of(layer.name)


def attribute_of(name: str) -> Attribute:
    """Where a layer is: ``self.gru_h``, or by its path within what is called, ``self.block_r.gru_h``."""
    holder: Code = Text("self")
    for part in name.split(PATH):
        holder = Attribute(holder, attribute_name(part))
    assert isinstance(holder, Attribute)
    return holder
