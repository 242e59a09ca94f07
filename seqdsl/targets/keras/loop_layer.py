"""body of a loop → a layer of the generated module's own, which computes it by `ops.scan`.

d, *decoder_state = ...                         a functional model has no place for a loop over steps, whose number
y = DecoderLoop(                                may come with the data: so it is within a layer, which is given the
decoder_layer=layers.LSTM(...),             layers that a step applies, and what is there before the loop
y_layer=layers.Dense(...),
)([start, *decoder_state])
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seqdsl.cells.schedule import schedule
from seqdsl.ir.expressions import (
    Expression,
    Slice,
    Value,
)
from seqdsl.ir.operations import Apply, Attend, Convolve, Identity, Merge, Scan
from seqdsl.layers import Family, layer_def
from seqdsl.passes.loop_body import STEP
from seqdsl.passes.loop_parts import UnevenLoop
from seqdsl.size import Size
from seqdsl.targets.code import (
    Assign,
    Attribute,
    Binary,
    Call,
    Code,
    Index,
    Run,
    Text,
    call,
    flat,
    grouped,
    listing,
    paths,
    roots,
    tuple_of,
)
from seqdsl.targets.emit.padding import common_mask
from seqdsl.targets.keras.attention import scaled
from seqdsl.targets.keras.layers import layer_of_node, own_attention
from seqdsl.targets.keras.loop_values import LoopValues
from seqdsl.targets.keras.masks import SPELLING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.model.spec import Block
    from seqdsl.passes.loop_body import Delay, History
    from seqdsl.targets.code import Statement

_NONE, _ONE = Size.of(0), Size.of(1)


@dataclass(slots=True)
class LoopLayer(LoopValues):
    """What the layer of one loop is made of, while it is written.

    Attributes:
        layers: the layers that it applies, by the names of its attributes.
        shapes: what each of them is built with.
        step: the statements of a step.
        resets: the calls that end a loop.
        draws: whether cells of the file draw what they drop before it, which they do in training.
    """

    layers: dict[str, Code] = field(default_factory=dict)
    shapes: dict[str, tuple[Code, ...]] = field(default_factory=dict)
    step: list[Statement] = field(default_factory=list)
    resets: list[Code] = field(default_factory=list)
    draws: bool = False

    def assign(self, name: Code, value: Code) -> Code:
        """Write ``name = value`` in the step."""
        self.step.append(Assign((name,), value))
        return name

    def node(self, node: Block, states: dict[int, Text], valid: Text | None) -> None:
        """Write what a node computes."""
        for history in self.body.histories:
            if history.reader == node.index:
                self._put_behind(history)
        name = Text(node.name)
        if isinstance(node.operation, Scan):
            self._cell(node, node.operation, states[node.index], valid)
        elif isinstance(node.operation, Identity):
            self.values[node.index] = self._passed_on(name, node.operation)
        else:
            self.values[node.index] = self.assign(name, self._value(node))
        if valid is not None:
            value = self.values[node.index]
            if layer_def(node.kind).gives_ids:
                kept = call("ops.where", valid, value, "0")
            else:
                kept = call("ops.where", Index(valid, ":, None"), value, "0.0")
            self.values[node.index] = self.assign(name, kept)

    def _passed_on(self, name: Text, identity: Identity) -> Code:
        """What a node passes on: of an earlier value a copy, as its variable gets the value of this step."""
        value = self.emit(identity.operand)
        earlier = {flat(self.values[delay.node]) for delay in self.body.delays}
        if value == name or not roots(paths([value])) & earlier:
            return value
        return self.assign(name, value)

    def _value(self, node: Block) -> Code:
        match node.operation:
            case Merge(how, operands):
                return self.combined(how.value, operands)
            case Apply(operand) if layer_def(node.kind).draws:
                layer, width = self.layer(node, self._shape(node)), self.to.layer(node).width
                # A Gumbel number for each id that there is to choose of, a normal one for each value.
                drawn = width if layer_def(node.kind).chooses else node.features
                return call(layer, self.emit(operand), self.noise(layer, drawn))
            case Apply(operand) if layer_def(node.kind).chooses:
                return call("ops.argmax", self.emit(operand), axis=-1)
            case Apply(operand) if layer_def(node.kind).family is Family.LOOKUP:
                return call(self.layer(node, tuple_of(None)), self.emit_ids(operand))
            case Apply(operand):
                return call(self.layer(node, self._shape(node)), self.emit(operand))
            case Convolve(operand):
                return call(self.layer(node, self._shape(node, None)), self.emit(operand))
            case Attend():
                return Index(self._attended(node, node.operation), ":, 0")
        raise UnevenLoop(node.name, f"Keras has no `{node.kind}` within a loop")

    def _shape(self, node: Block, *steps: object) -> Code:
        """The shape of what the layer of a node reads; without steps that of a vector."""
        return tuple_of(None, *steps, self.size(self.to.layer(node).width))

    def layer(self, node: Block, *shapes: Code) -> Code:
        """The attribute that holds the layer of a node, which is built before the loop."""
        made = layer_of_node(node, self.to)
        name = self.to.layer(node).name
        # Without weights there is nothing to share: a layer for each node, called as the node.
        if isinstance(made, Call) and f'name="{name}"' not in _names_in(made):
            name = node.name
        self.layers[f"{name}_layer"] = made
        self.shapes[f"{name}_layer"] = shapes
        return Attribute(Text("self"), f"{name}_layer")

    def _cell(self, node: Block, scan: Scan, state: Text, valid: Text | None) -> None:
        width = self.size(self.to.layer(node).width)
        layer = self.layer(node, self._shape(node, None))
        cell = Attribute(layer, "cell")
        name = Text(node.name)
        value = self._begun_cell(node, cell, self.emit(scan.operand))
        given = self.to.layer(node).arguments
        sizes = {"dropout": width, "recurrent_dropout": self.size(self.to.layer(node).units)}
        for argument, size in sizes.items():
            if given.get(argument):
                ones = call("ops.ones", tuple_of(self.batch(), size), "self.compute_dtype")
                # One mask for all steps, drawn before the loop.
                self.before.append(Run(call(Attribute(cell, f"get_{argument}_mask"), ones)))
                self.resets.append(Attribute(cell, f"reset_{argument}_mask"))
        new = state if valid is None else Text(self.names.claim("new_state"))
        # A cell's output is the hidden part of its state: (h, [h, c]).
        run = call(cell, value, state)
        self.step.append(Assign((name, new), run))
        self.values[node.index] = name
        if valid is not None:
            self.assign(state, call(self.to.function("valid_state"), valid, new, state))

    def _begun_cell(self, node: Block, cell: Code, value: Code) -> Code:
        """What a step of a cell reads; a cell of the file begins before the loop, and projects each step by itself."""
        definition = layer_def(node.kind)
        if not definition.is_declared or definition.cell is None:
            return value
        if any(definition.cell.zoneouts()):
            # Numbers that are drawn within `ops.scan` would be the same at all steps, or lost on JAX.
            raise UnevenLoop(node.name, f"Keras cannot run `{node.kind}`, which zones out, in it")
        plan, drops = schedule(definition.cell), any(definition.cell.dropouts())
        if drops:
            self.draws = True
            like = self.zeros(self.to.layer(node).width, Size.of(1))
            self.before.append(Run(call(Attribute(cell, "begin"), like, "training")))
        elif plan.joins:
            self.before.append(Run(call(Attribute(cell, "begin"))))
        if not plan.is_ahead:
            return value
        # A mask is the same for all steps of a sequence, of which this is one.
        one = Index(grouped(value), ":, None") if drops else value
        projected = call(Attribute(cell, "project"), one)
        return Index(projected, ":, 0") if drops else projected

    def _attended(self, node: Block, attend: Attend) -> Code:
        """What one step attends to: all of a memory, or what is there of it up to this step."""
        if own := own_attention(self.to.layer(node).arguments):
            self.to.function(own)
        memory, masks, is_past = self._memory(attend)
        given, shapes = self._compared(node, attend, memory)
        heads = self.to.layer(node).arguments["heads"]
        layer = self.layer(node, *(shapes if heads else [listing(*shapes)]))
        allowed = self._allowed(masks, given[1], is_past=is_past)
        arguments = given if heads else [listing(*given)]
        if allowed is None:
            return call(layer, *arguments)
        shown = Index(allowed, ":, None") if heads else listing(None, allowed)
        word = "attention_mask" if heads else "mask"
        attended = call(layer, *arguments, **{word: shown})
        is_zero = is_past or not (heads or attend.keys is not None)
        return attended if is_zero else self._of_some(attended, masks)

    def _compared(
        self, node: Block, attend: Attend, memory: Expression
    ) -> tuple[list[Code], list[Code]]:
        """The query of a step, the memory, and the keys if it has some; and the shapes of these."""
        query = scaled(Index(grouped(self.emit(attend.query)), ":, None"), node, self.to)
        wide = self.size(self.to.layer(node).size("memory"))
        given = [query, self.emit(memory)]
        shapes = [self._shape(node, 1), tuple_of(None, None, wide)]
        if attend.keys is not None:
            # Keras's order is query, value, key.
            keys = _whole(attend.keys)
            given.append(self.emit(keys))
            wide = self.size(self.to.shapes().of(keys).features)
            shapes.append(tuple_of(None, None, wide))
        return given, shapes

    def _of_some(self, attended: Code, masks: Sequence[Expression]) -> Code:
        """What is attended to, zero of a memory without a valid step."""
        # Biases, and valid values of padded keys, would make something else of it.
        mask = common_mask(masks, self.to, SPELLING)
        some = self.given(call("ops.any", mask, axis=1), "some")
        return call("ops.where", Index(some, ":, None, None"), attended, "0.0")

    def _memory(self, attend: Attend) -> tuple[Expression, Sequence[Expression], bool]:
        """What is attended to, its masks, and whether what comes after this step is left out."""
        memory, masks = attend.memory, attend.memory_masks
        if _is_past(memory):
            # By a mask: all steps of a loop are alike in shape.
            return _whole(memory), [item.of for item in masks if isinstance(item, Slice)], True
        return memory, masks, self._is_carried(memory)

    def _is_carried(self, memory: Expression) -> bool:
        return memory in [Value(history.node) for history in self.body.histories]

    def _allowed(self, masks: Sequence[Expression], memory: Code, *, is_past: bool) -> Code | None:
        """Which steps of a memory may be read, (batch, steps)."""
        mask = common_mask(masks, self.to, SPELLING)
        if mask is not None and is_past:
            name = self.to.graph.nodes[next(iter(self.body.members.values()))].name
            raise UnevenLoop(name, "Keras has no causal attention to padded steps within a loop")
        if mask is not None:
            # Where a sample has no valid step, what it reads is zero.
            return self.given(call(self.to.function("some_valid"), mask), "allowed")
        if not is_past:
            return None
        step = self.place()
        allowed = Binary("<=", (self._all_steps(memory), step))
        return self.assign(Text(self.names.claim("allowed")), Index(grouped(allowed), "None"))

    def _all_steps(self, memory: Code) -> Code:
        return call("ops.arange", Index(call("ops.shape", memory), "1"))

    def _put_behind(self, history: History) -> None:
        kept, value = self.values[history.node], self.emit(history.of)
        one = Index(grouped(value), ":, None")
        if history.window is not None:
            joined = listing(Index(kept, ":, 1:"), one)
            self.assign(kept, call("ops.concatenate", joined, axis=1))
            return
        # A sequence that a loop carries on is as long at every step: steps that are not there yet are zero.
        is_now = Binary("==", (self._all_steps(kept), self.place()))
        self.assign(kept, call("ops.where", Index(grouped(is_now), ":, None"), one, kept))

    def delay_names(self, delay: Delay) -> list[Text]:
        """The variables of an earlier value: one, or one for each step that it is kept."""
        node = next(node for node in self.body.nodes if node.index == delay.of)
        if delay.in_place:
            return [Text(node.name)]
        return [Text(self.names.claim(f"{node.name}_before")) for _ in delay.start]


def _is_past(memory: Expression) -> bool:
    """Whether it is what is there of a memory up to this step."""
    return isinstance(memory, Slice) and bool(STEP.names & memory.count.names)


def _whole(memory: Expression) -> Expression:
    """All of a memory of which a step attends to what is there up to it."""
    return memory.of if isinstance(memory, Slice) and _is_past(memory) else memory


def _names_in(made: Call) -> str:
    return flat(made)
