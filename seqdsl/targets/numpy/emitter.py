"""nodes → the statements of ``predict``: what the functions that write them read and write in between."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seqdsl.ir.called import PATH, body_of, held_layers
from seqdsl.layers import layer_def
from seqdsl.lowering.naming import Names
from seqdsl.targets.code import Attribute, Code, Text
from seqdsl.targets.emit.emitter import ClassEmitter
from seqdsl.targets.torch.state_dict import METHODS
from seqdsl.targets.torch.state_dict import attribute_name as module_name

if TYPE_CHECKING:
    from collections.abc import Hashable

    from seqdsl.ir.graph import Graph, Layer, Node
    from seqdsl.ir.nodes import GraphData
    from seqdsl.size import Size
    from seqdsl.targets.emit.called import CalledClasses

# `random` is what draws.
_METHODS = METHODS | {"predict", "random"}


def free_name(wanted: str, graph: GraphData) -> str:
    """``wanted``, or with a number behind it where parameters of the picture have that name."""
    return Names(item.name for item in graph.parameters).claim(wanted)


def attribute_name(parameter: str) -> str:
    """What the class calls a parameter; none begins with ``_``, as it does here where a method has its name."""
    return f"_{parameter}" if parameter in _METHODS else parameter


def part_of(path: str) -> Code:
    """What is called, by the names of the layers that lead to it: ``self.block_r``, ``self.block_r.word``."""
    holder: Code = Text("self")
    for name in path.split(PATH):
        part = module_name(name)
        # Nothing is called as what a class has besides.
        holder = Attribute(holder, f"{part}_" if part in _OWN else attribute_name(part))
    return holder


_OWN = ("weights", "dtype")


_SHARED = ("functions", "options", "cells", "classes", "needed")
"""What all classes of a module share."""


@dataclass(slots=True)
class NumpyEmitter(ClassEmitter):
    """What the functions for operations and expressions read and write.

    Attributes:
        used: the layers with weights, by their names in PyTorch, each with a node of it, in the order of their first
            use.
        options: what the module's functions for recurrences and attention have to take, such as ``mask``.
        weights_name: the variable that holds the weights.
        has_weights: whether any layer of the graph has weights.
        dtype: what all numbers are made of.
        lengths: where the number of steps that a free length's name stands for can be read.
        padded: the variable of each sequence that is padded for convolutions.
        cells: the function of each cell of the file: its name, and a layer that it runs, by what layers of one share.
        classes: the classes of the pictures that the module calls.
        parts: the pictures that are called, each with a node and its class, by their names in PyTorch.
        needed: what the module has beside its functions.
    """

    used: dict[str, Node] = field(default_factory=dict)
    options: set[str] = field(default_factory=set)
    weights_name: str = ""
    has_weights: bool = field(default=True, init=False)
    dtype: str = "self.dtype"
    lengths: dict[str, Size] = field(default_factory=dict)
    padded: dict[Code, Code] = field(default_factory=dict)
    cells: dict[Hashable, tuple[str, Layer]] = field(default_factory=dict)
    classes: CalledClasses = field(kw_only=True)
    parts: dict[str, tuple[Node, str]] = field(default_factory=dict)
    needed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Take the names that are given, and one for the weights."""
        # Not by `super()`, which a class with slots has lost.
        ClassEmitter.__post_init__(self)
        self.weights_name = self.names.claim("w")
        held = held_layers(self.graph)
        self.has_weights = any(layer_def(item.kind).held(item.arguments) for item in held)
        if not self.has_weights:
            # Without weights the inputs tell how precise the numbers are.
            self.dtype = self.names.claim("precision")

    def within(self, graph: Graph) -> NumpyEmitter:
        """An emitter for a graph that this one calls: what the module has serves both."""
        shared = {name: getattr(self, name) for name in _SHARED}
        return NumpyEmitter(graph, **shared)

    def caches_of_code(self) -> tuple[dict[Code, Code], ...]:
        """What was written for what, with what is padded."""
        return (*ClassEmitter.caches_of_code(self), self.padded)

    def parameter(self, name: str) -> str:
        """Where the class keeps a parameter."""
        return f"self.{attribute_name(name)}"

    def function(self, name: str) -> str:
        """The name of a function of the module, which from then on is in it.

        It begins with ``_``, as no name of a picture does: ``relu = _relu(x)``.
        """
        self.functions.add(name)
        return f"_{name}"

    def module(self, node: Node) -> str:
        """What the names of the weights of a node's layer begin with, which are PyTorch's."""
        # self.block_r.weights, "dense_h": what is called has the weights of its layers itself.
        return module_name(self.layer(node).name.rpartition(PATH)[2])

    def weights(self, node: Node) -> tuple[Code, Text]:
        """The arguments that tell a function where the weights of a node's layer are."""
        module, (path, _, _) = self.module(node), self.layer(node).name.rpartition(PATH)
        if path:
            held = free_name("weights", self._called(path))
            return Attribute(part_of(path), held), Text(f'"{module}"')
        self.used.setdefault(module, node)
        # The cell h = x + h is told where its weights are, as any other, and reads none.
        weights = self.weights_name if self.has_weights else "{}"
        return Text(weights), Text(f'"{module}"')

    def _called(self, path: str) -> GraphData:
        """The graph that is called by the layers of a path, one within the other."""
        first, *within = path.split(PATH)
        graph = body_of(self.parts[module_name(first)][0])
        for name in within:
            assert graph is not None
            graph = next(
                body_of(node) for node in graph.nodes if node.layer and node.layer.name == name
            )
        assert graph is not None
        return graph
