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
from seqdsl.ir.layers import state_widths
from seqdsl.ir.operations import Apply, Attend, Convolve, Identity, Merge, Scan
from seqdsl.ir.operations import Call as CalledPicture
from seqdsl.layers import Family, layer_def
from seqdsl.passes.loop_body import is_held, read_in_padding
from seqdsl.passes.uneven_loop import UnevenLoop
from seqdsl.size import Size
from seqdsl.targets.code import (
    Assign,
    Attribute,
    Binary,
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
from seqdsl.targets.emit.padding import axes_of, over_step
from seqdsl.targets.keras.called import of_one_step, shares_wrapper
from seqdsl.targets.keras.declared import class_cell
from seqdsl.targets.keras.grids import apply_grid
from seqdsl.targets.keras.layers import takes_steps
from seqdsl.targets.keras.loop_attention import LoopAttention

if TYPE_CHECKING:
    from seqdsl.model.spec import Block
    from seqdsl.passes.loop_body import Delay, History

_NONE, _ONE = Size.of(0), Size.of(1)


@dataclass(slots=True)
class LoopLayer(LoopAttention):
    """What the layer of one loop is made of, while it is written."""

    draws: bool = False
    valid: dict[int, Text] = field(default_factory=dict)

    def kept(self, delay: Delay, before: Text) -> Code:
        """What is carried on for the steps after this one: the value of this step, unless it is padding."""
        value = self.values[delay.of]
        if not delay.is_held:
            return value
        return self._zeroed(delay.of, value, before)

    def _zeroed(self, number: int, value: Code, other: Code | None = None) -> Code:
        """A value of a node, and something else in its padded steps: zero, if nothing is said."""
        valid, axes = self.valid[number], axes_of(self.to.graph.nodes[number])
        is_ids = layer_def(self.to.graph.blocks[number].kind).gives_ids
        spread = Index(valid, over_step(axes)) if axes else valid
        return call("ops.where", spread, value, other or ("0" if is_ids else "0.0"))

    def node(self, node: Block, states: dict[int, Text]) -> None:
        """Write what a node computes."""
        for history in self.body.histories:
            if history.reader == node.index:
                self._put_behind(history)
        name, valid = Text(node.name), self.valid.get(node.index)
        if isinstance(node.operation, Scan):
            self._cell(node, node.operation, states[node.index], valid)
        elif isinstance(node.operation, Identity):
            self.values[node.index] = self._passed_on(node, node.operation)
        else:
            self.values[node.index] = self.assign(name, self._value(node))
        if valid is not None and node.index in read_in_padding(self.body):
            self.values[node.index] = self.assign(
                name, self._zeroed(node.index, self.values[node.index])
            )

    def _passed_on(self, node: Block, identity: Identity) -> Code:
        """What a node passes on: of an earlier value a copy, as its variable gets the value of this step."""
        # Ids, which a called picture reads, stay ids: (batch,), without an axis of features.
        emit = self.emit_ids if layer_def(node.kind).gives_ids else self.emit
        name, value = Text(node.name), emit(identity.operand)
        earlier = {flat(self.values[delay.node]) for delay in self.body.delays}
        if value == name or not roots(paths([value])) & earlier:
            return value
        return self.assign(name, value)

    def _value(self, node: Block) -> Code:
        match node.operation:
            case Merge(how, operands):
                return self.combined(how.value, operands)
            case Apply(operand) if layer_def(node.kind).draws:
                layer, width = self.layer(node, self.shape(node)), self.to.layer(node).width
                # A Gumbel number for each id that there is to choose of, a normal one for each value.
                drawn = width if layer_def(node.kind).chooses else node.features
                return call(layer, self.emit(operand), self.noise(layer, *node.grid, drawn))
            case Apply(operand) if layer_def(node.kind).chooses:
                return call("ops.argmax", self.emit(operand), axis=-1)
            case Apply(operand) if layer_def(node.kind).family is Family.LOOKUP:
                return call(self.layer(node, tuple_of(None)), self.emit_ids(operand))
            case Apply(operand) if layer_def(node.kind).grid is not None:
                # A wrapper takes steps: where the letter is drawn outside of the loop, too.
                is_wrapped = takes_steps(node, self.to)
                layer = self.layer(node, self.shape(node, *(None,) * is_wrapped))
                given = self.emit(operand)
                return apply_grid(node, layer, given, self.to, is_wrapped=is_wrapped)
            case CalledPicture(operand) if shares_wrapper(self.to.layer(node), self.to):
                return of_one_step(self.layer(node, self.shape(node, None)), self.emit(operand))
            case Apply(operand) | CalledPicture(operand):
                return call(self.layer(node, self.shape(node)), self.emit(operand))
            case Convolve(operand):
                return call(self.layer(node, self.shape(node, None)), self.emit(operand))
            case Attend():
                return Index(self.attended(node, node.operation), ":, 0")
        raise UnevenLoop(node.name, f"Keras has no `{node.kind}` within a loop")

    def _cell(self, node: Block, scan: Scan, state: Text, valid: Text | None) -> None:
        width = self.size(self.to.layer(node).width)
        layer = self.layer(node, self.shape(node, None))
        cell = Attribute(layer, "cell")
        name = Text(node.name)
        value = self._begun_cell(node, cell, self.emit(scan.operand))
        given = self.to.layer(node).arguments
        sizes = {
            "dropout": width,
            "recurrent_dropout": self.size(state_widths(self.to.layer(node))[0]),
        }
        for argument, size in sizes.items():
            # A cell of the module's own draws its masks when it begins.
            if given.get(argument) and class_cell(self.to.layer(node)) is None:
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
            helper = "valid_image_state" if node.grid else "valid_state"
            self.assign(state, call(self.to.function(helper), valid, new, state))

    def _begun_cell(self, node: Block, cell: Code, value: Code) -> Code:
        """What a step of a cell reads; a cell of the file begins before the loop, and projects each step by itself."""
        own = class_cell(self.to.layer(node))
        if own is None:
            return value
        if any(own.zoneouts()):
            # Numbers that are drawn within `ops.scan` would be the same at all steps, or lost on JAX.
            raise UnevenLoop(node.name, f"Keras cannot run `{node.kind}`, which zones out, in it")
        plan, drops = schedule(own), any(own.dropouts())
        if drops:
            self.draws = True
            like = self.zeros(self.to.layer(node).width, Size.of(1), *node.grid)
            self.before.append(Run(call(Attribute(cell, "begin"), like, "training")))
        elif plan.joins:
            self.before.append(Run(call(Attribute(cell, "begin"))))
        if not plan.is_ahead:
            return value
        # A mask is the same for all steps of a sequence, of which this is one.
        one = Index(grouped(value), ":, None") if drops else value
        projected = call(Attribute(cell, "project"), one)
        return Index(projected, ":, 0") if drops else projected

    def _put_behind(self, history: History) -> None:
        kept, value = self.values[history.node], self.emit(history.of)
        if self.valid and is_held(history, self.body):
            # A window reads zero at a padded step, and not what was there before: all members have the same ones.
            valid = next(iter(self.valid.values()))
            value = call("ops.where", Index(valid, ":, None"), value, "0.0")
        one = Index(grouped(value), ":, None")
        if history.window is not None:
            joined = listing(Index(kept, ":, 1:"), one)
            self.assign(kept, call("ops.concatenate", joined, axis=1))
            return
        # A sequence that a loop carries on is as long at every step: steps that are not there yet are zero.
        is_now = Binary("==", (self.all_steps(kept), self.place()))
        self.assign(kept, call("ops.where", Index(grouped(is_now), ":, None"), one, kept))

    def delay_names(self, delay: Delay) -> list[Text]:
        """The variables of an earlier value: one, or one for each step that it is kept."""
        node = next(node for node in self.body.nodes if node.index == delay.of)
        if delay.in_place:
            return [Text(node.name)]
        return [Text(self.names.claim(f"{node.name}_before")) for _ in delay.start]
