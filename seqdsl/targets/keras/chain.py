"""blocks → the layers of a `Sequential` model, where a model is a chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.ir.expressions import Expression, FinalState, Value, children
from seqdsl.ir.operations import (
    Attend,
    Call,
    Constant,
    Convolve,
    Identity,
    Merge,
    Placeholder,
    Reduce,
    Split,
    Use,
)
from seqdsl.layers import Combination, Family, family_of, layer_def
from seqdsl.targets.code import Code, call, tuple_of
from seqdsl.targets.emit.layers import constructor
from seqdsl.targets.keras.emitter import KerasEmitter
from seqdsl.targets.keras.facts import (
    drawn_padding,
    facts,
    input_layer,
    keeps_state,
    padding_of,
    slices_after,
)
from seqdsl.targets.keras.grids import at_each_step, facts_of_grid, zero_padding
from seqdsl.targets.keras.layers import make, note_cell, note_layer, note_pooled
from seqdsl.targets.keras.operations import note_length
from seqdsl.targets.keras.reshaping import layer_of, repeat_vector, word_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.model.spec import Block


class Chain:
    """Tries to write a model as a list of layers."""

    def __init__(self, to: KerasEmitter) -> None:
        """Prepare for the model of an emitter, which stays as it is."""
        self.spec = to.graph
        self.to = KerasEmitter(to.graph, called=to.called)

    def layers(self) -> list[Code] | None:
        """The layers, or ``None`` if the model is no chain of layers."""
        spec = self.spec
        if not self._may_be_chain():
            return None
        found: list[Code] = [input_layer(spec.inputs[0], spec)]
        note_length(spec.inputs[0], self.to)
        previous = spec.inputs[0].block
        used = {previous}
        for index in spec.order:
            block = spec.blocks[index]
            if isinstance(block.operation, Placeholder):
                continue
            if isinstance(block.operation, Constant):
                return None
            links = self._links(block, previous)
            if links is None or index in used:
                return None
            found += links
            previous = index
        # A `Sequential` model without layers cannot be built.
        return found if len(found) > 1 else None

    def _may_be_chain(self) -> bool:
        """Whether one value comes in, one goes out, nothing is masked, and each layer is applied once."""
        spec = self.spec
        # A letter in two rows is one layer that is called twice: a list of layers cannot say that.
        layers = [block.layer.name for block in spec.blocks if block.layer]
        # Nor that one layer uses the matrix of another.
        masked = any(block.masking for block in spec.blocks)
        tied = any(item.tied for item in spec.layers)
        is_single = len(spec.inputs) == len(spec.outputs) == 1
        return is_single and not (masked or tied or spec.states) and len(set(layers)) == len(layers)

    def _links(self, block: Block, previous: int) -> list[Code] | None:
        """The layers of one block on top of ``previous``."""
        if len(block.views) != 1:
            return None
        # Layers for patterns work on features, which token ids have not.
        if family_of(block.kind) is Family.LOOKUP and not isinstance(block.views[0], Value):
            return None
        found = self._view_layers(block.views[0], previous)
        own = None if found is None else self._own(block)
        return None if found is None or own is None else [*found, *own]

    def _view_layers(self, view: Expression, previous: int) -> list[Code] | None:
        if isinstance(view, Value | FinalState):
            source = self.spec.blocks[view.block]
            whole = isinstance(view, Value) or Use.SEQUENCE not in source.uses
            return [] if view.block == previous and whole else None
        # Flatten(Slice(Value)) is [Cropping1D, Flatten], from the inside out.
        if len(children(view)) != 1:
            return None
        layer = layer_of(view, self.spec)
        inner = self._view_layers(children(view)[0], previous)
        if layer is None or inner is None:
            return None
        self.to.note_read(view, word_for(view, layer))
        return [*inner, layer]

    def _own(self, block: Block) -> list[Code] | None:
        """The layers of a block itself; ``None`` if it is more than layers one after the other."""
        is_whole = isinstance(block.operation, Split) and block.steps is None
        if family_of(block.kind) is Family.OUTPUT or is_whole:
            return [constructor("keras", "identity", block.name)] if block.given else []
        if self._is_more(block):
            return None
        if isinstance(block.operation, Reduce | Merge):
            return self._pooled(block)
        note_layer(block, self.to)
        if block.scan is not None:
            note_cell(block, block, facts(block), self.to)
        how = facts(block) | facts_of_grid(block, self.to)
        layer = self.to.layer(block)
        own = at_each_step(layer, make(layer, block, how, self.to), block, self.to)
        padding = self._padding(block)
        return None if padding is None else [*padding, own]

    def _padding(self, block: Block) -> Sequence[Code] | None:
        """The layer that pads for a convolution where Keras's does not; ``None`` if steps are cut off as well."""
        convolve = block.operation
        if not isinstance(convolve, Convolve):
            return (
                None
                if block.layer is None
                else zero_padding(block.layer, self.to, each=block.steps is not None)
            )
        if padding_of(self.to.layer(block), convolve) != "explicit":
            return []
        before, after = drawn_padding(convolve)
        if before < 0 or after < 0:
            return None
        return [call("layers.ZeroPadding1D", tuple_of(before, after))]

    def _is_more(self, block: Block) -> bool:
        """Whether a block needs several inputs or results, or operations beside its layer."""
        if scan := block.scan:
            # A state is a second input or a second result, and a list of layers has one of each.
            has_state = scan.initial is not None or keeps_state(block)
            return has_state or self._is_flipped(block) or scan.batch is not None
        if isinstance(block.operation, Convolve) and slices_after(block) != 1:
            return True
        if layer_def(block.kind).chooses or _is_cut_grid(block):
            # `ops.argmax` is no layer; of ids a `Sequential` model would not know the type.
            return True
        kept = isinstance(block.operation, Convolve) and block.operation.kept is not None
        return isinstance(block.operation, Attend | Identity | Call) or kept

    def _pooled(self, block: Block) -> list[Code] | None:
        reduce = block.operation
        if not isinstance(reduce, Reduce) or reduce.like is not None or block.grid:
            return None
        if reduce.how not in (Combination.MEAN, Combination.MAX):
            return None
        name = block.layer.name if block.given and block.layer is not None else ""
        note_pooled(block, reduce.how, self.to, masked=False)
        pooled = constructor("keras", f"pool_{reduce.how.value}", name)
        return [pooled] if reduce.repeat is None else [pooled, repeat_vector(reduce.repeat)]

    def _is_flipped(self, block: Block) -> bool:
        # `go_backwards` returns the last step first, and Keras has no layer that reverses steps.
        return block.direction is Direction.BACKWARD and Use.SEQUENCE in block.uses


def _is_cut_grid(block: Block) -> bool:
    """Whether the columns of an image become steps: no layer of Keras's makes an axis of a part of another."""
    return isinstance(block.operation, Split) and bool(block.grid)
