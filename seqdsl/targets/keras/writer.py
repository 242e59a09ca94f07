"""blocks → the statements of a functional Keras model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import ConcatFeatures
from seqdsl.ir.operations import Attend, Convolve, Merge, Padding, Reduce, Split
from seqdsl.layers import Combination, Family, family_of, layer_def
from seqdsl.targets.emit.writer import grouped
from seqdsl.targets.keras.facts import (
    drawn_padding,
    input_text,
    model_name,
    padding_of,
    slices_after,
)
from seqdsl.targets.keras.recurrent import KerasRecurrent
from seqdsl.targets.notes import Idiom

if TYPE_CHECKING:
    from seqdsl.ir.graph import Input
    from seqdsl.model.spec import Block


_POOLS = {
    Combination.MEAN: "`GlobalAveragePooling1D`",
    Combination.MAX: "`GlobalMaxPooling1D`",
    Combination.ADD: "`ops.sum`",
    Combination.MULTIPLY: "`ops.prod`",
}
"""What Keras calls a combination of all steps."""


@dataclass(slots=True)
class KerasWriter(KerasRecurrent):
    """Writes a functional model.

    Attributes:
        made: the text of each layer without weights that is named and applied in several places.
    """

    made: dict[str, str] = field(default_factory=dict)

    def input(self, item: Input) -> None:
        """Say what there is to say of an input."""
        self.say(f"{item.name} = {input_text(item, self.spec)}")
        self.note_length(item)
        if self.spec.blocks[item.block].masking.begins:
            self.begin_mask(item.block, f"ops.any(ops.not_equal({item.name}, 0), axis=-1)")
            if self.spec.blocks[item.block].padding is Padding.END:
                self.check_padding(item.block, self.masks[item.block])

    def note_length(self, item: Input) -> None:
        """Say how Keras is told that a length comes with the data."""
        if item.shape and item.shape[0].names & set(self.spec.free):
            self.note(Idiom.FREE, None, "`shape=(None, ...)`")

    def note_pooled(self, block: Block, how: Combination, *, masked: bool) -> None:
        """Say what Keras calls a combination over time."""
        word = "`ops.max`" if masked and how is Combination.MAX else _POOLS[how]
        self.note(Idiom.POOLED, block.index, word)

    def check_padding(self, index: int, mask: str) -> None:
        """Let an input that must be padded at its end go through a layer that checks it."""
        self.helpers.add("PaddedAtEnd")
        checked = self.names.claim("checked")
        self.say(f"{checked} = PaddedAtEnd()({self.values[index]}, {mask})")
        self.values[index] = checked

    def real_tokens(self, value: str) -> str:
        """An expression for where token ids are no padding."""
        return f"ops.not_equal({value}, 0)"

    def zeroed(self, value: str, mask: str) -> str:
        """An expression for a value whose padded steps are zero."""
        return f"ops.where({mask}[..., None], {value}, 0.0)"

    def finish(self, outputs: list[str]) -> None:
        """Say what the model gives."""
        inputs = _listed([item.name for item in self.spec.inputs])
        name = model_name(self.spec)
        self.say(f'return keras.Model(inputs={inputs}, outputs={_listed(outputs)}, name="{name}")')

    def applied(self, block: Block) -> str:
        """An expression for the value of a block that is not recurrent."""
        operation = block.operation
        if isinstance(operation, Reduce):
            return self._reduced(block, operation)
        if isinstance(operation, Merge):
            return self._merged(block)
        if isinstance(operation, Convolve):
            return self._convolved(block, operation)
        if isinstance(operation, Attend):
            return self._attended(block, operation)
        if isinstance(operation, Split) and operation.parts is None:
            view = self.view(block.views[0])
            return self._identity(block, view) if block.given else view
        definition = layer_def(block.kind)
        see = self.ids if definition.family is Family.LOOKUP else self.view
        view = see(block.views[0])
        if definition.has_statistics and block.steps is None and self._has_steps_elsewhere(block):
            # The layer keeps to the number of axes that it saw first.
            return f"{self.constructor(block)}({grouped(view)}[:, None])[:, 0]"
        return f"{self.constructor(block)}({view})"

    def _has_steps_elsewhere(self, block: Block) -> bool:
        """Whether the layer of a block is applied to a sequence as well."""
        return self._shown(block).steps is not None

    def _reduced(self, block: Block, reduce: Reduce) -> str:
        value = self.view(reduce.operand)
        mask = self.mask(reduce.memory_masks)
        self.note_pooled(block, reduce.how, masked=bool(mask))
        if mask and reduce.how is Combination.MEAN:
            self.note(Idiom.MASKED, None, "`mask=`")
        if mask and reduce.how is not Combination.ADD:
            self.helpers.add("some_valid")
        layer = (
            self._named_layer(block, "pool_layer", block.kind)
            if _has_pool(reduce.how, mask)
            else ""
        )
        pooled = str(self.macro(self.layers, "pool")(block.kind, value, mask, layer))
        if block.given and not layer:
            pooled = self._identity(block, pooled)
        return self._repeated(reduce, pooled)

    def _merged(self, block: Block) -> str:
        views = [self.view(view) for view in block.views]
        if len(views) == 1:
            return self._identity(block, views[0]) if block.given else views[0]
        return f"{self._named_layer(block, block.kind)}([{', '.join(views)}])"

    def labeled(self, block: Block) -> str:
        """An expression for what a block passes through, under the name that the picture gives it."""
        view = self.local(block.views[0])
        if family_of(block.kind) is Family.IDENTITY and isinstance(view, ConcatFeatures):
            parts = [self.view(part) for part in view.parts]
            return f"{self._named_layer(block, block.kind)}([{', '.join(parts)}])"
        return self._identity(block, self.view(view))

    def _identity(self, block: Block, text: str) -> str:
        """A value under a layer's name, where what computes it is no layer that could have one."""
        return f"{self._named_layer(block, 'identity')}({text})"

    def _named_layer(self, block: Block, macro: str, *given: str) -> str:
        """A layer without weights, with its name if the picture gives it one; Keras takes a name only once."""
        if not block.given:
            return str(self.macro(self.layers, macro)(*given))
        name = block.name if block.layer is None else block.layer.name
        text = str(self.macro(self.layers, macro)(*given, name=name))
        if block.layer is None or self.applied_once(block.layer):
            return text
        if self.made.setdefault(name, text) != text:
            # A letter that pools here and merges there is two layers.
            return str(self.macro(self.layers, macro)(*given, name=block.name))
        return self.once(name, text)

    def _repeated(self, reduce: Reduce, pooled: str) -> str:
        """What was combined over time, at every step of the block."""
        if reduce.repeat is None:
            return pooled
        if reduce.like is not None:
            return str(
                self.macro(self.patterns, "RepeatLike")(None, pooled, self.view(reduce.like))
            )
        return f"layers.RepeatVector({reduce.repeat})({pooled})"

    def _convolved(self, block: Block, convolve: Convolve) -> str:
        view = self.view(convolve.operand)
        padding = padding_of(self.layer(block), convolve)
        if padding == "explicit":
            before, after = drawn_padding(convolve)
            if before < 0:
                # No window begins before this step.
                view = self._named("cropped", f"layers.Cropping1D(({-before}, 0))({view})")
            if before > 0 or after > 0:
                sizes = f"({max(0, before)}, {max(0, after)})"
                view = self._named("padded", f"layers.ZeroPadding1D({sizes})({view})")
        text = f"{self.constructor(block)}({view})"
        if (stride := slices_after(block)) != 1:
            text = f"{text}[:, ::{stride}]"
        if convolve.kept is None:
            return text
        self.say(f"{block.name} = {text}")
        return self.kept(block.index, convolve.kept)

    def _named(self, name: str, text: str) -> str:
        """A name for what is seen on the way."""
        claimed: str = self.names.claim(name)
        self.say(f"{claimed} = {text}")
        return claimed

    def _attended(self, block: Block, attend: Attend) -> str:
        query, memory = self.view(attend.query), self.view(attend.memory)
        if block.steps is None:
            query = f"layers.RepeatVector(1)({query})"
        causal = "use_causal_mask=True" if self.layer(block).arguments["causal"] else ""
        layer = self.constructor(block)
        mask = self.mask(attend.memory_masks)
        if mask:
            self.note(Idiom.MASKED, None, "`mask=`")
            self.helpers.add("some_valid")
            allowed = f"some_valid({mask})"
            heads = self.layer(block).arguments["heads"]
            told = f"attention_mask={allowed}[:, None]" if heads else f"mask=[None, {allowed}]"
            causal = ", ".join(filter(None, (told, causal)))
        if self.layer(block).arguments["heads"]:
            text = f"{layer}({', '.join(filter(None, (query, memory, causal)))})"
        else:
            text = f"{layer}({', '.join(filter(None, (f'[{query}, {memory}]', causal)))})"
        if mask:
            text = self._nothing_attended(block, text, query, grouped(mask))
        return f"{text}[:, 0]" if block.steps is None else text

    def _nothing_attended(self, block: Block, text: str, query: str, mask: str) -> str:
        """What attention gives, zero where there is nothing but padding to attend to."""
        layer = self.layer(block)
        if layer.arguments["causal"] and self.mask(block.masks) != mask:
            # The steps of the memory that are valid and no later than the query's.
            seen = self.names.claim("seen")
            self.say(f"{seen} = until_now({query}, {mask})")
            self.helpers.add("until_now")
            return f"ops.where({seen}[..., None], {text}, 0.0)"
        if layer.arguments["heads"] and self.mask(block.masks) != mask:
            return f"ops.where(ops.any({mask}, axis=1)[:, None, None], {text}, 0.0)"
        # What padded steps hold is zero, so that of nothing else is zero as well.
        return text


def _has_pool(how: Combination, mask: str) -> bool:
    """Whether Keras has a layer for what is combined over time: none for sums, products, a masked maximum."""
    return how is Combination.MEAN or (how is Combination.MAX and not mask)


def _listed(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"[{', '.join(items)}]"
