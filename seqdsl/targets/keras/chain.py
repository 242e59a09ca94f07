"""blocks → the layers of a `Sequential` model, where a model is a chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.ir.expressions import Expression, FinalState, Value, children
from seqdsl.ir.operations import (
    Attend,
    Convolve,
    Identity,
    Merge,
    Placeholder,
    Reduce,
    Split,
    Use,
)
from seqdsl.layers import Combination, Family, family_of
from seqdsl.targets.emit.render import macros
from seqdsl.targets.keras.facts import (
    drawn_padding,
    facts,
    input_text,
    keeps_state,
    padding_of,
    slices_after,
)
from seqdsl.targets.keras.patterns import layer_text, layer_word
from seqdsl.targets.keras.writer import KerasWriter

if TYPE_CHECKING:
    from seqdsl.model.spec import Block, ModelSpec


class Chain:
    """Tries to write a model as a list of layers."""

    def __init__(self, spec: ModelSpec) -> None:
        """Prepare for ``spec``."""
        self.spec = spec
        self.writer = KerasWriter(spec, macros("keras", "patterns"), macros("keras", "layers"))

    def layers(self) -> list[str] | None:
        """The layers, or ``None`` if the model is no chain of layers."""
        spec = self.spec
        masked = any(block.masking for block in spec.blocks)
        if len(spec.inputs) != 1 or len(spec.outputs) != 1 or masked:
            return None
        lines = [input_text(spec.inputs[0], spec)]
        self.writer.note_length(spec.inputs[0])
        previous = spec.inputs[0].block
        used = {previous}
        for index in spec.order:
            block = spec.blocks[index]
            if isinstance(block.operation, Placeholder):
                continue
            found = self._links(block, previous)
            if found is None or index in used:
                return None
            lines += found
            previous = index
        if len({block.layer.name for block in spec.blocks if block.layer}) != sum(
            bool(b.layer) for b in spec.blocks
        ):
            return None
        # A `Sequential` model without layers cannot be built.
        return lines if len(lines) > 1 else None

    def _links(self, block: Block, previous: int) -> list[str] | None:
        """The layers of one block on top of ``previous``."""
        if len(block.views) != 1:
            return None
        # Layers for patterns work on features, which token ids have not.
        if family_of(block.kind) is Family.LOOKUP and not isinstance(block.views[0], Value):
            return None
        found = self._view_layers(block.views[0], previous)
        own = None if found is None else self._own(block)
        return None if found is None or own is None else [*found, *own]

    def _view_layers(self, view: Expression, previous: int) -> list[str] | None:
        if isinstance(view, Value | FinalState):
            source = self.spec.blocks[view.block]
            whole = isinstance(view, Value) or Use.SEQUENCE not in source.uses
            return [] if view.block == previous and whole else None
        if len(children(view)) != 1:
            return None
        text = layer_text(view, self.writer)
        inner = self._view_layers(children(view)[0], previous)
        if text is not None:
            self.writer.note_read(view, layer_word(view, text))
        return None if text is None or inner is None else [*inner, text]

    def _own(self, block: Block) -> list[str] | None:
        """The layers of a block itself; ``None`` if it is more than layers one after the other."""
        is_whole = isinstance(block.operation, Split) and block.steps is None
        if family_of(block.kind) is Family.OUTPUT or is_whole:
            return [f'layers.Identity(name="{block.name}")'] if block.given else []
        if self._is_more(block):
            return None
        if isinstance(block.operation, Reduce | Merge):
            return self._pooled(block)
        self.writer.note_layer(block)
        if block.scan is not None:
            self.writer.note_cell(block, block, facts(block))
        own = [
            str(self.writer.macro(self.writer.layers, block.kind)(block.layer, block, facts(block)))
        ]
        convolve = block.operation
        if (
            isinstance(convolve, Convolve)
            and block.layer is not None
            and padding_of(block.layer, convolve) == "explicit"
        ):
            before, after = drawn_padding(convolve)
            if before < 0 or after < 0:
                return None
            own.insert(0, f"layers.ZeroPadding1D(({before}, {after}))")
        return own

    def _is_more(self, block: Block) -> bool:
        """Whether a block needs several inputs or results, or operations beside its layer."""
        if scan := block.scan:
            has_state = scan.initial is not None or keeps_state(block)
            return has_state or self._is_flipped(block) or scan.batch is not None
        if isinstance(block.operation, Convolve) and slices_after(block) != 1:
            return True
        kept = isinstance(block.operation, Convolve) and block.operation.kept is not None
        return isinstance(block.operation, Attend | Identity) or kept

    def _pooled(self, block: Block) -> list[str] | None:
        reduce = block.operation
        if not isinstance(reduce, Reduce) or reduce.like is not None:
            return None
        if reduce.how not in (Combination.MEAN, Combination.MAX):
            return None
        name = block.layer.name if block.given and block.layer is not None else ""
        self.writer.note_pooled(block, reduce.how, masked=False)
        pooled = str(self.writer.macro(self.writer.layers, "pool_layer")(block.kind, name))
        repeat = reduce.repeat
        return [pooled] if repeat is None else [pooled, f"layers.RepeatVector({repeat})"]

    def _is_flipped(self, block: Block) -> bool:
        return block.direction is Direction.BACKWARD and Use.SEQUENCE in block.uses
