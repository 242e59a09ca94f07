"""recurrent blocks → Keras statements: sequences, final states, initial states."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.ir.operations import Split, StateMode, Use, ValueState
from seqdsl.layers import layer_def
from seqdsl.model.chains import batch_of
from seqdsl.model.weights import has_weights
from seqdsl.size import Size
from seqdsl.targets.emit.writer import layer_idiom
from seqdsl.targets.keras.facts import facts, keeps_state, may_keep_start
from seqdsl.targets.keras.patterns import KerasPatterns
from seqdsl.targets.notes import Idiom

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.ir.operations import Batch, PassedState
    from seqdsl.model.spec import Block


_LAYERS = {
    Idiom.STEPWISE: "`Dense`",
    Idiom.WINDOWS: "`Conv1D`",
    Idiom.SPLIT: "`Reshape`",
    Idiom.ATTENTION: "`MultiHeadAttention`",
}
"""What Keras calls the layers that are spoken of."""


@dataclass(slots=True)
class KerasRecurrent(KerasPatterns):
    """Writes recurrent blocks."""

    shared: dict[str, str] = field(default_factory=dict)
    _applied: dict[str, list[Block]] = field(default_factory=dict)
    _most_telling: dict[str, Block | None] = field(default_factory=dict)
    _for_all: dict[str, dict[str, object]] = field(default_factory=dict)

    def constructor(self, block: Block) -> str:
        """The text that makes the block's layer, or the variable that holds it if it is shared."""
        layer = self.layer(block)
        alone = self.applied_once(layer)
        self.note_layer(block)
        weighty = has_weights(layer)
        if not alone and not weighty and (not block.given or isinstance(block.operation, Split)):
            # Without weights there is nothing to share, and Keras takes a name only once.
            layer, alone = replace(layer, name=block.name), True
        if not alone and layer.name in self.shared:
            return self.shared[layer.name]
        shown = self._shown(block)
        text = str(self.macro(self.layers, block.kind)(layer, shown, self._how(block)))
        return text if alone else self.once(layer.name, text)

    def once(self, name: str, text: str) -> str:
        """The variable that holds the layer ``text``, made once for all places that it is applied in."""
        if name not in self.shared:
            self.shared[name] = self.names.claim(f"{name}_layer")
            self.say(f"{self.shared[name]} = {text}")
        return self.shared[name]

    def _users(self, layer: str) -> list[Block]:
        """The blocks that the layer of a name is applied in; all layers are looked up at once."""
        if not self._applied:
            for item in self.spec.blocks:
                if item.layer:
                    self._applied.setdefault(item.layer.name, []).append(item)
        return self._applied[layer]

    def _shown(self, block: Block) -> Block:
        """The block that tells most of a layer: one with steps, if there is any."""
        name = self.layer(block).name
        if name not in self._most_telling:
            with_steps = (item for item in self._users(name) if item.steps is not None)
            self._most_telling[name] = next(with_steps, None)
        return self._most_telling[name] or block

    def _how(self, block: Block) -> dict[str, object]:
        """What a layer must do for all the blocks that it is applied in."""
        found, name = facts(block), self.layer(block).name
        if len(self._users(name)) == 1:
            return found | {"sequences": _wants_steps(block)}
        # A letter may be applied in thousands of blocks, each of which asks.
        if name not in self._for_all:
            self._for_all[name] = _how_for_all(self._users(name))
        return found | self._for_all[name]

    def note_layer(self, block: Block) -> None:
        """Say what Keras calls the layer of a block."""
        idiom = layer_idiom(block)
        if idiom is Idiom.ATTENTION and not self.layer(block).arguments["heads"]:
            self.note(idiom, block.index, "`Attention`")
        elif idiom is not None:
            self.note(idiom, block.index, _LAYERS[idiom])

    def note_cell(self, block: Block, shown: Block, how: Mapping[str, object]) -> None:
        """Say with which words a recurrent layer is made, as its macro writes them.

        Args:
            block: the block that it is applied in.
            shown: the block that tells most of the layer.
            how: what the layer must do for all blocks.
        """
        index = block.index
        sequences = bool(how["sequences"]) and shown.steps is not None
        if sequences:
            self.note(Idiom.SEQUENCE, index, "`return_sequences=True`")
        self.note(
            Idiom.FINAL, index, "`return_sequences=True`" if sequences else "no `return_sequences`"
        )
        if how["state"]:
            self.note(Idiom.STATE, index, "`return_state=True`")
        if block.direction is Direction.BIDIRECTIONAL:
            self.note(Idiom.BIDIRECTIONAL, index, "`Bidirectional`")
        if how["backwards"]:
            self.note(Idiom.BACKWARD, index, "`go_backwards=True`")
        self.note(Idiom.ROWS, index, "a layer each")

    def recurrent(self, block: Block) -> None:
        """Say how a recurrent block runs."""
        view = self.view(block.views[0])
        if batch := batch_of(block):
            self.note(Idiom.BATCH, block.index, "`ops.reshape`")
            view = self.apart(view, block, batch, _reshaped)
        start, how = self._start(block), self._how(block)
        self.note_cell(block, self._shown(block), how)
        mask = self.note_mask(block)
        real = f", mask={mask}" if mask else ""
        if mask:
            self.note(Idiom.MASKED, None, "`mask=`")
        if block.direction is Direction.BACKWARD and not how["backwards"]:
            # The layer runs forward elsewhere.
            view = f"ops.flip({view}, axis=1)"
            real = f", mask=ops.flip({mask}, axis=1)" if mask else ""
        call = f"{self.constructor(block)}({view}{real}{start})"
        name = block.name
        holder = "_" if block.uses == {Use.STATE} else name
        if how["state"]:
            self.states[block.index] = self.names.claim(f"{name}_state")
            self.say(f"{holder}, *{self.states[block.index]} = {call}")
        else:
            self.say(f"{holder} = {call}")
        if block.direction is Direction.BACKWARD and _wants_steps(block):
            self.say(f"{name} = ops.flip({name}, axis=1)")
        if batch and block.steps is not None and Use.SEQUENCE in block.uses:
            self.say(f"{name} = {_reshaped(name, block.steps, block.features)}")
        self.values[block.index] = name
        self.finals[block.index] = self._final(block, told_by_state=bool(how["sequences"]))
        if block.steps is None:
            self.values[block.index] = self.finals[block.index]

    def _final(self, block: Block, *, told_by_state: bool) -> str:
        batch = batch_of(block)
        if not _wants_steps(block):
            told = told_by_state or may_keep_start(block)
            final = self._told(block) if told else block.name
            return self._finals(block, batch, final)
        if batch and block.direction is not Direction.BIDIRECTIONAL:
            first = "" if block.direction is Direction.BACKWARD else str(batch.steps - 1)
            return f"{block.name}[:, {first}::{batch.steps}]"
        if (
            block.masks
            and block.direction is not Direction.BIDIRECTIONAL
            and Use.FINAL in block.uses
        ):
            return f"{self.states[block.index]}[0]"
        if block.direction is Direction.BIDIRECTIONAL and Use.FINAL in block.uses:
            return self._finals(block, batch, self._told(block))
        return f"{block.name}[:, {0 if block.direction is Direction.BACKWARD else -1}]"

    def _told(self, block: Block) -> str:
        """The final state, as a layer's returned state tells it."""
        state = self.states[block.index]
        if block.direction is not Direction.BIDIRECTIONAL:
            return f"{state}[0]"
        final = self.names.claim(f"{block.name}_final")
        second = len(layer_def(block.kind).states)
        self.say(f"{final} = layers.Concatenate()([{state}[0], {state}[{second}]])")
        return final

    def _finals(self, block: Block, batch: Batch | None, text: str) -> str:
        """A final state; a batch of chains has a step for each."""
        if batch is None:
            return text
        finals = self.names.claim(f"{block.name}_finals")
        self.say(f"{finals} = {_reshaped(text, Size.of(batch.number), block.features)}")
        return finals

    def _start(self, block: Block) -> str:
        initial = block.initial
        if initial is None:
            return ""
        self.note(Idiom.START, block.index, "`initial_state=`")
        parts = len(layer_def(block.kind).states)
        if isinstance(initial, ValueState):
            return f", initial_state={self._value_state(initial, parts, block)}"
        return f", initial_state={self._passed_state(initial, parts)}"

    def _passed_state(self, initial: PassedState, parts: int) -> str:
        state = self.states[initial.source]
        if initial.mode is StateMode.DIRECT:
            return state
        if initial.mode is StateMode.FORWARD:
            return f"[*{state}, *[ops.zeros_like(part) for part in {state}]]"
        # The parts of the forward direction come first: h, c, and then those of the backward one.
        joined = [
            f"layers.Concatenate()([{state}[{part}], {state}[{parts + part}]])"
            for part in range(parts)
        ]
        return f"[{', '.join(joined)}]"

    def _value_state(self, initial: ValueState, count: int, block: Block) -> str:
        value = self.view(initial.value)
        if initial.mode is StateMode.HALVES:
            halves = self.names.claim(f"{block.name}_start")
            self.say(f"{halves} = ops.split({value}, 2, axis=-1)")
            return f"[{', '.join(f'{halves}[{half}]' for half in (0, 1) for _ in range(count))}]"
        parts = [value] * count
        if initial.mode is StateMode.FORWARD:
            parts += [f"ops.zeros_like({value})"] * count
        return f"[{', '.join(parts)}]"


def _how_for_all(users: Sequence[Block]) -> dict[str, object]:
    """What a layer must do that is applied in all of ``users``."""
    sequences = any(map(_wants_steps, users))
    # A layer that returns all steps tells the last state of a padded sequence by its state only.
    final = sequences and not all(map(_wants_steps, users))
    return {
        "sequences": sequences,
        "state": final or any(map(keeps_state, users)),
        "masked": any(item.masks for item in users),
        "scattered": any(facts(item)["scattered"] for item in users),
        "backwards": all(item.direction is Direction.BACKWARD for item in users),
    }


def _wants_steps(block: Block) -> bool:
    """Whether more is read of a recurrent block than its final state."""
    return block.steps is not None and Use.SEQUENCE in block.uses


def _reshaped(value: str, steps: Size, features: Size) -> str:
    """A value as sequences of so many steps."""
    return f"ops.reshape({value}, (-1, {steps}, {features}))"
