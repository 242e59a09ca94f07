"""called graphs → classes of the module: each picture is written once, readable on its own, made where it is called.

What the classes of one module share (its functions, its cells) they write into the same sets: `shared`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from seqdsl.ir.called import body_in, entry, holds_layers, models_of
from seqdsl.layers import layer_def
from seqdsl.lowering.naming import Names
from seqdsl.records import record
from seqdsl.size import Size
from seqdsl.targets.code import Index, Text, call
from seqdsl.targets.emit.padding import axes_of, common_mask

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from seqdsl.ir.graph import Graph, Layer, Node
    from seqdsl.ir.nodes import GraphData
    from seqdsl.ir.operations import Call
    from seqdsl.passes.free_run import Phases
    from seqdsl.targets.code import Attribute, Code
    from seqdsl.targets.code import Call as CallCode
    from seqdsl.targets.emit.emitter import BlockStep, Emitter
    from seqdsl.targets.emit.padding import Spelling
    from seqdsl.targets.notes import Module


@record(frozen=True)
class CalledClass:
    """A picture that is called, as it is in the module.

    Attributes:
        name: its class, or the function that builds it.
        module: what was written: its text, and the parameters that it takes.
    """

    name: str
    module: Module


@record(frozen=True)
class HeldLayer:
    """A layer that a loop applies, which is none of the model's own.

    Attributes:
        place: where it is: an attribute of the loop's own layer.
        takes_steps: whether it was made for steps, as it is applied outside of the loop, too.
    """

    place: Attribute
    takes_steps: bool


class CalledClasses:
    """The classes of the pictures that a module calls, in the order in which they have to be defined.

    Attributes:
        classes: they, by the names of the pictures.
        runs_free: whether the module lets its model run free, which applies their layers step by step.
        held: the layers of each that its loops apply, by the name of the class.
        phases: the phases of those that go on from piece to piece by themselves, by their names.
        steps: how each of these does.
        functions: the functions that do that, where they are none of a class.
    """

    def __init__(
        self,
        write: Callable[[Graph, str, Any], Module],
        taken: Collection[str],
        graph: GraphData,
        *,
        runs_free: bool = False,
    ) -> None:
        """None so far.

        Args:
            write: writes a graph as a class of a name, for an emitter whose module it is in.
            taken: the names that classes cannot have.
            graph: the graph of the module.
            runs_free: whether the module lets its model run free.
        """
        self.classes: dict[str, CalledClass] = {}
        self.runs_free = runs_free
        self.held: dict[str, Mapping[str, HeldLayer]] = {}
        self.phases: dict[str, Phases] = {}
        self.steps: dict[str, BlockStep] = {}
        self.functions: list[str] = []
        self._masked = dict(_called_with_masks(graph))
        self._write = write
        self._names = Names(taken)

    def reserve(self, name: str) -> None:
        """Leave a name to another class of the module."""
        self._names.claim(name)

    def of(self, node: Node, wanted: str, to: Any) -> CalledClass:
        """The class of the picture that a node calls.

        Args:
            node: the node.
            wanted: what the class is to be called.
            to: the emitter of what calls it.
        """
        name = str(node.kind)
        if name not in self.classes:
            free = self._names.claim(wanted)
            # A class that takes a mask serves calls without one, too.
            body = self._masked.get(name) or body_in(cast("Call", node.operation))
            # What it calls itself is written first, and stands before it.
            module = self._write(cast("Graph", body), free, to)
            self.classes[name] = CalledClass(free, module)
        return self.classes[name]

    def takes_mask(self, node: Node) -> bool:
        """Whether the class of the picture that a node calls takes a mask beside a sequence."""
        return str(node.kind) in self._masked

    @property
    def texts(self) -> list[str]:
        """The text of each, those first that others call."""
        return [item.module.source.strip("\n") for item in self.classes.values()]


def draws_within(call: Call) -> bool:
    """Whether what is called draws numbers."""
    return holds_layers(call, lambda layer: layer_def(layer.kind).draws)


def _called_with_masks(graph: GraphData) -> Iterator[tuple[str, GraphData]]:
    """The graphs that are called with masks anywhere in a module, by the kinds of their layers."""
    for body in models_of(graph):
        if body.masks:
            yield body.name, body
        yield from _called_with_masks(body)


def arguments(
    node: Node, value: Code, classes: CalledClasses, to: Emitter, spelling: Spelling
) -> list[Code]:
    """What a called picture is applied to: a value and, where its class takes one, the mask of what it reads.

    Args:
        node: the node that calls it.
        value: all that it reads, or the steps of all samples as one batch.
        classes: the classes of the module.
        to: what was written.
        spelling: how the target writes masks.
    """
    if not classes.takes_mask(node):
        return [value]
    operation = cast("Call", node.operation)
    mask = common_mask(operation.masks, to, spelling)
    if mask is None:
        # The same class is called with a mask elsewhere: here all steps are valid.
        value = value if isinstance(value, Text) else to.name("steps", value)
        axes = axes_of(entry(body_in(operation))[1])
        # (batch, steps) of the first feature of each step: `x[..., 0]`, of images `x[..., 0, 0, 0]`
        first = Index(value, ", ".join(["...", *["0"] * axes])) if axes else value
        mask = spelling.all_valid(first)
    return [value, mask]


def made(called: CalledClass, layer: Layer, *arguments: object, **more: object) -> CallCode:
    """How a called picture is made: ``Sentence(units=32)``; parameters that the call does not give have defaults."""
    takes = {item.name for item in called.module.parameters}
    given = {
        name: Size.of(value) if isinstance(value, str) else value
        for name, value in layer.arguments.items()
        if name in takes and value is not None
    }
    return call(called.name, *arguments, **given, **more)
