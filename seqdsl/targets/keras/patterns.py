"""views → Keras expressions."""

from __future__ import annotations

from dataclasses import dataclass

from seqdsl.ir.expressions import (
    ConcatFeatures,
    ConcatTime,
    DynamicSlice,
    Elementwise,
    Expression,
    Flatten,
    Gather,
    LastSteps,
    Pad,
    Repeat,
    RepeatSteps,
    Slice,
    Step,
    ValidFirst,
    Value,
    Zeros,
    children,
    walk,
)
from seqdsl.ir.operations import Placeholder
from seqdsl.size import Size
from seqdsl.targets.emit.writer import Writer, grouped, slice_text
from seqdsl.targets.notes import code


@dataclass(slots=True)
class KerasPatterns(Writer):
    """Writes views: layers where Keras has one, else operations."""

    def pattern(self, view: Expression) -> tuple[str, str]:
        """A view's expression, and the name of the variable that should hold it (empty: none)."""
        layer = layer_text(view, self)
        if layer is not None:
            parts = [self.view(part) for part in children(view)]
            listed = isinstance(view, ConcatTime | ConcatFeatures)
            inner = f"[{', '.join(parts)}]" if listed else parts[0]
            self.note_read(view, layer_word(view, layer))
            return f"{layer}({inner})", _NAMES[type(view)]
        if isinstance(view, Repeat | Zeros):
            parts = [self.view(part) for part in children(view)]
            name = "repeated" if isinstance(view, Repeat) else "zeros"
            self.note_read(view, "`ops.ones_like`" if name == "repeated" else "`ops.zeros_like`")
            return str(self.macro(self.patterns, f"{type(view).__name__}Like")(view, *parts)), name
        if isinstance(view, Step):
            return self.step_of(view, self.view(view.of)), ""
        if isinstance(view, Slice):
            return self._sliced(view)
        if isinstance(view, Elementwise):
            parts = [self.view(part) for part in view.parts]
            layer = str(self.macro(self.layers, view.how)())
            self.note_read(view, layer_word(view, layer))
            return f"{layer}([{', '.join(parts)}])", "combined"
        if isinstance(view, LastSteps):
            return self._last_steps(view), "last_steps"
        if isinstance(view, ValidFirst):
            order = self.order(self.masks[view.of.block])
            value = self.view(view.of)
            self.note_read(view, "`true_first`")
            return f"ops.take_along_axis({value}, {order}[..., None], axis=1)", "valid_first"
        if isinstance(view, DynamicSlice):
            parts = [self.view(part) for part in children(view)]
            self.helpers.add("Between")
            self.note_read(view, "a small layer `Between`")
            return f"Between()([{', '.join(parts)}])", "between"
        assert isinstance(view, Gather)
        self.note_read(view, "`ops.take`")
        return f"ops.take({self.view(view.of)}, {list(view.indices)}, axis=1)", "gathered"

    def _sliced(self, view: Slice) -> tuple[str, str]:
        inner = self.view(view.of)
        self.note_read(view, self.slice_word(view))
        if view.stride > 0:
            return self.steps_of(view, inner), ""
        return self.steps_of(view, inner), "reversed_steps"

    def steps_of(self, view: Slice, inner: str) -> str:
        """A slice of what ``inner`` holds, as an expression."""
        if view.stride > 0:
            return f"{inner}{self._indices(view)}"
        forward = _forward(view)
        text = slice_text(
            forward.start, forward.count, forward.stride, forward.steps, self.spec.free
        )
        return f"ops.flip({inner}{'' if text == ':' else f'[:, {text}]'}, axis=1)"

    def _indices(self, view: Slice) -> str:
        return f"[:, {slice_text(view.start, view.count, view.stride, view.steps, self.spec.free)}]"

    def slice_word(self, view: Slice) -> str:
        """What Keras calls a slice that is no layer."""
        return code(self._indices(view)) if view.stride > 0 else "`ops.flip`"

    def repeated_word(self, view: RepeatSteps) -> str:
        """What Keras calls steps of token ids that are repeated in turn."""
        return "`ops.repeat`"

    def joined_word(self) -> str:
        """What Keras calls steps of token ids, one after the other."""
        return "`Concatenate(axis=1)`"

    def repeated_steps(self, inner: str, times: int) -> str:
        """An expression for each step of what has no features, (batch, steps), so many times in turn."""
        return f"ops.repeat({inner}, {times}, axis=1)"

    def joined_steps(self, parts: list[str]) -> str:
        """An expression for what has no features, (batch, steps), one after the other."""
        return f"layers.Concatenate(axis=1)([{', '.join(parts)}])"

    def _last_steps(self, view: LastSteps) -> str:
        """The last valid steps; zero in front of them where a sample has fewer."""
        count, mask, value = view.count, self.masks[view.of.block], self.view(view.of)
        last = self.names.claim("last")
        self.note_read(view, "`ops.take_along_axis`")
        if not self.spec.blocks[view.of.block].masking.at_end:
            # What padded steps hold is zero.
            self.helpers.add("true_first")
            self.say(f"{last} = true_first(ops.logical_not({mask}))[:, -{grouped(str(count))}:]")
            self.last_masks[view] = f"ops.take_along_axis({mask}, {last}, axis=1)"
            return f"ops.take_along_axis({value}, {last}[..., None], axis=1)"
        self.last_masks[view] = f"{last} >= 0"
        lengths = f'ops.sum(ops.cast({mask}, "int32"), axis=1, keepdims=True)'
        back = str(count) if len(count.terms) == 1 else f"({count})"
        self.say(f"{last} = {lengths} - {back} + ops.arange({count})")
        taken = f"ops.take_along_axis({value}, ops.maximum({last}, 0)[..., None], axis=1)"
        return f"ops.where(({last} >= 0)[..., None], {taken}, 0.0)"

    def masked_steps(self, view: Expression) -> str:
        """A mask's view, as an expression."""
        if isinstance(view, Value):
            return self.masks[view.block]
        if isinstance(view, ValidFirst):
            mask = self.masks[view.of.block]
            return self.named_mask(f"ops.take_along_axis({mask}, {self.order(mask)}, axis=1)")
        if isinstance(view, LastSteps):
            self.view(view)
            return self.named_mask(self.last_masks[view])
        if isinstance(view, Slice):
            return self.steps_of(view, self.masked_steps(view.of))
        inner = self.masked_steps(children(view)[0])
        if isinstance(view, RepeatSteps):
            return self.repeated_steps(inner, view.times)
        if isinstance(view, DynamicSlice):
            self.helpers.add("Between")
            others = [self.view(part) for part in children(view)[1:]]
            return f"Between()([{', '.join([inner, *others])}])"
        assert isinstance(view, Gather)
        return f"ops.take({inner}, {list(view.indices)}, axis=1)"


def _forward(view: Slice) -> Slice:
    """The steps of a backward slice, in forward order."""
    stride = -view.stride
    return Slice(view.of, view.start - (view.count - 1) * stride, view.count, stride, view.steps)


_NAMES: dict[type, str] = {
    Repeat: "repeated",
    RepeatSteps: "upsampled",
    Pad: "padded",
    Flatten: "flat",
    ConcatTime: "joined",
    ConcatFeatures: "joined",
    Slice: "cropped",
}


def layer_text(view: Expression, writer: Writer) -> str | None:
    """The Keras layer that makes a view, if there is one."""
    if isinstance(view, Slice):
        after = view.steps - view.start - view.count
        if view.stride != 1 or view.start.constant is None or after.constant is None:
            return None
        if not _is_some(view.count, writer):
            return None
        return str(writer.macro(writer.patterns, "Slice")(view.start, after))
    if isinstance(view, Repeat) and view.like is not None:
        return None
    if isinstance(view, Flatten):
        return str(writer.macro(writer.patterns, "Flatten")(view, _size(view, writer)))
    if isinstance(view, Repeat | RepeatSteps | Pad | ConcatTime | ConcatFeatures):
        return str(writer.macro(writer.patterns, type(view).__name__)(view))
    return None


def layer_word(view: Expression, layer: str) -> str:
    """What Keras calls a layer that makes a view: its constructor without the module, for a shape without its size."""
    if isinstance(view, Flatten) and layer != "layers.Flatten()":
        return "`Reshape`"
    return code(layer.removeprefix("layers."))


def _is_some(count: Size, writer: Writer) -> bool:
    """Whether there is always a step, however few the builder is asked for: Keras's layer cannot crop all of them."""
    return int(count.value({**writer.spec.defaults, **writer.spec.minimum})) > 0


def _size(view: Flatten, writer: Writer) -> str:
    """The size of some steps, where Keras may not know how many they are: those of a free length, or cut from one."""
    few = view.of
    if not writer.spec.free or not isinstance(few, Slice | Value):
        return ""
    block = writer.spec.blocks[next(item.block for item in walk(few) if isinstance(item, Value))]
    whole = block.steps is not None and not block.steps.names & set(writer.spec.free)
    if whole and isinstance(block.operation, Placeholder):
        return ""
    count = few.count if isinstance(few, Slice) else block.steps
    return "" if count is None else str(count * block.features)
