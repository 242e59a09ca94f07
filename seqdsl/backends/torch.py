"""model specification → PyTorch source: an ``nn.Module``, batch first."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seqdsl.backends.layout import fit
from seqdsl.backends.render import environment, frame, macros
from seqdsl.backends.writer import Writer, index_text, slice_text
from seqdsl.model.layers import COMBINE, RECURRENT, SOURCES, has_usual_activations
from seqdsl.model.size import Size
from seqdsl.model.views import (
    Combined,
    Gather,
    JoinFeatures,
    JoinTime,
    LastSteps,
    Pad,
    Repeat,
    Slice,
    Step,
    Value,
    View,
    children,
    map_sizes,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.model.spec import Block, Layer, ModelSpec
    from seqdsl.model.start import Start

TARGET = "torch"
_NAMES: dict[type, str] = {
    Repeat: "repeated",
    Pad: "padded",
    JoinTime: "joined",
    JoinFeatures: "joined",
}


def source(spec: ModelSpec) -> str:
    """The PyTorch source of ``spec``."""
    writer = _TorchWriter(spec, macros(TARGET, "patterns"), macros(TARGET, "layers"))
    forward = [line for statement in writer.write() for line in fit(statement, 8)]
    attributes = [line for statement in writer.attributes() for line in fit(statement, 8)]
    cells = writer.cells()
    text = "\n".join([*forward, *attributes, *cells])
    return frame(
        environment().get_template("torch/module.py.j2"),
        spec,
        cells=cells,
        attributes=attributes,
        forward=forward,
        functional="F." in text,
        packing=[name for name in _PACKING if f"{name}(" in text],
        takes=[f"{item.name}: Tensor" for item in spec.inputs],
        gives=_gives(len(spec.outputs)),
    )


def _gives(outputs: int) -> str:
    return "Tensor" if outputs == 1 else f"tuple[{', '.join(['Tensor'] * outputs)}]"


_PACKING = ("pack_padded_sequence", "pad_packed_sequence")
# A step of zeros goes through these as zeros.
ZERO_STAYS = frozenset({"dropout", "add", "multiply", "mean"})


def _activations(layer: Layer) -> tuple[str, str]:
    """A cell's activation and its gates'."""
    activation, gates = (layer.arguments.get(key) for key in ("activation", "recurrent_activation"))
    return str(activation or "tanh"), str(gates or "sigmoid")


def has_own_cell(layer: Layer) -> bool:
    """Whether a layer's activations are none that PyTorch's recurrent layers have."""
    return layer.kind in RECURRENT and not has_usual_activations(layer.kind, layer.arguments)


def cell_class(layer: Layer) -> str:
    """The name of the class of a layer with activations of its own."""
    activation, gates = _activations(layer)
    words = [activation] + [gates] * (gates != "sigmoid")
    return "".join(word.title().replace("_", "") for word in words) + layer.kind.upper()


@dataclass(slots=True)
class _TorchWriter(Writer):
    """Writes ``forward`` and the attributes it needs."""

    used: dict[str, Layer] = field(default_factory=dict)

    def attributes(self) -> list[str]:
        """The statements of ``__init__`` that make the layers."""
        text = "\n".join(self.lines)
        kept = [
            item.name for item in self.spec.parameters if re.search(rf"\bself\.{item.name}\b", text)
        ]
        return [
            *(f"self.{name} = {name}" for name in kept),
            *(f"self.{name} = {text}" for name, text in self._constructors()),
        ]

    def _constructors(self) -> Iterator[tuple[str, str]]:
        for name, layer in self.used.items():
            if layer.kind not in RECURRENT:
                yield name, str(self.macro(self.layers, layer.kind)(layer))
                continue
            if rate := layer.arguments["dropout"]:
                yield f"{name}_dropout", str(self.macro(self.layers, "input_dropout")(rate))
            own = cell_class(layer) if has_own_cell(layer) else None
            yield name, str(self.macro(self.layers, layer.kind)(layer, own))

    def cells(self) -> list[str]:
        """The classes of the recurrent layers that PyTorch does not have."""
        found = {cell_class(layer): layer for layer in self.used.values() if has_own_cell(layer)}
        render = macros(TARGET, "cells").cell
        return [
            str(render(name, layer.kind, *_activations(layer))).strip()
            for name, layer in found.items()
        ]

    def write(self) -> list[str]:
        for item in self.spec.inputs:
            if self.spec.blocks[item.block].options.get("masked"):
                self._begin_mask(item.block, f"({item.name} != 0).any(dim=-1)")
        for index in self.spec.order:
            block = self.spec.blocks[index]
            if block.kind not in SOURCES:
                self.block(block)
        outputs = [self.values[item.block] for item in self.spec.outputs]
        self._finish(outputs)
        return self.lines

    def _finish(self, outputs: list[str]) -> None:
        # The last value needs no name of its own: it is returned where it is made.
        prefix = f"{outputs[0]} = "
        if len(outputs) == 1 and self.lines and self.lines[-1].startswith(prefix):
            self.lines[-1] = f"return {self.lines[-1].removeprefix(prefix)}"
        else:
            self.say(f"return {', '.join(outputs)}")

    def block(self, block: Block) -> None:
        if block.kind in {"output", "concat"}:
            self.values[block.index] = self.view(block.views[0])
            self.note_mask(block)
        elif block.kind in RECURRENT:
            self._recurrent(block)
        else:
            if block.options.get("masked"):
                self._begin_mask(block.index, f"{self.view(block.views[0])} != 0")
            text = self._applied(block)
            self.values[block.index] = block.name
            if text != block.name:
                self.say(f"{block.name} = {text}")
            mask = self.masks.get(block.index) or self.note_mask(block)
            if mask and block.kind not in ZERO_STAYS:
                self.say(f"{block.name} = {block.name}.masked_fill(~{mask}[..., None], 0)")

    def _begin_mask(self, index: int, text: str) -> None:
        name = self.names.claim("mask")
        self.say(f"{name} = {text}")
        self.masks[index] = name

    def masked_steps(self, view: View) -> str:
        if isinstance(view, Value):
            return self.masks[view.block]
        inner = self.masked_steps(children(view)[0])
        if isinstance(view, Slice):
            return self._slice(view, inner)
        if isinstance(view, Gather):
            return f"{inner}[:, {list(view.indices)}]"
        others = [self.view(part) for part in children(view)[1:]]
        return str(self.macro(self.patterns, type(view).__name__)(view, inner, *others))

    def attribute(self, block: Block) -> str:
        """The attribute that holds the block's layer."""
        layer = self.layer(block)
        self.used[layer.name] = layer
        return f"self.{layer.name}"

    def _applied(self, block: Block) -> str:
        if block.kind in COMBINE:
            return self._combined(block)
        if block.kind == "attention":
            return self._attended(block)
        view = self.view(block.views[0])
        if block.kind == "conv":
            return self._convolved(block, view)
        if block.kind == "batchnorm":
            return self._normalized(block, view)
        if block.kind == "split":
            parts = block.options["parts"]
            return (
                view
                if not isinstance(parts, Size)
                else f"{view}.unflatten(-1, ({self.size(parts)}, -1))"
            )
        if block.kind == "activation":
            return self.activated(block, view)
        return self.activated(block, f"{self.attribute(block)}({view})")

    def activated(self, block: Block, text: str) -> str:
        """A value behind the activation of the block's layer."""
        name = self.layer(block).arguments.get("activation") or "linear"
        return str(self.macro(self.layers, "activate")(name, text))

    def _combined(self, block: Block) -> str:
        views = [self.view(view) for view in block.views]
        if block.options.get("pool"):
            mask = self.mask(block.memory_masks)
            pooled = str(self.macro(self.patterns, "pool")(block.kind, views[0], mask))
            repeat = block.options.get("repeat")
            return (
                f"{pooled}.unsqueeze(1).expand(-1, {self.size(repeat)}, -1)"
                if isinstance(repeat, Size)
                else pooled
            )
        return str(self.macro(self.patterns, "combine")(block.kind, views))

    def _normalized(self, block: Block, view: str) -> str:
        if block.steps is None:
            return f"{self.attribute(block)}({view})"
        return f"{self.attribute(block)}({view}.transpose(1, 2)).transpose(1, 2)"

    def _convolved(self, block: Block, view: str) -> str:
        before, after = (int(str(block.options[key])) for key in ("before", "after"))
        if before or after:
            view = f"F.pad({view}, (0, 0, {before}, {after}))"
            padded = self.names.claim("padded")
            self.say(f"{padded} = {view}")
            view = padded
        text = f"{self.attribute(block)}({view}.transpose(1, 2)).transpose(1, 2)"
        text = self.activated(block, text)
        kept = block.options.get("kept")
        if kept is None:
            return text
        self.values[block.index] = block.name
        self.say(f"{block.name} = {text}")
        return self.view(kept)  # type: ignore[arg-type]

    def _attended(self, block: Block) -> str:
        query, memory = (self.view(view) for view in block.views)
        layer = self.layer(block)
        if block.steps is None:
            query = f"{query}.unsqueeze(1)"
        padding = self.mask(block.memory_masks)
        if not layer.arguments["heads"] and padding:
            return self._attended_masked(block, query, memory, padding)
        if not layer.arguments["heads"]:
            causal = ", is_causal=True" if layer.arguments["causal"] else ""
            text = f"F.scaled_dot_product_attention({query}, {memory}, {memory}, scale=1.0{causal})"
            return f"{text}[:, 0]" if block.steps is None else text
        mask = f", attn_mask={self._later(query, memory)}" if layer.arguments["causal"] else ""
        padded = f", key_padding_mask=~({padding})" if padding else ""
        text = f"{self.attribute(block)}({query}, {memory}, {memory}, need_weights=False{mask}{padded})"
        self.say(f"{block.name}, _ = {text}")
        return f"{block.name}[:, 0]" if block.steps is None else block.name

    def _attended_masked(self, block: Block, query: str, memory: str, padding: str) -> str:
        """Plain attention that sees real steps only."""
        seen = f"({padding})[:, None]"
        if self.layer(block).arguments["causal"]:
            seen = f"{seen} & ~{self._later(query, memory)}"
        text = f"F.scaled_dot_product_attention({query}, {memory}, {memory}, attn_mask={seen}, scale=1.0)"
        return f"{text}[:, 0]" if block.steps is None else text

    def _later(self, query: str, memory: str) -> str:
        """The steps of the memory that come after each step of the query."""
        name = self.names.claim("later")
        self.say(
            f"{name} = torch.ones({query}.shape[1], {memory}.shape[1], dtype=torch.bool, device={query}.device).triu(1)"
        )
        return name

    def _recurrent(self, block: Block) -> None:
        view = self.view(block.views[0])
        if self.layer(block).arguments["dropout"]:
            view = self._dropped(block, view)
        backward = block.options["direction"] == "<"
        start = self._start(block)
        if mask := self.note_mask(block):
            self._packed(block, view, mask, start, backward=backward)
            self._name_values(block)
            return
        call = f"{self.attribute(block)}({view}{'.flip(1)' if backward else ''}{start})"
        sequence = block.name if "sequence" in block.uses and block.steps is not None else "_"
        self.say(f"{sequence}, {self._state(block)} = {call}")
        if backward and sequence != "_":
            self.say(f"{sequence} = {sequence}.flip(1)")
        self._name_values(block)

    def _packed(self, block: Block, view: str, mask: str, start: str, *, backward: bool) -> None:
        """Run a recurrent layer over the real steps only."""
        names = {name: self.names.claim(name) for name in ("lengths", "packed")}
        self.say(f"{names['lengths']} = {mask}.sum(dim=1)")
        if backward:
            # The real steps in reverse, the padding still behind them; its own inverse.
            order = self.names.claim("order")
            steps = self.names.claim("steps")
            self.say(f"{steps} = torch.arange({mask}.shape[1], device={mask}.device)")
            self.say(f"{order} = ({names['lengths']}[:, None] - 1 - {steps}) % {mask}.shape[1]")
            turned = self.names.claim("turned")
            self.say(f"{turned} = {view}.take_along_dim({order}[..., None], dim=1)")
            view = turned
        self.say(
            f"{names['packed']} = pack_padded_sequence({view}, {names['lengths']}.cpu(), "
            "batch_first=True, enforce_sorted=False)"
        )
        sequence = block.name if "sequence" in block.uses and block.steps is not None else "_"
        self.say(
            f"{sequence}, {self._state(block)} = {self.attribute(block)}({names['packed']}{start})"
        )
        if sequence != "_":
            self.say(
                f"{sequence}, _ = pad_packed_sequence({sequence}, batch_first=True, total_length={mask}.shape[1])"
            )
        if backward and sequence != "_":
            self.say(f"{sequence} = {sequence}.take_along_dim({order}[..., None], dim=1)")

    def _name_values(self, block: Block) -> None:
        self.values[block.index] = block.name
        if "final" in block.uses or block.steps is None:
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
        needs_final = "final" in block.uses or block.steps is None
        if "state" in block.uses:
            self.states[block.index] = self.names.claim(f"{block.name}_state")
            return self.states[block.index]
        if not needs_final:
            return "_"
        self.states[block.index] = self.names.claim(f"{block.name}_h")
        hidden = self.states[block.index]
        return f"({hidden}, _)" if block.kind == "lstm" else hidden

    def _final(self, block: Block) -> str:
        hidden = self.states[block.index]
        if "state" in block.uses and block.kind == "lstm":
            hidden = f"{hidden}[0]"
        if block.options["direction"] != "=":
            return f"{hidden}[-1]"
        final = self.names.claim(f"{block.name}_final")
        self.say(f"{final} = torch.cat(({hidden}[0], {hidden}[1]), dim=-1)")
        return final

    def _start(self, block: Block) -> str:
        start = block.start
        if start is None:
            return ""
        lstm = block.kind == "lstm"
        if start.block is None:
            return f", {self._value_state(block, start, lstm)}"
        state = self.states[start.block]
        if start.how == "direct":
            return f", {state}"
        given = "part" if lstm else state
        text = {
            "joined": f"torch.cat(({given}[0], {given}[1]), dim=-1).unsqueeze(0)",
            "forward": f"torch.cat(({given}, torch.zeros_like({given})))",
        }[start.how]
        variable = self.names.claim(f"{block.name}_start")
        if lstm:
            self.say(f"{variable} = tuple({text} for part in {state})")
        else:
            self.say(f"{variable} = {text}")
        return f", {variable}"

    def _value_state(self, block: Block, start: Start, lstm: bool) -> str:
        value = self.view(start.views[0])
        text = {
            "direct": f"{value}.unsqueeze(0)",
            "forward": f"torch.stack(({value}, torch.zeros_like({value})))",
            "halves": f"torch.stack({value}.chunk(2, dim=-1))",
        }[start.how]
        variable = self.names.claim(f"{block.name}_start")
        self.say(f"{variable} = {text}")
        return f"({variable}, {variable})" if lstm else variable

    def local(self, view: View) -> View:
        return map_sizes(view, self.size)

    def size(self, size: Size) -> Size:
        """A size as ``forward`` can reach it: parameters are attributes there."""
        known = {item.name: f"self.{item.name}" for item in self.spec.parameters}
        return size.subs({name: Size.of(known.get(name, name)) for name in size.names})

    def pattern(self, view: View) -> tuple[str, str]:
        name = _NAMES.get(type(view), "")
        if isinstance(view, JoinTime | JoinFeatures):
            parts = [self.view(part) for part in view.parts]
            return str(self.macro(self.patterns, type(view).__name__)(parts)), name
        if isinstance(view, Slice):
            return self._sliced(view), ""
        if isinstance(view, Combined):
            parts = [self.view(part) for part in view.parts]
            return str(self.macro(self.patterns, "combine")(view.how, parts)), "combined"
        if isinstance(view, LastSteps):
            return self._last_steps(view), "last_steps"
        if isinstance(view, Step):
            return f"{self.view(view.of)}[:, {index_text(view.index, view.steps)}]", ""
        parts = [self.view(part) for part in children(view)]
        inner = parts[0]
        if isinstance(view, Repeat) and view.count == Size.of(1):
            return f"{inner}.unsqueeze(1)", ""
        if isinstance(view, Gather):
            return f"{inner}[:, {list(view.indices)}]", "gathered"
        return str(self.macro(self.patterns, type(view).__name__)(view, *parts)), name

    def _sliced(self, view: Slice) -> str:
        return self._slice(view, self.view(view.of))

    def _last_steps(self, view: LastSteps) -> str:
        count, mask, value = view.count, self.masks[view.of.block], self.view(view.of)
        last = self.names.claim("last")
        steps = f"torch.arange({count}, device={mask}.device)"
        self.say(f"{last} = {mask}.sum(dim=1, keepdim=True) - {count} + {steps}")
        taken = f"{value}.take_along_dim({last}.clamp(min=0)[..., None], dim=1)"
        return f"{taken}.masked_fill(({last} < 0)[..., None], 0)"

    def _slice(self, view: Slice, inner: str) -> str:
        stride = abs(view.stride)
        start = view.start if view.stride > 0 else view.start - (view.count - 1) * stride
        text = slice_text(start, view.count, stride, view.steps)
        sliced = inner if text == ":" else f"{inner}[:, {text}]"
        return sliced if view.stride > 0 else f"{sliced}.flip(1)"
