"""blocks → the statements of a PyTorch module."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seqdsl.ir.operations import Attend, Convolve, Merge, Padding, Reduce, Split
from seqdsl.layers import Combination, Family, is_recurrent, layer_def
from seqdsl.size import Size
from seqdsl.targets.emit.render import macros
from seqdsl.targets.emit.writer import grouped
from seqdsl.targets.notes import Idiom
from seqdsl.targets.torch.cells import activations, cell_class, has_own_cell
from seqdsl.targets.torch.recurrent import TorchRecurrent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.ir.graph import Input, Layer
    from seqdsl.model.spec import Block

_FEW = 4
"""Of more layers in a stack a comment names the first and the last."""


_POOLS = {
    Combination.MEAN: "`.mean(dim=1)`",
    Combination.MAX: "`.amax(dim=1)`",
    Combination.ADD: "`.sum(dim=1)`",
    Combination.MULTIPLY: "`.prod(dim=1)`",
}
"""What PyTorch calls a combination of all steps."""


@dataclass(slots=True)
class TorchWriter(TorchRecurrent):
    """Writes ``forward`` and the attributes it needs."""

    def input(self, item: Input) -> None:
        """Say what there is to say of an input."""
        if self.spec.blocks[item.block].masking.begins:
            self.begin_mask(item.block, f"({item.name} != 0).any(dim=-1)")
            if self.spec.blocks[item.block].padding is Padding.END:
                self.check_padding(item.block, self.masks[item.block])

    def check_padding(self, index: int, mask: str) -> None:
        """Say that an input must be padded at its end."""
        self.helpers.add("check_padding")
        self.say(f"check_padding({mask})")

    def real_tokens(self, value: str) -> str:
        """An expression for where token ids are no padding."""
        return f"{value} != 0"

    def zeroed(self, value: str, mask: str) -> str:
        """An expression for a value whose padded steps are zero."""
        return f"{value}.masked_fill(~{mask}[..., None], 0)"

    def finish(self, outputs: list[str]) -> None:
        """Say what the model gives."""
        if self.masks:
            # Only told where no recurrent layer skips padded steps.
            self.note(Idiom.MASKED, None, "`mask`")
        # The last value needs no name of its own, unless the picture gives it one and no attribute has it:
        # it is returned where it is made.
        prefix = f"{outputs[0]} = "
        block = self.spec.blocks[self.spec.outputs[0].block]
        named = bool(block.given) and (block.layer is None or block.layer.name not in self.used)
        if len(outputs) == 1 and not named and self.lines and self.lines[-1].startswith(prefix):
            self.lines[-1] = f"return {self.lines[-1].removeprefix(prefix)}"
        else:
            self.say(f"return {', '.join(outputs)}")

    def attributes(self) -> list[str]:
        """The statements of ``__init__`` that make the layers."""
        read = set(re.findall(r"\bself\.(\w+)", "\n".join(self.lines)))
        kept = [item.name for item in self.spec.parameters if item.name in read]
        return [
            *(f"self.{name} = {name}" for name in kept),
            *(
                line
                for name, text in self._constructors()
                for line in (*self._stack_comment(name), f"self.{name} = {text}")
            ),
        ]

    def _stack_comment(self, name: str) -> list[str]:
        """Which layers of the picture one layer with ``num_layers`` is: other frameworks have one for each."""
        rows = self.stacks.get(name)
        if not rows:
            return []
        listed = f"{', '.join(rows[:-1])} and {rows[-1]}"
        return [
            f"# {listed if len(rows) <= _FEW else f'{rows[0]} to {rows[-1]}'}, from the bottom up."
        ]

    def _constructors(self) -> Iterator[tuple[str, str]]:
        for name, layer in self.used.items():
            if not is_recurrent(layer.kind):
                macro = self.macro(self.layers, layer.kind)
                is_window = layer_def(layer.kind).family is Family.WINDOW
                padding = (self.paddings.get(name, ""),) if is_window else ()
                yield name, str(macro(layer, *padding))
                continue
            if rate := layer.arguments["dropout"]:
                yield f"{name}_dropout", str(self.macro(self.layers, "input_dropout")(rate))
            own = cell_class(layer) if has_own_cell(layer) else None
            yield name, str(self.macro(self.layers, layer.kind)(layer, own))

    def cells(self) -> list[str]:
        """The classes of the recurrent layers that PyTorch does not have."""
        found = {cell_class(layer): layer for layer in self.used.values() if has_own_cell(layer)}
        render = macros("torch", "cells").cell
        masked = {
            cell_class(block.layer)
            for block in self.spec.blocks
            if block.layer and block.masks and has_own_cell(block.layer)
        }
        return [
            str(render(name, layer.kind, *activations(layer), name in masked)).strip()
            for name, layer in found.items()
        ]

    def applied(self, block: Block) -> str:
        """An expression for the value of a block that is not recurrent."""
        operation = block.operation
        if isinstance(operation, Reduce):
            return self._reduced(block, operation)
        if isinstance(operation, Merge):
            views = [self.view(view) for view in operation.operands]
            return str(self.macro(self.patterns, "combine")(block.kind, views))
        if isinstance(operation, Attend):
            return self._attended(block, operation)
        definition = layer_def(block.kind)
        if definition.family is Family.LOOKUP:
            return f"{self.attribute(block)}({self.ids(block.views[0])})"
        if isinstance(operation, Convolve):
            return self._convolved(block, operation)
        view = self.view(block.views[0])
        if definition.has_statistics:
            return self._normalized(block, view)
        if isinstance(operation, Split):
            parts = operation.parts
            if parts is not None:
                self.note(Idiom.SPLIT, block.index, "`.unflatten`")
            return view if parts is None else f"{view}.unflatten(-1, ({self.size(parts)}, -1))"
        if definition.is_function:
            return self.activated(block, view)
        return self.activated(block, f"{self.attribute(block)}({view})")

    def activated(self, block: Block, text: str) -> str:
        """A value behind the activation of the block's layer."""
        name = self.layer(block).arguments.get("activation") or "linear"
        return str(self.macro(self.layers, "activate")(name, text))

    def _reduced(self, block: Block, reduce: Reduce) -> str:
        value = self.view(reduce.operand)
        mask = self.mask(reduce.memory_masks)
        if mask and reduce.how in (Combination.MAX, Combination.MULTIPLY):
            self.helpers.add("some_valid")
        averaged = mask and reduce.how is Combination.MEAN
        self.note(Idiom.POOLED, block.index, "`.sum(dim=1)`" if averaged else _POOLS[reduce.how])
        pooled = str(self.macro(self.patterns, "pool")(block.kind, value, mask))
        return self._repeated(reduce, pooled)

    def _repeated(self, reduce: Reduce, pooled: str) -> str:
        """What was combined over time, at every step of the block."""
        repeat, like = reduce.repeat, reduce.like
        if repeat is None:
            return pooled
        count = self.size(repeat) if like is None else f"{self.view(like)}.shape[1]"
        inner = f"({pooled})" if " / " in pooled else pooled
        return f"{inner}.unsqueeze(1).expand(-1, {count}, -1)"

    def _normalized(self, block: Block, view: str) -> str:
        if block.steps is None:
            return f"{self.attribute(block)}({view})"
        return f"{self.attribute(block)}({view}.transpose(1, 2)).transpose(1, 2)"

    def _convolved(self, block: Block, convolve: Convolve) -> str:
        before, after = convolve.before, convolve.after
        layer = self.layer(block)
        if (padding := _own_padding(layer, convolve)) and self.applied_once(layer):
            self.paddings[layer.name] = padding
            before = after = Size.of(0)
        channels = f"{self.view(convolve.operand)}.transpose(1, 2)"
        if before.terms or after.terms:
            # Padded as the convolution reads it: another order would be copied once more.
            text = f"F.pad({channels}, ({self.size(before)}, {self.size(after)}))"
            channels = self.padded.get(text, "") or self.names.claim("padded")
            if text not in self.padded:
                self.say(f"{channels} = {text}")
                self.padded[text] = channels
        text = f"{self.attribute(block)}({channels})"
        if layer.arguments.get("activation") in ("softmax", "log_softmax"):
            text = self.activated(block, f"{text}.transpose(1, 2)")
        else:
            text = f"{self.activated(block, text)}.transpose(1, 2)"
        if convolve.kept is None:
            return text
        self.values[block.index] = block.name
        self.say(f"{block.name} = {text}")
        return self.kept(block.index, convolve.kept)

    def _attended(self, block: Block, attend: Attend) -> str:
        query, memory = self.view(attend.query), self.view(attend.memory)
        layer = self.layer(block)
        if block.steps is None:
            query = f"{query}.unsqueeze(1)"
        padding = self.mask(attend.memory_masks)
        if padding:
            return self._attended_masked(block, query, memory, grouped(padding))
        if not layer.arguments["heads"]:
            word = (
                "`scaled_dot_product_attention`" if layer.arguments["causal"] else "`torch.softmax`"
            )
            self.note(Idiom.ATTENTION, block.index, word)
            if layer.arguments["causal"]:
                text = f"F.scaled_dot_product_attention({query}, {memory}, {memory}, scale=1.0, is_causal=True)"
            else:
                # For one head, written out is what takes the least time.
                weights = self.names.claim("weights")
                scores = f"{query} @ {memory}.transpose(1, 2)"
                self.say(f"{weights} = torch.softmax({scores}, dim=-1)")
                text = f"{weights} @ {memory}"
                text = f"({text})" if block.steps is None else text
            return f"{text}[:, 0]" if block.steps is None else text
        mask = f", attn_mask={self._later(query, memory)}" if layer.arguments["causal"] else ""
        text = f"{self.attribute(block)}({query}, {memory}, {memory}, need_weights=False{mask})"
        self.say(f"{block.name}, _ = {text}")
        return f"{block.name}[:, 0]" if block.steps is None else block.name

    def _attended_masked(self, block: Block, query: str, memory: str, mask: str) -> str:
        """Attention that reads valid steps only; where there are none, it gives zero."""
        layer = self.layer(block)
        heads = self.size(layer.size("heads")) if layer.arguments["heads"] is not None else None
        causal = layer.arguments["causal"]
        empty = f"~{mask}.any(dim=1)[:, None, None]"
        if causal:
            # A step whose own past is all padding has nothing to attend to.
            seen, empty = self.names.claim("seen"), self.names.claim("empty")
            self.say(f"{seen} = {mask}[:, None] & ~{self._later(query, memory)}")
            self.say(f"{empty} = ~{seen}.any(dim=-1, keepdim=True)")
            allowed = f"{seen} | {empty}"
        else:
            self.helpers.add("some_valid")
            allowed = f"some_valid({mask})"
        if not heads:
            self.note(Idiom.ATTENTION, block.index, "`scaled_dot_product_attention`")
            allowed = allowed if causal else f"{allowed}[:, None]"
            text = f"F.scaled_dot_product_attention({query}, {memory}, {memory}, attn_mask={allowed}, scale=1.0)"
            # What padded steps hold is zero, so that of nothing else is zero as well.
            text = f"{text}.masked_fill({empty}, 0)" if causal else text
            return f"{text}[:, 0]" if block.steps is None else text
        if causal:
            # A mask for each head.
            hidden = f"attn_mask=(~({allowed})).repeat_interleave({heads}, dim=0)"
        else:
            hidden = f"key_padding_mask=~{allowed}"
        text = f"{self.attribute(block)}({query}, {memory}, {memory}, need_weights=False, {hidden})"
        self.say(f"{block.name}, _ = {text}")
        text = f"{block.name}.masked_fill({empty}, 0)"
        return f"{text}[:, 0]" if block.steps is None else text

    def _later(self, query: str, memory: str) -> str:
        """The steps of the memory that come after each step of the query."""
        name = self.names.claim("later")
        self.say(
            f"{name} = torch.ones({query}.shape[1], {memory}.shape[1], dtype=torch.bool, device={query}.device).triu(1)"
        )
        return name


def _own_padding(layer: Layer, convolve: Convolve) -> str:
    """What a convolution is told to pad by itself; empty where it cannot, as before and after differ.

    A kernel that is a parameter may be even, and then "same" pads more behind than before; a number that is
    even is padded apart, as "same" would copy what it reads.
    """
    before, after = convolve.before, convolve.after
    reach = (layer.size("kernel") - 1) * layer.size("dilation")
    if before == after:
        number = before.constant
        return str(before) if number is None or number > 0 else ""
    return '"same"' if reach.names and before == reach // 2 else ""
