"""blocks → the layers of a `Sequential` model, where a model is a chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.backends.keras.facts import (
    drawn_padding,
    facts,
    input_text,
    keeps_state,
    padding_of,
    slices_after,
)
from seqdsl.backends.keras.patterns import layer_text
from seqdsl.backends.keras.writer import KerasWriter
from seqdsl.backends.render import macros
from seqdsl.model.layers import COMBINE, RECURRENT, SOURCES
from seqdsl.model.views import Final, Value, View, children

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
        masked = any(block.masks or block.options.get("masked") for block in spec.blocks)
        if len(spec.inputs) != 1 or len(spec.outputs) != 1 or masked:
            return None
        lines = [input_text(spec.inputs[0], spec)]
        previous = spec.inputs[0].block
        used = {previous}
        for index in spec.order:
            block = spec.blocks[index]
            if block.kind in SOURCES:
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
        if block.kind == "embedding" and not isinstance(block.views[0], Value):
            return None
        found = self._view_layers(block.views[0], previous)
        own = None if found is None else self._own(block)
        return None if found is None or own is None else [*found, *own]

    def _view_layers(self, view: View, previous: int) -> list[str] | None:
        if isinstance(view, Value | Final):
            source = self.spec.blocks[view.block]
            whole = isinstance(view, Value) or "sequence" not in source.uses
            return [] if view.block == previous and whole else None
        if len(children(view)) != 1:
            return None
        text = layer_text(view, self.writer)
        inner = self._view_layers(children(view)[0], previous)
        return None if text is None or inner is None else [*inner, text]

    def _own(self, block: Block) -> list[str] | None:
        """The layers of a block itself; ``None`` if it is more than layers one after the other."""
        if block.kind == "output" or (block.kind == "split" and block.steps is None):
            return [f'layers.Identity(name="{block.name}")'] if block.given else []
        if self._is_more(block):
            return None
        if block.kind in COMBINE:
            return self._pooled(block)
        own = [
            str(self.writer.macro(self.writer.layers, block.kind)(block.layer, block, facts(block)))
        ]
        if block.kind == "conv" and padding_of(block) == "explicit":
            before, after = drawn_padding(block)
            if before < 0 or after < 0:
                return None
            own.insert(0, f"layers.ZeroPadding1D(({before}, {after}))")
        return own

    def _is_more(self, block: Block) -> bool:
        """Whether a block needs several inputs or results, or operations beside its layer."""
        if block.kind in RECURRENT:
            has_state = bool(block.start) or keeps_state(block)
            return has_state or self._is_flipped(block) or "chains" in block.options
        if block.kind == "conv" and slices_after(block) != 1:
            return True
        return block.kind in ("concat", "attention") or "kept" in block.options

    def _pooled(self, block: Block) -> list[str] | None:
        is_free = block.options.get("like") is not None
        if is_free or not block.options.get("pool") or block.kind not in ("mean", "max"):
            return None
        name = block.layer.name if block.given and block.layer is not None else ""
        pooled = str(self.writer.macro(self.writer.layers, "pool_layer")(block.kind, name))
        repeat = block.options.get("repeat")
        return [pooled] if repeat is None else [pooled, f"layers.RepeatVector({repeat})"]

    def _is_flipped(self, block: Block) -> bool:
        return block.options["direction"] == "<" and "sequence" in block.uses
