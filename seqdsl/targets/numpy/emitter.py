"""what is known while the statements of a model are written: its values so far, names, masks, functions it needs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import blocks_of
from seqdsl.lowering.naming import Names
from seqdsl.size import Size
from seqdsl.targets.code import Assign, Code, Return, Run, Statement, Text, code, flat
from seqdsl.targets.numpy.functions import FUNCTIONS

if TYPE_CHECKING:
    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.graph import Graph, Layer, Node


IMPORTED = ("self", "np", "json", "erf", "Array", "load", "load_weights")
"""What is called so in a module."""


def attribute(parameter: str) -> str:
    """Where the class keeps a parameter; no parameter begins with ``_``, and ``predict`` is a method."""
    return "self._predict" if parameter == "predict" else f"self.{parameter}"


@dataclass(slots=True)
class Emitter:
    """Writes the statements of ``predict``.

    Attributes:
        graph: the model.
        statements: what is written so far.
        values: what holds the value of each node.
        finals: what holds the final state of each recurrent node, as a value.
        states: what holds its whole final state.
        masks: what tells the valid steps of each masked node, (batch, steps).
        functions: the functions that the module must have.
        used: the layers with weights, by name, in the order of their first use.
        uses: what its recurrences have beside their weights, such as ``mask``.
        names: the names that are free.
        held: the variable that holds the weights.
        aliases: what ``predict`` calls each function of the module.
    """

    graph: Graph
    statements: list[Statement] = field(default_factory=list)
    values: dict[int, Code] = field(default_factory=dict)
    finals: dict[int, Code] = field(default_factory=dict)
    states: dict[int, Code] = field(default_factory=dict)
    masks: dict[int, Code] = field(default_factory=dict)
    functions: set[str] = field(default_factory=set)
    used: dict[str, Node] = field(default_factory=dict)
    uses: set[str] = field(default_factory=set)
    names: Names = field(init=False)
    aliases: dict[str, str] = field(default_factory=dict)
    held: str = ""
    _variables: dict[int, str] = field(default_factory=dict)
    _made: dict[str, Code] = field(default_factory=dict)
    _expressions: dict[Expression, Code] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Take the names that cannot be others: arguments, parameters and what the module imports.

        A function of the module that is called like an argument gets an alias, as ``predict`` would not see it.
        """
        graph = self.graph
        arguments = [item.name for item in graph.inputs]
        parameters = [item.name for item in graph.parameters]
        taken = {*arguments, *parameters}
        self.aliases = {name: f"{name}_function" if name in taken else name for name in FUNCTIONS}
        self.names = Names([*taken, *self.aliases.values(), *IMPORTED])
        self.held = self.names.claim("w")
        for item in graph.inputs:
            self.values[item.block] = Text(item.name)
            self._variables[item.block] = item.name

    def variable(self, node: Node) -> str:
        """The variable of a node's value."""
        if node.index not in self._variables:
            self._variables[node.index] = self.names.claim(node.name)
        return self._variables[node.index]

    def assign(self, target: str, value: object) -> Text:
        """Write ``target = value``."""
        # What was made of the value that the variable had is another now.
        for text in [text for text in self._made if re.search(rf"\b{target}\b", text)]:
            del self._made[text]
        self.statements.append(Assign((Text(target),), code(value)))
        return Text(target)

    def name(self, wanted: str, value: object) -> Code:
        """Write a value to a variable of its own; what is in one already, the same for the same code."""
        found = code(value)
        key = flat(found)
        if key.isidentifier():
            return found
        if key not in self._made:
            self._made[key] = self.assign(self.names.claim(wanted), found)
        return self._made[key]

    def run(self, value: Code) -> None:
        """Write an expression as a statement."""
        self.statements.append(Run(value))

    def finish(self) -> None:
        """Write what the model returns."""
        self.statements.append(
            Return(tuple(self.values[item.block] for item in self.graph.outputs))
        )

    def function(self, name: str) -> str:
        """The name of a function of the module, which from then on is in it."""
        self.functions.add(name)
        if name not in self.aliases:
            # A layer's own function is named when it is first called.
            self.aliases[name] = self.names.claim(name)
        return self.aliases[name]

    def weights(self, node: Node) -> tuple[Text, Text]:
        """The arguments that tell a function where the weights of a node's layer are."""
        layer = self.layer(node)
        self.used.setdefault(layer.name, node)
        return Text(self.held), Text(f'"{layer.name}"')

    def layer(self, node: Node) -> Layer:
        """The layer of a node that has one."""
        assert node.layer is not None
        return node.layer

    def local(self, size: Size) -> Size:
        """A size as ``predict`` can reach it: parameters are attributes there."""
        names = {item.name for item in self.graph.parameters}
        return size.subs({name: Size.of(attribute(name)) for name in size.names & names})

    def size(self, size: Size) -> str:
        """The same as text."""
        return str(self.local(size))

    def forget(self, index: int) -> None:
        """Forget what was made of a node's value, which is another from now on."""
        for known in [item for item in self._expressions if index in blocks_of(item)]:
            del self._expressions[known]
