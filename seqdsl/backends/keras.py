"""model specification → Keras 3 source: `Sequential` for a chain of layers, else functional."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seqdsl.backends.layout import fit
from seqdsl.backends.render import environment, frame, macros
from seqdsl.backends.writer import Writer, index_text, slice_text
from seqdsl.model.layers import COMBINE, RECURRENT, SOURCES
from seqdsl.model.views import (
    Between,
    Combined,
    Final,
    Flatten,
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
    Zeros,
    children,
)

if TYPE_CHECKING:
    from seqdsl.model.spec import Block, Input, ModelSpec
    from seqdsl.model.start import Start

TARGET = "keras"


def source(spec: ModelSpec) -> str:
    """The Keras source of ``spec``."""
    chain = _Chain(spec).layers()
    helpers: list[str] = []
    if chain is not None:
        body = ["return keras.Sequential(", "    ["]
        for line in chain:
            body += fit(f"{line},", 8)
        body += ["    ],", f'    name="{_model_name(spec)}",', ")"]
        text = "\n".join(body)
    else:
        writer = _KerasWriter(spec, macros(TARGET, "patterns"), macros(TARGET, "layers"))
        statements = writer.write()
        found = macros(TARGET, "helpers")
        helpers = [str(getattr(found, name)()).strip() for name in sorted(writer.helpers)]
        text = "\n".join(line for statement in statements for line in fit(statement, 4))
        text = "\n".join(line.removeprefix("    ") for line in text.split("\n"))
    return frame(environment().get_template("keras/module.py.j2"), spec, body=text, helpers=helpers)


def _model_name(spec: ModelSpec) -> str:
    return spec.name.replace("-", "_")


@dataclass(slots=True)
class _KerasWriter(Writer):
    """Writes a functional model."""

    shared: dict[str, str] = field(default_factory=dict)
    helpers: set[str] = field(default_factory=set)

    def write(self) -> list[str]:
        for item in self.spec.inputs:
            self.say(f"{item.name} = {self.input(item)}")
            if self.spec.blocks[item.block].options.get("masked"):
                self._begin_mask(item.block, f"ops.any(ops.not_equal({item.name}, 0), axis=-1)")
        for index in self.spec.order:
            block = self.spec.blocks[index]
            if block.kind not in SOURCES:
                self.block(block)
        inputs = _listed([item.name for item in self.spec.inputs])
        outputs = _listed([self.values[item.block] for item in self.spec.outputs])
        self.say(
            f'return keras.Model(inputs={inputs}, outputs={outputs}, name="{_model_name(self.spec)}")'
        )
        return self.lines

    def input(self, item: Input) -> str:
        return input_text(item, self.spec)

    def block(self, block: Block) -> None:
        if block.kind in ("output", "concat"):
            self.values[block.index] = self.view(block.views[0])
            self.note_mask(block)
        elif block.kind in RECURRENT:
            self._recurrent(block)
        else:
            self.values[block.index] = block.name
            if block.options.get("masked"):
                self._begin_mask(block.index, f"ops.not_equal({self.view(block.views[0])}, 0)")
            self.say(f"{block.name} = {self._applied(block)}")
            mask = self.masks.get(block.index) or self.note_mask(block)
            if mask and block.kind not in ZERO_STAYS:
                self.say(f"{block.name} = ops.where({mask}[..., None], {block.name}, 0.0)")

    def _begin_mask(self, index: int, text: str) -> None:
        name = self.names.claim("mask")
        self.say(f"{name} = {text}")
        self.masks[index] = name

    def masked_steps(self, view: View) -> str:
        if isinstance(view, Value):
            return self.masks[view.block]
        if isinstance(view, Slice):
            return self._slice(view, self.masked_steps(view.of))
        inner = self.masked_steps(children(view)[0])
        if isinstance(view, Between):
            self.helpers.add("Between")
            others = [self.view(part) for part in children(view)[1:]]
            return f"Between()([{', '.join([inner, *others])}])"
        assert isinstance(view, Gather)
        return f"ops.take({inner}, {list(view.indices)}, axis=1)"

    def constructor(self, block: Block) -> str:
        """The text that makes the block's layer, or the variable that holds it if it is shared."""
        layer = self.layer(block)
        text = str(self.macro(self.layers, block.kind)(layer, block, _wide(block)))
        uses = sum(other.layer is layer for other in self.spec.blocks)
        if uses == 1 or not any(size.terms for size in layer.counts.values()):
            return text
        if layer.name not in self.shared:
            self.shared[layer.name] = self.names.claim(f"{layer.name}_layer")
            self.say(f"{self.shared[layer.name]} = {text}")
        return self.shared[layer.name]

    def _applied(self, block: Block) -> str:
        if block.kind in COMBINE:
            return self._combined(block)
        if block.kind == "conv":
            return self._convolved(block)
        if block.kind == "attention":
            return self._attended(block)
        if block.kind == "split" and block.steps is None:
            return self.view(block.views[0])
        view = self.view(block.views[0])
        return f"{self.constructor(block)}({view})"

    def _combined(self, block: Block) -> str:
        views = [self.view(view) for view in block.views]
        if block.options.get("pool"):
            mask = self.mask(block.memory_masks)
            pooled = str(self.macro(self.layers, "pool")(block.kind, views[0], mask))
            repeat = block.options.get("repeat")
            return f"layers.RepeatVector({repeat})({pooled})" if repeat is not None else pooled
        if len(views) == 1:
            return views[0]
        return f"{self.macro(self.layers, block.kind)()}([{', '.join(views)}])"

    def _convolved(self, block: Block) -> str:
        view = self.view(block.views[0])
        padding = _padding(block)
        if padding == "explicit":
            before, after = (max(0, _whole(block.options[key])) for key in ("before", "after"))
            padded = self.names.claim("padded")
            self.say(f"{padded} = layers.ZeroPadding1D(({before}, {after}))({view})")
            view = padded
        text = f"{self.constructor(block)}({view})"
        kept = block.options.get("kept")
        if kept is None:
            return text
        self.say(f"{block.name} = {text}")
        assert not isinstance(kept, str)
        return self.view(kept)  # type: ignore[arg-type]

    def _attended(self, block: Block) -> str:
        query, memory = (self.view(view) for view in block.views)
        if block.steps is None:
            query = f"layers.RepeatVector(1)({query})"
        causal = "use_causal_mask=True" if self.layer(block).arguments["causal"] else ""
        layer = self.constructor(block)
        mask = self.mask(block.memory_masks)
        if mask and self.layer(block).arguments["heads"]:
            causal = ", ".join(filter(None, (f"attention_mask=({mask})[:, None]", causal)))
        elif mask:
            causal = ", ".join(filter(None, (f"mask=[None, {mask}]", causal)))
        if self.layer(block).arguments["heads"]:
            text = f"{layer}({', '.join(filter(None, (query, memory, causal)))})"
        else:
            text = f"{layer}({', '.join(filter(None, (f'[{query}, {memory}]', causal)))})"
        return f"{text}[:, 0]" if block.steps is None else text

    def _recurrent(self, block: Block) -> None:
        view = self.view(block.views[0])
        start = self._start(block)
        mask = self.note_mask(block)
        call = f"{self.constructor(block)}({view}{f', mask={mask}' if mask else ''}{start})"
        reverse = block.options["direction"] == "<" and "sequence" in block.uses
        name = block.name
        holder = "_" if block.uses == {"state"} else name
        if _keeps_state(block):
            self.states[block.index] = self.names.claim(f"{name}_state")
            self.say(f"{holder}, *{self.states[block.index]} = {call}")
        else:
            self.say(f"{holder} = {call}")
        if reverse:
            self.say(f"{name} = ops.flip({name}, axis=1)")
        self.values[block.index] = name
        self.finals[block.index] = self._final(block)

    def _final(self, block: Block) -> str:
        if "sequence" not in block.uses or block.steps is None:
            return block.name
        if block.options["direction"] == "=" and "final" in block.uses:
            state = self.states[block.index]
            final = self.names.claim(f"{block.name}_final")
            second = 2 if block.kind == "lstm" else 1
            self.say(f"{final} = layers.Concatenate()([{state}[0], {state}[{second}]])")
            return final
        return f"{block.name}[:, {0 if block.options['direction'] == '<' else -1}]"

    def _start(self, block: Block) -> str:
        start = block.start
        if start is None:
            return ""
        return f", initial_state={self._state_text(block, start)}"

    def _state_text(self, block: Block, start: Start) -> str:
        lstm = block.kind == "lstm"
        if start.block is None:
            return self._value_state(start, lstm, block)
        state = self.states[start.block]
        if start.how == "direct":
            return state
        if start.how == "forward":
            return f"[*{state}, *[ops.zeros_like(part) for part in {state}]]"
        pairs = ((0, 2), (1, 3)) if lstm else ((0, 1),)
        joined = [f"layers.Concatenate()([{state}[{i}], {state}[{j}]])" for i, j in pairs]
        return f"[{', '.join(joined)}]"

    def _value_state(self, start: Start, lstm: bool, block: Block) -> str:
        value = self.view(start.views[0])
        count = 2 if lstm else 1
        if start.how == "halves":
            halves = self.names.claim(f"{block.name}_start")
            self.say(f"{halves} = ops.split({value}, 2, axis=-1)")
            return f"[{', '.join(f'{halves}[{half}]' for half in (0, 1) for _ in range(count))}]"
        parts = [value] * count
        if start.how == "forward":
            parts += [f"ops.zeros_like({value})"] * count
        return f"[{', '.join(parts)}]"

    def pattern(self, view: View) -> tuple[str, str]:
        layer = layer_text(view, self)
        if layer is not None:
            parts = [self.view(part) for part in children(view)]
            listed = isinstance(view, JoinTime | JoinFeatures)
            inner = f"[{', '.join(parts)}]" if listed else parts[0]
            return f"{layer}({inner})", _NAMES[type(view)]
        if isinstance(view, Repeat | Zeros):
            parts = [self.view(part) for part in children(view)]
            name = "repeated" if isinstance(view, Repeat) else "zeros"
            return str(self.macro(self.patterns, f"{type(view).__name__}Like")(view, *parts)), name
        if isinstance(view, Step):
            return f"{self.view(view.of)}[:, {index_text(view.index, view.steps)}]", ""
        if isinstance(view, Slice):
            return self._sliced(view)
        if isinstance(view, Combined):
            parts = [self.view(part) for part in view.parts]
            return f"{self.macro(self.layers, view.how)()}([{', '.join(parts)}])", "combined"
        if isinstance(view, LastSteps):
            return self._last_steps(view), "last_steps"
        if isinstance(view, Between):
            parts = [self.view(part) for part in children(view)]
            self.helpers.add("Between")
            return f"Between()([{', '.join(parts)}])", "between"
        assert isinstance(view, Gather)
        return f"ops.take({self.view(view.of)}, {list(view.indices)}, axis=1)", "gathered"

    def _sliced(self, view: Slice) -> tuple[str, str]:
        inner = self.view(view.of)
        if view.stride > 0:
            return self._slice(view, inner), ""
        return self._slice(view, inner), "reversed_steps"

    def _slice(self, view: Slice, inner: str) -> str:
        if view.stride > 0:
            return f"{inner}[:, {slice_text(view.start, view.count, view.stride, view.steps)}]"
        forward = _forward(view)
        text = slice_text(forward.start, forward.count, forward.stride, forward.steps)
        return f"ops.flip({inner}{'' if text == ':' else f'[:, {text}]'}, axis=1)"

    def _last_steps(self, view: LastSteps) -> str:
        count, mask, value = view.count, self.masks[view.of.block], self.view(view.of)
        last = self.names.claim("last")
        lengths = f'ops.sum(ops.cast({mask}, "int32"), axis=1, keepdims=True)'
        self.say(f"{last} = {lengths} - {count} + ops.arange({count})")
        taken = f"ops.take_along_axis({value}, ops.maximum({last}, 0)[..., None], axis=1)"
        return f"ops.where(({last} >= 0)[..., None], {taken}, 0.0)"


# A step of zeros goes through these as zeros.
ZERO_STAYS = frozenset({"dropout", "add", "multiply", "mean"})


def _forward(view: Slice) -> Slice:
    """The steps of a backward slice, in forward order."""
    stride = -view.stride
    return Slice(view.of, view.start - (view.count - 1) * stride, view.count, stride, view.steps)


_NAMES: dict[type, str] = {
    Repeat: "repeated",
    Pad: "padded",
    Flatten: "flat",
    JoinTime: "joined",
    JoinFeatures: "joined",
    Slice: "cropped",
}


def layer_text(view: View, writer: Writer) -> str | None:
    """The Keras layer that makes a view, if there is one."""
    if isinstance(view, Slice):
        after = view.steps - view.start - view.count
        if view.stride != 1 or view.start.constant is None or after.constant is None:
            return None
        return str(writer.macro(writer.patterns, "Slice")(view.start, after))
    if isinstance(view, Repeat) and view.like is not None:
        return None
    if isinstance(view, Repeat | Pad | Flatten | JoinTime | JoinFeatures):
        return str(writer.macro(writer.patterns, type(view).__name__)(view))
    return None


def _whole(value: object) -> int:
    assert isinstance(value, int)
    return value


def _padding(block: Block) -> str:
    """How Keras pads for a block's convolution: by name where it has one."""
    assert block.layer is not None
    before, after = _whole(block.options["before"]), _whole(block.options["after"])
    arguments = block.layer.arguments
    kernel, dilation = int(str(arguments["kernel"])), _whole(arguments["dilation"])
    reach = (kernel - 1) * dilation
    if before == after == 0:
        return "valid"
    if arguments["stride"] == 1 and before == reach and after == 0:
        return "causal"
    if arguments["stride"] == 1 and before == reach // 2 and before + after == reach:
        return "same"
    return "explicit"


def _wide(block: Block) -> dict[str, object]:
    """What the layer macros need to know of the block that they are applied in."""
    facts: dict[str, object] = {
        "sequences": "sequence" in block.uses,
        "state": _keeps_state(block),
        "masked": bool(block.masks),
        "backwards": block.options.get("direction") == "<",
    }
    if block.kind == "conv":
        padding = _padding(block)
        facts["padding"] = "valid" if padding == "explicit" else padding
    return facts


def _keeps_state(block: Block) -> bool:
    both = block.options.get("direction") == "=" and {"sequence", "final"} <= block.uses
    return "state" in block.uses or both


def _listed(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"[{', '.join(items)}]"


def input_text(item: Input, spec: ModelSpec) -> str:
    """The ``keras.Input`` of a model's input; a free length is ``None``."""
    parts = ["None" if size.names & set(spec.free) else str(size) for size in item.shape]
    shape = f"({', '.join(parts)}{',' * (len(parts) == 1)})"
    dtype = ', dtype="int32"' if item.dtype == "int32" else ""
    return f'keras.Input(shape={shape}{dtype}, name="{item.name}")'


class _Chain:
    """Tries to write a model as a list of layers."""

    def __init__(self, spec: ModelSpec) -> None:
        self.spec = spec
        self.writer = _KerasWriter(spec, macros(TARGET, "patterns"), macros(TARGET, "layers"))

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
        return lines

    def _links(self, block: Block, previous: int) -> list[str] | None:
        """The layers of one block on top of ``previous``."""
        if len(block.views) != 1:
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
        if block.kind == "output":
            return []
        if block.kind in RECURRENT and (
            block.start or _keeps_state(block) or self._is_flipped(block)
        ):
            return None
        if block.kind == "concat" or "kept" in block.options or block.kind == "attention":
            return None
        if block.kind in COMBINE:
            return self._pooled(block)
        if block.kind == "split" and block.steps is None:
            return []
        own = [
            str(self.writer.macro(self.writer.layers, block.kind)(block.layer, block, _wide(block)))
        ]
        if block.kind == "conv" and _padding(block) == "explicit":
            before, after = (_whole(block.options[key]) for key in ("before", "after"))
            if before < 0 or after < 0:
                return None
            own.insert(0, f"layers.ZeroPadding1D(({before}, {after}))")
        return own

    def _pooled(self, block: Block) -> list[str] | None:
        if not block.options.get("pool") or block.kind not in ("mean", "max"):
            return None
        pooled = str(self.writer.macro(self.writer.layers, "pool_layer")(block.kind))
        repeat = block.options.get("repeat")
        return [pooled] if repeat is None else [pooled, f"layers.RepeatVector({repeat})"]

    def _is_flipped(self, block: Block) -> bool:
        return block.options["direction"] == "<" and "sequence" in block.uses
