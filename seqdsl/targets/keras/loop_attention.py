"""attention of one step of a loop → Keras: to a memory that is there before it, or to what is there so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seqdsl.ir.called import PATH
from seqdsl.ir.expressions import (
    Expression,
    Slice,
    Value,
)
from seqdsl.ir.operations import Attend, operands
from seqdsl.ir.operations import Call as CalledPicture
from seqdsl.passes.loop_body import STEP
from seqdsl.size import Size
from seqdsl.targets.code import (
    Assign,
    Attribute,
    Binary,
    Call,
    Code,
    Index,
    Text,
    call,
    flat,
    grouped,
    listing,
    tuple_of,
)
from seqdsl.targets.emit.padding import common_mask
from seqdsl.targets.keras.attention import scaled
from seqdsl.targets.keras.called import called_model, model_of
from seqdsl.targets.keras.layer_paths import layer_within
from seqdsl.targets.keras.layers import (
    layer_name,
    layer_of_node,
    note_layer,
    own_attention,
    takes_steps,
)
from seqdsl.targets.keras.loop_values import LoopValues
from seqdsl.targets.keras.masks import SPELLING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.model.spec import Block
    from seqdsl.targets.code import Statement

_NONE, _ONE = Size.of(0), Size.of(1)


@dataclass(slots=True)
class LoopLayers(LoopValues):
    """The layers that a loop applies, and what it writes.

    Attributes:
        layers: the layers that it applies, by the names of its attributes.
        shapes: what each of them is built with.
        wrapped: those that are made for steps, as they are applied outside of the loop, too.
        step: the statements of a step.
        resets: the calls that end a loop.
        pasts: the valid steps of a memory up to a step, by its mask.
        within: the variables of layers of models that are called, by their paths.
        draws: whether cells of the file draw what they drop before it, which they do in training.
    """

    layers: dict[str, Code] = field(default_factory=dict)
    shapes: dict[str, tuple[Code, ...]] = field(default_factory=dict)
    wrapped: set[str] = field(default_factory=set)
    step: list[Statement] = field(default_factory=list)
    resets: list[Code] = field(default_factory=list)
    pasts: dict[Code, Text] = field(default_factory=dict)
    within: dict[str, Text] = field(default_factory=dict)

    def assign(self, name: Code, value: Code) -> Code:
        """Write ``name = value`` in the step."""
        self.step.append(Assign((name,), value))
        return name

    def shape(self, node: Block, *steps: object) -> Code:
        """The shape of what the layer of a node reads; without steps that of a vector."""
        places = self.to.places(operands(node.operation)[0])
        sizes = map(self.size, (*places, self.to.layer(node).width))
        return tuple_of(None, *steps, *sizes)

    def layer(self, node: Block, *shapes: Code) -> Code:
        """The attribute that holds the layer of a node, which is built before the loop."""
        path, _, _ = self.to.layer(node).name.partition(PATH)
        if path in self.to.callers:
            return self._layer_within(node, path)
        is_called = isinstance(node.operation, CalledPicture)
        made = called_model(node, self.to) if is_called else layer_of_node(node, self.to)
        name = self.to.layer(node).name
        # Without weights there is nothing to share: a layer for each node, called as the node.
        if isinstance(made, Call) and f'name="{name}"' not in _names_in(made):
            name = node.name
        self.layers[f"{name}_layer"] = made
        self.shapes[f"{name}_layer"] = shapes
        if not is_called and takes_steps(node, self.to):
            self.wrapped.add(f"{name}_layer")
        return Attribute(Text("self"), f"{name}_layer")

    def _layer_within(self, node: Block, path: str) -> Code:
        """The variable of a layer of a model that is called."""
        held, whole = f"{path}_layer", layer_name(node, self.to)
        self.layers.setdefault(held, model_of(self.to.callers[path][0], self.to))
        note_layer(node, self.to)
        if whole not in self.within:
            # block_y_dense_f_layer = self.block_y_layer.get_layer("dense_f")
            _, *names = whole.split(PATH)
            model, caller = Attribute(Text("self"), held), self.to.callers[path][0]
            found = layer_within(model, names, caller, self.to)
            self.within[whole] = Text(self.names.claim(f"{whole.replace(PATH, '_')}_layer"))
            self.before.append(Assign((self.within[whole],), found))
        return self.within[whole]


@dataclass(slots=True)
class LoopAttention(LoopLayers):
    """Attention within a loop: one step attends to a memory, or to what is there of it so far."""

    def attended(self, node: Block, attend: Attend) -> Code:
        """What one step attends to: all of a memory, or what is there of it up to this step."""
        if own := own_attention(self.to.layer(node).arguments):
            self.to.function(own)
        memory, masks, is_past = self._memory(attend)
        given, shapes = self._compared(node, attend, memory)
        heads = self.to.layer(node).arguments["heads"] is not None
        layer = self.layer(node, *(shapes if heads else [listing(*shapes)]))
        keywords: dict[str, object] = {}
        if own and attend.memory in self.body.outer:
            given, keywords = self._projected(layer, own, given), {"projected": True}
        allowed = self._allowed(masks, given[1], is_past=is_past)
        arguments = given if heads else [listing(*given)]
        if allowed is None:
            return call(layer, *arguments, **keywords)
        attended = call(layer, *arguments, **_shown(allowed, heads=heads), **keywords)
        if is_past:
            return self._of_past(attended, masks, memory)
        is_zero = not (heads or attend.keys is not None)
        return attended if is_zero else self._of_some(attended, masks)

    def _of_past(self, attended: Code, masks: Sequence[Expression], memory: Expression) -> Code:
        """What is attended to of the steps so far, zero where all of these are padding."""
        if not masks or self._is_carried(memory):
            return attended
        # What comes later must not be read in their place.
        some = call("ops.any", self._valid_past(masks, self.emit(memory)), axis=1)
        return call("ops.where", Index(some, ":, None, None"), attended, "0.0")

    def _projected(self, layer: Code, own: str, given: Sequence[Code]) -> list[Code]:
        """What is compared, with keys that are projected once, before the loop."""
        # keys = self.attention_c_layer.key(encoder)
        self.to.projects_ahead.add(own)
        query, memory, *keys = given
        projected = Text(self.names.claim("keys"))
        made = call(Attribute(layer, "key"), keys[0] if keys else memory)
        self.before.append(Assign((projected,), made))
        return [query, memory, projected]

    def _compared(
        self, node: Block, attend: Attend, memory: Expression
    ) -> tuple[list[Code], list[Code]]:
        """The query of a step, the memory, and the keys if it has some; and the shapes of these."""
        query = scaled(Index(grouped(self.emit(attend.query)), ":, None"), node, self.to)
        wide = self.size(self.to.layer(node).size("memory"))
        given = [query, self.emit(memory)]
        shapes = [self.shape(node, 1), tuple_of(None, None, wide)]
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
        is_past = _is_past(memory)
        if is_past or self._is_carried(memory):
            # By a mask: all steps of a loop are alike in shape.
            return _whole(memory), [_whole(item) for item in masks], True
        return memory, masks, False

    def _is_carried(self, memory: Expression) -> bool:
        return memory in [Value(history.node) for history in self.body.histories]

    def _allowed(self, masks: Sequence[Expression], memory: Code, *, is_past: bool) -> Code | None:
        """Which steps of a memory may be read, (batch, steps)."""
        mask = common_mask(masks, self.to, SPELLING)
        if mask is not None and is_past:
            valid = self._valid_past(masks, memory)
            return call(self.to.function("some_valid"), valid)
        if mask is not None:
            # Where a sample has no valid step, what it reads is zero.
            return self.given(call(self.to.function("some_valid"), mask), "allowed")
        if not is_past:
            return None
        step = self.place()
        allowed = Binary("<=", (self.all_steps(memory), step))
        return self.assign(Text(self.names.claim("allowed")), Index(grouped(allowed), "None"))

    def _valid_past(self, masks: Sequence[Expression], memory: Code) -> Text:
        """The valid steps of a memory up to this step, (batch, steps)."""
        mask = common_mask(masks, self.to, SPELLING)
        assert mask is not None
        if mask not in self.pasts:
            seen = Binary("<=", (self.all_steps(memory), self.place()))
            self.pasts[mask] = Text(self.names.claim("valid_past"))
            valid = call("ops.logical_and", self.given(mask, "valid"), seen)
            self.assign(self.pasts[mask], valid)
        return self.pasts[mask]

    def all_steps(self, memory: Code) -> Code:
        """The numbers of all steps of a sequence."""
        return call("ops.arange", Index(call("ops.shape", memory), "1"))


def _shown(allowed: Code, *, heads: bool) -> dict[str, object]:
    """The argument that tells a layer which steps of the memory it may read, (batch, steps)."""
    # With heads a mask for each query and step; without, one for each input, the query's and the memory's.
    return (
        {"attention_mask": Index(allowed, ":, None")} if heads else {"mask": listing(None, allowed)}
    )


def _is_past(memory: Expression) -> bool:
    """Whether it is what is there of a memory up to this step."""
    return isinstance(memory, Slice) and bool(STEP.names & memory.count.names)


def _whole(memory: Expression) -> Expression:
    """All of a memory of which a step attends to what is there up to it."""
    return memory.of if isinstance(memory, Slice) and _is_past(memory) else memory


def _names_in(made: Call) -> str:
    return flat(made)
