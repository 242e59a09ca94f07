"""what the layer of a loop is made of → the text of its class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seqdsl.layers import layer_def
from seqdsl.targets.code import (
    Assign,
    Attribute,
    Code,
    Define,
    For,
    Prefix,
    Return,
    Run,
    Text,
    call,
    code,
    lines,
    listing,
    tuple_of,
)
from seqdsl.targets.emit.render import macros
from seqdsl.targets.keras.facts import model_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from seqdsl.ir.graph import Node
    from seqdsl.passes.loop_body import History
    from seqdsl.size import Size
    from seqdsl.targets.code import Statement
    from seqdsl.targets.keras.loop_layer import LoopLayer


@dataclass(frozen=True, slots=True)
class LoopClass:
    """The class of a loop's layer.

    Attributes:
        name: its name.
        layer: what it is made of.
        ends: the nodes of the body whose final states it gives.
        windows: what it gives of windows, for the next call.
    """

    name: str
    layer: LoopLayer
    ends: Sequence[int]
    windows: Sequence[History] = ()

    def text(
        self,
        before: Sequence[Statement],
        step: Sequence[Statement],
        after: Sequence[Statement],
        specs: Sequence[Statement],
    ) -> str:
        """The text of the class, given the statements before the loop, in it, after it, and of what it gives."""
        layer = self.layer
        return str(
            macros("keras", "loops").loop(
                name=self.name,
                package=model_name(layer.to.graph),
                text=f"A loop: each step of {self._members()} reads what steps before it gave.",
                layers=[f"{item}: layers.Layer" for item in layer.layers],
                is_shared=layer.is_shared,
                numbers=[f"{item}: int" for item in layer.numbers],
                kept=_lines([_kept(item) for item in (*layer.layers, *layer.numbers)], 8),
                shapes=[(item, _build(item, each)) for item, each in layer.shapes.items()],
                takes=self._heads(),
                before=_lines(before, 8),
                step=_lines(step, 12),
                after=_lines(after, 8),
                specs=_lines(specs, 8),
            )
        ).strip()

    def _members(self) -> str:
        body, inner = self.layer.body, self.layer.to.inner
        # Of what is called the last node has the name of the call.
        members = [node for node in body.nodes if node.index in body.members]
        return _listed([node.name for node in members if body.member(node.index) not in inner])

    def _ended(self) -> list[Node]:
        """The members whose final states it gives."""
        return [self.layer.to.graph.nodes[self.layer.body.members[number]] for number in self.ends]

    def _given(self) -> str:
        """What its call takes: one input, or a list of them."""
        inputs = self.layer.inputs
        return next(iter(inputs.values())).text if len(inputs) == 1 else "inputs"

    def _heads(self) -> dict[str, str]:
        """The heads of its functions and loops, which may be spread over lines."""
        tensor, several = "keras.KerasTensor", "list[keras.KerasTensor]"
        takes = f"{self._given()}: {tensor if len(self.layer.inputs) == 1 else several}"
        count = sum(len(layer_def(node.kind).states) for node in self._ended())
        count += len(self.layer.body.collected) + len(self.windows)
        gives = tensor if count == 1 else several
        training = ["training: bool = False"] if self.layer.draws else []
        now = "now: tuple" if self.layer.scanned else "_: None"
        return {
            "call": _define("call", ["self", takes, *training], gives, 4),
            "step": _define("step", ["carry: tuple", now], "tuple[tuple, tuple]", 8),
            "each": "\n".join(lines(For("name", _quoted(self.layer.layers)), 8)),
            "spec": _define("compute_output_spec", ["self", takes, *training], gives, 4),
        }

    def specs(self) -> list[Statement]:
        """The statement that says the shapes of what it gives, before it computes anything."""
        layer, nodes = self.layer, self.layer.to.graph.nodes
        batch = f"{self._input(0)}.shape[0]"
        names = [item.text for item in layer.inputs.values()]
        scanned = [names.index(item) for item in layer.scanned if item in names]
        # As many steps as what is read step by step has, which may come with the data.
        steps: object = layer.size(layer.body.count)
        steps = f"{self._input(scanned[0])}.shape[1]" if scanned else steps
        number = "self.compute_dtype"
        gives = [
            (tuple_of(batch, steps, *self._held(nodes[member])), '"int32"')
            if layer_def(nodes[member].kind).gives_ids
            else (
                tuple_of(batch, steps, *self._held(nodes[member], nodes[member].features)),
                number,
            )
            for member in layer.body.collected
        ]
        for node in self._ended():
            state = tuple_of(batch, *self._held(node, node.features))
            gives += [(state, number)] * len(layer_def(node.kind).states)
        gives += [(tuple_of(batch, *self._window(item)), number) for item in self.windows]
        made = [call("keras.KerasTensor", shape, dtype=dtype) for shape, dtype in gives]
        return [Return((one_or_list(made),))]

    def _held(self, node: Node, *features: Size) -> Iterator[Size]:
        """The sizes of what each step of a member holds."""
        return map(self.layer.size, (*node.grid, *features))

    def _window(self, item: History) -> tuple[Size, Size]:
        """Steps and features of what it gives of a window: all but the oldest step."""
        assert item.window is not None
        node = self.layer.to.graph.nodes[item.node]
        return self.layer.size(item.window - 1), self.layer.size(node.features)

    def _input(self, place: int) -> str:
        given = self._given()
        return given if len(self.layer.inputs) == 1 else f"{given}[{place}]"


def _quoted(names: Iterable[str]) -> Code:
    return tuple_of(*(f'"{name}"' for name in names))


def _kept(name: str) -> Statement:
    return Assign((Attribute(Text("self"), name),), Text(name))


def _build(name: str, shapes: Sequence[Code]) -> str:
    """The call that makes a layer's weights."""
    # A layer that is loaded, or applied before the loop as well, is built already.
    layer = Attribute(Text("self"), name)
    return "\n".join(lines(Run(call(Attribute(layer, "build"), *shapes)), 12))


def unpacked(names: tuple[Code, ...], value: str) -> Statement:
    """``a, b = value``, or ``(a,) = value``."""
    return Assign(names if len(names) > 1 else (tuple_of(*names),), Text(value))


def one_or_list(items: Sequence[Code]) -> Code:
    """A value by itself, several in a list."""
    is_one = len(items) == 1 and not isinstance(items[0], Prefix)
    return items[0] if is_one else listing(*items)


def _define(name: str, parameters: Sequence[str], result: str, indent: int) -> str:
    head = Define(name, tuple(map(code, parameters)), code(result))
    return "\n".join(lines(head, indent))


def _lines(statements: Sequence[Statement], indent: int) -> list[str]:
    return [line for item in statements for line in lines(item, indent)]


def _listed(names: Sequence[str]) -> str:
    quoted = [f"``{name}``" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
