"""loops → Keras: the call of the layer that computes one, and that layer's class."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seqdsl.ir.layers import state_widths
from seqdsl.ir.operations import PassedState, Scan, Use
from seqdsl.layers import layer_def
from seqdsl.passes.uneven_loop import UnevenLoop
from seqdsl.size import Size
from seqdsl.syntax.names import class_name
from seqdsl.targets.code import (
    Assign,
    Code,
    Index,
    Prefix,
    Return,
    Run,
    Text,
    call,
    listing,
    tuple_of,
)
from seqdsl.targets.emit.carried import taken
from seqdsl.targets.emit.padding import name_mask
from seqdsl.targets.keras.expressions import emit
from seqdsl.targets.keras.facts import is_free
from seqdsl.targets.keras.loop_call import write_call
from seqdsl.targets.keras.loop_class import LoopClass, one_or_list, unpacked
from seqdsl.targets.keras.loop_layer import LoopLayer
from seqdsl.targets.keras.masks import SPELLING
from seqdsl.targets.keras.scan import passed_parts, split_features

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seqdsl.ir.graph import Node
    from seqdsl.model.spec import Block
    from seqdsl.passes.loop_body import Body, Delay, History
    from seqdsl.targets.code import Statement
    from seqdsl.targets.keras.emitter import KerasEmitter


def loop_writer(
    bodies: Mapping[int, Body], classes: list[str]
) -> Callable[[int, KerasEmitter], bool]:
    """What writes the loop that a node stands for, its class to ``classes``, and says whether there is one."""
    counts = Counter(name for body in bodies.values() for name in body.layers)

    def write(index: int, to: KerasEmitter) -> bool:
        if index in bodies:
            others = _outside(bodies, to)
            shared = any(counts[name] > 1 or name in others for name in bodies[index].layers)
            text = write_loop(bodies[index], to, is_shared=shared)
            classes.extend([text] if text else [])
        return index in bodies

    return write


def _outside(bodies: Mapping[int, Body], to: KerasEmitter) -> set[str]:
    """The names of the layers that are applied outside of loops."""
    inside = {node.index for body in bodies.values() for node in body.nodes}
    nodes = (node for node in to.graph.nodes if node.index not in inside)
    return {node.layer.name for node in nodes if node.layer is not None}


def write_loop(body: Body, to: KerasEmitter, *, is_shared: bool = False) -> str:
    """Write the call of a loop's layer; gives the text of its class, empty if nobody reads what it gives."""
    return _Writing(body, to, LoopLayer(body, to, is_shared)).write()


@dataclass(slots=True)
class _Writing:
    """Writes one loop.

    Attributes:
        body: the loop.
        to: what the functional model is written to.
        layer: what its layer is made of.
        carry: the variables that are carried on, each with what it begins with.
    """

    body: Body
    to: KerasEmitter
    layer: LoopLayer
    carry: list[tuple[Text, Code]] = field(default_factory=list)
    states: dict[int, Text] = field(default_factory=dict)
    chains: list[tuple[list[Text], Delay]] = field(default_factory=list)

    def write(self) -> str:
        layer, to = self.layer, self.to
        members = [to.graph.blocks[index] for index in self.body.members.values()]
        masks = self._masks()
        self._begin()
        layer.valid |= {number: layer.scan(mask, "valid") for number, mask in masks.items()}
        for node in self.body.nodes:
            layer.node(node, self.states)
        for chain, delay in self.chains:
            values = [*chain[1:], layer.kept(delay, chain[-1])]
            for variable, value in zip(chain, values, strict=True):
                if variable != value:
                    layer.assign(variable, value)
        collected = [self._carried(index) for index in self.body.collected]
        name = class_name(f"{self._called(members)}-loop")
        return self._class(name, collected)

    def _masks(self) -> dict[int, Code]:
        """The masks of the members that have one, by their nodes."""
        named = {
            number: name_mask(self.to.graph.nodes[index], self.to, SPELLING)
            for number, index in self.body.members.items()
        }
        return {number: mask for number, mask in named.items() if mask is not None}

    def _called(self, members: Sequence[Block]) -> str:
        return members[0].name.replace("_", "-")

    def _begin(self) -> None:
        """Name what is carried on: earlier values, sequences, states."""
        layer, to = self.layer, self.to
        for delay in self.body.delays:
            self._begin_delay(delay)
        for history in self.body.histories:
            stand = to.graph.nodes[history.node]
            name = Text(layer.names.claim("past" if history.window is None else "window"))
            begun = self._history(history.window, history.before, stand)
            if history.before is not None:
                layer.before.append(Assign((name,), begun))
                begun = name
            self.carry.append((name, begun))
            layer.values[history.node] = name
        for node in self.body.nodes:
            if isinstance(node.operation, Scan):
                self.states[node.index] = Text(layer.names.claim(f"{node.name}_state"))
                self.carry.append((self.states[node.index], self._state(node, node.operation)))

    def _begin_delay(self, delay: Delay) -> None:
        layer = self.layer
        chain = layer.delay_names(delay)
        member = self.to.graph.nodes[self.body.members[delay.of]]
        for name, start in zip(chain, delay.start, strict=True):
            self.carry.append((name, layer.begun(member, start)))
        layer.values[delay.node] = chain[0]
        self.chains.append((chain, delay))

    def _history(self, window: Size | None, before: object, stand: Node) -> Code:
        layer = self.layer
        if window is None:
            assert stand.steps is not None
            return layer.zeros(stand.features, layer.steps_of(stand))
        if before is None:
            return layer.zeros(stand.features, window)
        one = layer.zeros(stand.features, Size.of(1))
        known = layer.given(emit(before, self.to), "known")  # type: ignore[arg-type]
        return call("ops.concatenate", listing(one, known), axis=1)

    def _state(self, node: Block, scan: Scan) -> Code:
        """What a cell begins with: a list of its parts."""
        count = len(layer_def(node.kind).states)
        if given := taken(self.to.graph.nodes[self.body.member(node.index)], self.to):
            return listing(*map(self.layer.given, given))
        if scan.initial is None:
            widths = state_widths(self.to.layer(node))
            return listing(*(self.layer.zeros(width, *node.grid) for width in widths))
        if isinstance(scan.initial, PassedState):
            parts = passed_parts(scan.initial, count, self.to)
            words = layer_def(node.kind).states
            named = zip(parts, words, strict=True)
            return listing(*(self.layer.given(part, f"{node.name}_{word}") for part, word in named))
        value = self.layer.given(emit(scan.initial.value, self.to), f"{node.name}_start")
        if scan.initial.is_apart:
            widths = state_widths(self.to.layer(node))
            return split_features(value, list(map(self.layer.size, widths)))
        return listing(*[value] * count)

    def _carried(self, member: int) -> Text:
        """The variable of a member's values among those that are carried on."""
        number = self._number(member)
        for chain, delay in self.chains:
            # What stays in a padded step is not what the member gives there.
            if delay.of == number and not delay.is_held:
                return chain[-1]
        node = next(node for node in self.body.nodes if node.index == number)
        name = Text(node.name)
        if self.layer.values[number] != name:
            self.layer.assign(name, self.layer.values[number])
        # What is collected but not read again begins as zeros, which nobody sees.
        self.carry.append((name, self.layer.begun(node, None)))
        return name

    def _class(self, name: str, collected: list[Text]) -> str:
        layer = self.layer
        ends = [number for number, index in self.body.members.items() if self._is_ended(index)]
        names = tuple(item for item, _ in self.carry)
        carried = tuple_of(*names)
        finals = [self.states[number] for number in ends]
        begin = tuple_of(*(value for _, value in self.carry))
        scan, length = self._scanned()
        step: list[Statement] = [unpacked(names, "carry")]
        now = tuple(layer.scanned.values())
        if now:
            step.append(unpacked(now, "now"))
        step += [*layer.step, Assign((Text("carry"),), carried)]
        windows = [layer.values[item.node] for item in self._kept()]
        results = (self._read((*finals, *windows)), self._read(collected))
        before = [*self._unpacked(), *layer.before]
        after: list[Statement] = [
            Assign(results, call("ops.scan", "step", begin, *scan, **length)),
            *(Run(call(item)) for item in layer.resets),
            Return((one_or_list([*self._results(collected, finals), *map(_later, windows)]),)),
        ]
        if not collected and not ends and not windows:
            # Nobody reads the loop: a functional model does not keep what no output depends on.
            return ""
        made = LoopClass(name, layer, ends, self._kept())
        # Before the call: they may need parameters that the call has to give.
        specs = made.specs()
        write_call(made, self.to)
        return made.text(before, step, after, specs)

    def _kept(self) -> list[History]:
        """The windows whose later steps are state for the next call."""
        return [item for item in self.body.histories if item.state_of is not None]

    def _is_ended(self, member: int) -> bool:
        """Whether the final state of a member is read."""
        node = self.to.graph.nodes[member]
        return bool(node.uses & {Use.FINAL, Use.STATE}) and self._number(member) in self.states

    def _number(self, member: int) -> int:
        return next(number for number, index in self.body.members.items() if index == member)

    def _read(self, wanted: Sequence[Code]) -> Code:
        """What receives what is carried on, or all of it: names for what is read."""
        if not wanted:
            return Text("_")
        return tuple_of(*(item if item in wanted else Text("_") for item, _ in self.carry))

    def _results(self, collected: Sequence[Text], finals: Sequence[Text]) -> list[Code]:
        # Steps are on the first axis of what is scanned, the batch on the second.
        steps: list[Code] = [call("ops.swapaxes", item, 0, 1) for item in collected]
        return [*steps, *(Prefix("*", item) for item in finals)]

    def _scanned(self) -> tuple[list[Code], dict[str, object]]:
        """What is scanned, and how many steps there are where nothing is."""
        layer, count = self.layer, self.body.count
        sequences = [item for item in layer.scanned if not layer.is_made(item)]
        is_known = not is_free(count, self.to.graph)
        if not sequences and not is_known:
            # What is read is of no interest, but how many there are.
            sequences = [layer.given(self._like()).text]
            layer.scan(self._like())
        layer.make_scanned(sequences)
        if not layer.scanned:
            return [], {"length": layer.size(count)}
        turned = [
            call("ops.swapaxes", item, 0, 1) if item in sequences else Text(item)
            for item in layer.scanned
        ]
        return [tuple_of(*turned)], {}

    def _like(self) -> Code:
        """An input that has as many steps as the loop."""
        for item in self.to.graph.inputs:
            if item.shape and item.shape[0] == self.body.count:
                return Text(item.name)
        name = self.to.graph.nodes[next(iter(self.body.members.values()))].name
        raise UnevenLoop(name, f"no input has {self.body.count} steps, as many as it")

    def _unpacked(self) -> list[Statement]:
        names = tuple(self.layer.inputs.values())
        return [] if len(names) == 1 else [Assign(names, Text("inputs"))]


def _later(window: Code) -> Code:
    """A window without its oldest step, which the next call does not read."""
    return Index(window, ":, 1:")
