"""recurrent blocks → PyTorch statements: sequences, final states, initial states, packing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.ir.expressions import Repeat, Zeros
from seqdsl.ir.operations import StateMode, Use, ValueState
from seqdsl.layers import layer_def
from seqdsl.model.chains import batch_of
from seqdsl.model.stacks import rows_of
from seqdsl.size import Size
from seqdsl.targets.emit.writer import layer_idiom
from seqdsl.targets.notes import Idiom
from seqdsl.targets.torch.cells import has_own_cell
from seqdsl.targets.torch.patterns import TorchPatterns

if TYPE_CHECKING:
    from seqdsl.ir.graph import Layer
    from seqdsl.model.spec import Block


_LAYERS = {
    Idiom.STEPWISE: "`nn.Linear`",
    Idiom.WINDOWS: "`nn.Conv1d`",
    Idiom.ATTENTION: "`nn.MultiheadAttention`",
}
"""What PyTorch calls the layers that are spoken of."""


@dataclass(slots=True)
class TorchRecurrent(TorchPatterns):
    """Writes recurrent blocks.

    Attributes:
        rows: the block in which each layer is drawn, for those that are no more once rows are stacked.
    """

    rows: dict[str, int] = field(default_factory=dict)
    used: dict[str, Layer] = field(default_factory=dict)
    packed: set[str] = field(default_factory=set)
    stacks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    paddings: dict[str, str] = field(default_factory=dict)
    padded: dict[str, str] = field(default_factory=dict)

    def attribute(self, block: Block) -> str:
        """The attribute that holds the block's layer."""
        layer = self.layer(block)
        idiom = layer_idiom(block)
        if idiom is not None:
            self.note(idiom, block.index, _LAYERS[idiom])
        self.used[layer.name] = layer
        self.stacks[layer.name] = rows_of(block)
        return f"self.{layer.name}"

    def recurrent(self, block: Block) -> None:
        """Say how a recurrent block runs."""
        view = self.view(block.views[0])
        if batch := batch_of(block):
            self.note(Idiom.BATCH, block.index, "`.reshape`")
            view = self.apart(view, block, batch, self.reshaped)
        if self.layer(block).arguments["dropout"]:
            view = self._dropped(block, view)
        backward = block.direction is Direction.BACKWARD
        start = self._start(block)
        self._note_cell(block)
        mask = self.note_mask(block)
        packs = mask and not has_own_cell(self.layer(block))
        if packs and block.masking.at_end:
            self._packed(block, view, mask, start, backward=backward)
            self._name_values(block)
            return
        # What is the same at every step reads the same in both directions.
        alike = isinstance(block.views[0], Repeat | Zeros) and not mask
        turn = ".flip(1)" if backward and not alike else ""
        sequence = block.name if Use.SEQUENCE in block.uses and block.steps is not None else "_"
        layer = self.attribute(block)
        if turn or (backward and sequence != "_"):
            self.note(Idiom.BACKWARD, block.index, "`.flip(1)`")
        if packs:
            self.helpers |= {"run_valid", "take_steps", "true_first"}
            self.note(Idiom.MASKED, None, "`run_valid`")
            self.packed.add(block.kind)
            run = f"run_valid({layer}, {view}{turn}, {mask}{turn}{start})"
        else:
            run = f"{layer}({view}{turn}{start}{f', mask={mask}{turn}' if mask else ''})"
        self.say(f"{sequence}, {self._state(block)} = {run}")
        if backward and sequence != "_":
            self.say(f"{sequence} = {sequence}.flip(1)")
        if mask and not packs and sequence != "_":
            self.say(f"{sequence} = {self.zeroed(sequence, mask)}")
        if batch and block.steps is not None and sequence != "_":
            self.say(f"{sequence} = {self.reshaped(sequence, block.steps, block.features)}")
        self._name_values(block)

    def _note_cell(self, block: Block) -> None:
        """Say how a recurrent layer is made, and what is read of what it gives."""
        index = block.index
        if rows := rows_of(block):
            self.note(Idiom.ROWS, index, f"`num_layers={len(rows)}`")
        if Use.SEQUENCE in block.uses and block.steps is not None:
            self.note(Idiom.SEQUENCE, index, "the first result of the layer")
        if Use.STATE in block.uses:
            self.note(Idiom.STATE, index, "its second result")
        elif block.direction is Direction.BIDIRECTIONAL:
            self.note(Idiom.FINAL, index, "`h_n`")
        else:
            self.note(Idiom.FINAL, index, "`h_n[-1]`")
        if block.direction is Direction.BIDIRECTIONAL:
            # All rows of a stack are.
            for row in (*(self.rows[name] for name in rows[:-1]), index):
                self.note(Idiom.BIDIRECTIONAL, row, "`bidirectional=True`")
        if block.initial is not None:
            self.note(Idiom.START, index, "a second argument")

    def reshaped(self, value: str, steps: Size, features: Size) -> str:
        """A value as sequences of so many steps."""
        return f"{value}.reshape(-1, {self.size(steps)}, {self.size(features)})"

    def _packed(self, block: Block, view: str, mask: str, start: str, *, backward: bool) -> None:
        """Run a recurrent layer over the valid steps only, which come first."""
        names = {name: self.names.claim(name) for name in ("lengths", "packed")}
        self.say(f"{names['lengths']} = {mask}.sum(dim=1)")
        if backward:
            # The valid steps in reverse, the padding still behind them; its own inverse.
            order = self.names.claim("order")
            steps = self.names.claim("steps")
            self.say(f"{steps} = torch.arange({mask}.shape[1], device={mask}.device)")
            self.say(f"{order} = ({names['lengths']}[:, None] - 1 - {steps}) % {mask}.shape[1]")
            turned = self.names.claim("turned")
            self.say(f"{turned} = {view}.take_along_dim({order}[..., None], dim=1)")
            view = turned
        lengths = names["lengths"]
        self.note(Idiom.MASKED, None, "`pack_padded_sequence`")
        # A packed sequence has at least one step.
        self.say(
            f"{names['packed']} = pack_padded_sequence({view}, {lengths}.clamp(min=1).cpu(), "
            "batch_first=True, enforce_sorted=False)"
        )
        sequence = block.name if Use.SEQUENCE in block.uses and block.steps is not None else "_"
        self.say(
            f"{sequence}, {self._state(block)} = {self.attribute(block)}({names['packed']}{start})"
        )
        if sequence != "_":
            self.say(
                f"{sequence}, _ = pad_packed_sequence({sequence}, batch_first=True, total_length={mask}.shape[1])"
            )
        if backward and sequence != "_":
            self.say(f"{sequence} = {sequence}.take_along_dim({order}[..., None], dim=1)")
        self._undo_empty(block, sequence, lengths, mask, start.removeprefix(", "))

    def _undo_empty(self, block: Block, sequence: str, lengths: str, mask: str, start: str) -> None:
        """Where a sample has no valid step, its state stays what it was, and its steps give zero."""
        if sequence != "_":
            self.say(f"{sequence} = {sequence}.masked_fill(~{mask}[..., None], 0)")
        state = self.states.get(block.index)
        if state is None:
            return
        some = f"({lengths} > 0)[:, None]"
        whole = _has_parts(block) and Use.STATE in block.uses
        if whole and start:
            pairs = f"for part, begin in zip({state}, {start}, strict=True)"
            self.say(f"{state} = tuple(torch.where({some}, part, begin) {pairs})")
        elif whole:
            self.say(f"{state} = tuple(torch.where({some}, part, 0.0) for part in {state})")
        else:
            begin = (f"{start}[0]" if _has_parts(block) else start) if start else "0.0"
            self.say(f"{state} = torch.where({some}, {state}, {begin})")

    def _name_values(self, block: Block) -> None:
        self.values[block.index] = block.name
        if Use.FINAL in block.uses or block.steps is None:
            self.finals[block.index] = self._final(block)
        if block.steps is None:
            self.values[block.index] = self.finals[block.index]

    def _dropped(self, block: Block, view: str) -> str:
        """What a cell sees, with features dropped for all steps alike."""
        variable = self.names.claim("dropped")
        dropout = f"{self.attribute(block)}_dropout"
        self.say(f"{variable} = {dropout}({view}.transpose(1, 2)).transpose(1, 2)")
        return variable

    def _state(self, block: Block) -> str:
        """What receives a recurrent layer's state: all of it, its hidden part, or nothing."""
        needs_final = Use.FINAL in block.uses or block.steps is None
        if Use.STATE in block.uses:
            self.states[block.index] = self.names.claim(f"{block.name}_state")
            return self.states[block.index]
        if not needs_final:
            return "_"
        self.states[block.index] = self.names.claim(f"{block.name}_h")
        hidden = self.states[block.index]
        return f"({hidden}, _)" if _has_parts(block) else hidden

    def _final(self, block: Block) -> str:
        hidden = self.states[block.index]
        if Use.STATE in block.uses and _has_parts(block):
            hidden = f"{hidden}[0]"
        text = f"{hidden}[-1]"
        if block.direction is Direction.BIDIRECTIONAL:
            # Of a stack the last two are the top row's.
            both = (-2, -1) if rows_of(block) else (0, 1)
            text = f"torch.cat(({hidden}[{both[0]}], {hidden}[{both[1]}]), dim=-1)"
        if batch := batch_of(block):
            text = self.reshaped(text, Size.of(batch.number), block.features)
        elif block.direction is not Direction.BIDIRECTIONAL:
            return text
        final = self.names.claim(f"{block.name}_final")
        self.say(f"{final} = {text}")
        return final

    def _start(self, block: Block) -> str:
        initial = block.initial
        if initial is None:
            return ""
        parts = _has_parts(block)
        if isinstance(initial, ValueState):
            return f", {self._value_state(block, initial, parts)}"
        state = self.states[initial.source]
        if initial.mode is StateMode.DIRECT:
            return f", {state}"
        given = "part" if parts else state
        text = {
            StateMode.JOINED: f"torch.cat(({given}[0], {given}[1]), dim=-1).unsqueeze(0)",
            StateMode.FORWARD: f"torch.cat(({given}, torch.zeros_like({given})))",
        }[initial.mode]
        variable = self.names.claim(f"{block.name}_start")
        if parts:
            self.say(f"{variable} = tuple({text} for part in {state})")
        else:
            self.say(f"{variable} = {text}")
        return f", {variable}"

    def _value_state(self, block: Block, initial: ValueState, parts: bool) -> str:
        value = self.view(initial.value)
        text = {
            StateMode.DIRECT: f"{value}.unsqueeze(0)",
            StateMode.FORWARD: f"torch.stack(({value}, torch.zeros_like({value})))",
            StateMode.HALVES: f"torch.stack({value}.chunk(2, dim=-1))",
        }[initial.mode]
        variable = self.names.claim(f"{block.name}_start")
        self.say(f"{variable} = {text}")
        return f"({variable}, {variable})" if parts else variable


def _has_parts(block: Block) -> bool:
    """Whether the state of a block is a tuple: an LSTM's h and c."""
    return len(layer_def(block.kind).states) > 1
