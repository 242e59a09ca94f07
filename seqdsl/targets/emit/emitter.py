"""nodes → statements: what a target's functions read and write in between, values, masks and names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from seqdsl.ir.expressions import Expression, blocks_of, places_of
from seqdsl.ir.operations import read_by
from seqdsl.lowering.naming import Names
from seqdsl.size import Size
from seqdsl.targets.code import Assign, Code, Comment, Run, Statement, Text, paths, roots
from seqdsl.targets.notes import Idiom, Note

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.ir.graph import Graph, Layer, Node
    from seqdsl.targets.notes import Subject


@dataclass(frozen=True, slots=True)
class Kept:
    """What grows with each piece of a free run.

    Attributes:
        name: the variable.
        empty: what is in it before the first piece.
        kind: its type, if it is more than one past.
    """

    name: Text
    empty: Code
    kind: str = ""


@dataclass(frozen=True, slots=True)
class BlockStep:
    """How a picture that is called goes on from piece to piece, in a method or function of its own.

    Attributes:
        name: what that is called.
        empty: what grows with each piece, before the first one; ``None``: nothing does.
        past: the type of that.
        state: the type of the state that passes from piece to piece, ``None`` at first; empty: there is none.
        parameters: the parameters of the picture that a function is given.
    """

    name: str
    empty: Code | None
    past: str
    state: str
    parameters: tuple[str, ...] = ()


@dataclass(slots=True)
class Emitter:
    """What the functions for operations and expressions read and write.

    Attributes:
        graph: the model.
        statements: what is written so far.
        values: what holds the value of each node.
        finals: what holds the final state of each recurrent node, as a value.
        states: what holds the state of each recurrent node that passes it on.
        given: what holds each state that the model gives to the next call, by node and part.
        masks: what tells the valid steps of each masked node, (batch, steps).
        mask_lengths: the argument with the lengths, (batch,), that a mask was made of.
        functions: the functions and classes that the module must have.
        expressions: the code of each expression that was written.
        orders: what holds the order of steps that `ValidFirst` takes, by mask.
        last_masks: which of the last valid steps a sample has.
        named_masks: the variable of each mask that is made of another.
        notes: what was written, for those who explain it.
        checked: the inputs whose padding is checked.
        apart: within a loop, the variable of all steps of a sequence, each by itself.
        step: what loops call their step; empty: there was none so far.
        keeps_past: the attentions of a free run that keep what they have read, step by step.
        projects_once: those that read a memory which is there from the beginning.
        pasts: what holds the steps so far, for each of the former: keys, values, and which of them are valid.
        projected: what holds the projected keys and values of the memory, for each of the latter.
        holds: the nodes whose padded steps, within a piece of a free run, give what was last valid.
        counts: the number of the first step of each constant that goes on from the piece before.
        call_steps: the calls of a free run that go on from piece to piece by themselves.
        names: the names that are free.
    """

    graph: Graph
    statements: list[Statement] = field(default_factory=list)
    values: dict[int, Code] = field(default_factory=dict)
    finals: dict[int, Code] = field(default_factory=dict)
    states: dict[int, Code] = field(default_factory=dict)
    given: dict[tuple[int, int], Code] = field(default_factory=dict)
    masks: dict[int, Code] = field(default_factory=dict)
    mask_lengths: dict[Code, Code] = field(default_factory=dict)
    functions: set[str] = field(default_factory=set)
    expressions: dict[Expression, Code] = field(default_factory=dict)
    orders: dict[Code, Code] = field(default_factory=dict)
    last_masks: dict[Expression, Code] = field(default_factory=dict)
    named_masks: dict[Code, Code] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    checked: set[int] = field(default_factory=set)
    apart: dict[Code, Code] = field(default_factory=dict)
    step: str = ""
    keeps_past: frozenset[int] = frozenset()
    projects_once: frozenset[int] = frozenset()
    pasts: dict[int, dict[str, Kept]] = field(default_factory=dict)
    projected: dict[int, tuple[Code, Code]] = field(default_factory=dict)
    holds: frozenset[int] = frozenset()
    counts: dict[int, Code] = field(default_factory=dict)
    call_steps: Mapping[int, BlockStep] = field(default_factory=dict)
    names: Names = field(init=False)
    _counts: Counter[str] = field(default_factory=Counter)
    _readers: dict[int, list[Node]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Take the names that are given: parameters, inputs and nodes."""
        parameters = [item.name for item in self.graph.parameters]
        states = [item.name for item in self.graph.states]
        states += [item.name for item in self.graph.lengths]
        states += [item.name for item in self.graph.masks]
        self.names = Names([*parameters, *(node.name for node in self.graph.nodes), *states])
        for item in self.graph.inputs:
            self.values[item.block] = Text(item.name)

    def assign(self, target: Code, value: Code) -> Code:
        """Write ``target = value``."""
        self.statements.append(Assign((target,), value))
        return target

    def unpack(self, targets: tuple[Code, ...], value: Code) -> None:
        """Write ``a, b = value``."""
        self.statements.append(Assign(targets, value))

    def name(self, wanted: str, value: Code) -> Code:
        """Write a value to a variable of its own, called as ``wanted`` if that is free."""
        return self.assign(Text(self.names.claim(wanted)), value)

    def run(self, value: Code) -> None:
        """Write an expression as a statement."""
        self.statements.append(Run(value))

    def comment(self, text: str) -> None:
        """Write a comment."""
        self.statements.append(Comment(text))

    def function(self, name: str) -> str:
        """The name of a function of the module, which from then on is in it."""
        self.functions.add(name)
        return name

    def note(self, idiom: Idiom, subject: Subject, word: str) -> None:
        """Say what the framework calls the construct that is written for ``subject``."""
        self.notes.append(Note(idiom, subject, word))

    def note_read(self, expression: Expression, word: str) -> None:
        """Say what the framework calls the way in which an expression is read."""
        self.note(Idiom.READ, expression, word)

    def forget(self, index: int) -> None:
        """Forget what was made of a node's value, which is another from now on."""
        # conv = _conv(x, w, "conv")    windows at all steps
        # conv = conv[:, ::2]           those that the picture keeps: of these `conv[:, ::2]` is something else
        for of in (self.expressions, self.last_masks):
            for stale in [item for item in of if index in blocks_of(item)]:
                del of[stale]
        # folded = conv.flatten(0, 1), by its code: `conv` is another variable from now on
        names = roots(paths([self.values[index]])) if index in self.values else frozenset()
        for cache in self.caches_of_code():
            for code in [item for item in cache if roots(paths([item])) & names]:
                del cache[code]

    def caches(self) -> tuple[dict[Any, Any], ...]:
        """What was written for what, which serves again: within a loop it holds for a step only."""
        return (self.expressions, self.last_masks, *self.caches_of_code())

    def caches_of_code(self) -> tuple[dict[Code, Code], ...]:
        """Those of them that say what was written for code, and not for an expression."""
        return (self.orders, self.named_masks)

    def places(self, expression: Expression) -> tuple[Size, ...]:
        """The grid that each step of an expression holds; empty: it holds features alone."""
        # Most graphs have none.
        return places_of(expression, self.graph.grids) if self.graph.grids else ()

    def layer(self, node: Node) -> Layer:
        """The layer of a node that has one."""
        assert node.layer is not None
        return node.layer

    def is_applied_once(self, layer: Layer) -> bool:
        """Whether a layer is applied in one place only."""
        if not self._counts:
            self._counts = Counter(node.layer.name for node in self.graph.nodes if node.layer)
        return self._counts[layer.name] == 1

    def readers(self, node: Node) -> list[Node]:
        """The nodes that read a node's value; those of all nodes are looked up at once."""
        # Asked of every node with a mask: to walk all nodes each time would take the square of their number.
        if not self._readers:
            for reader in self.graph.nodes:
                read = (*read_by(reader.operation), *reader.masks)
                for source in {source for view in read for source in blocks_of(view)}:
                    self._readers.setdefault(source, []).append(reader)
        return self._readers.get(node.index, [])


@dataclass(slots=True)
class ClassEmitter(Emitter):
    """The same where a model is a class, which keeps the parameters as attributes."""

    _given: dict[str, Size] = field(default_factory=dict)

    def parameter(self, name: str) -> str:
        """Where the class keeps a parameter."""
        return f"self.{name}"

    def size(self, size: Size) -> Size:
        """A size as the class's methods can reach it."""
        if not self.graph.parameters:
            return size
        # `units + 1` is an argument of the builder, and `self.units + 1` in `forward`.
        if not self._given:
            names = [item.name for item in self.graph.parameters]
            self._given |= {name: Size.of(self.parameter(name)) for name in names}
        return size.subs({name: self._given.get(name, Size.of(name)) for name in size.names})
