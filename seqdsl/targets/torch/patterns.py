"""views → PyTorch expressions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, get_args

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
    map_sizes,
    walk,
)
from seqdsl.layers import Combination
from seqdsl.size import Size
from seqdsl.targets.emit.writer import Writer, grouped, slice_text
from seqdsl.targets.notes import code

if TYPE_CHECKING:
    from seqdsl.targets.notes import Note

_NAMES: dict[type, str] = {
    Repeat: "repeated",
    RepeatSteps: "repeated",
    Pad: "padded",
    ConcatTime: "joined",
    ConcatFeatures: "joined",
    Zeros: "zeros",
}


_WORDS: dict[type, str] = {
    Repeat: "`unsqueeze(1)` and `expand`",
    Pad: "`F.pad`",
    Zeros: "`.new_zeros`",
    ConcatTime: "`torch.cat(..., dim=1)`",
    ConcatFeatures: "`torch.cat(..., dim=-1)`",
    Flatten: "`.flatten(1)`",
    Gather: "a list of indices",
    DynamicSlice: "`.shape[1]`",
}
"""What PyTorch calls a pattern."""

_COMBINED = {
    Combination.ADD: "`+`",
    Combination.MULTIPLY: "`*`",
    Combination.MEAN: "`+`",
    Combination.MAX: "`torch.maximum`",
}
"""What PyTorch calls a combination, element by element."""


@dataclass(slots=True)
class TorchPatterns(Writer):
    """Writes views."""

    _given: dict[str, str] = field(default_factory=dict)

    def local(self, view: Expression) -> Expression:
        """A view whose sizes are written as ``forward`` can reach them."""
        return map_sizes(view, self.size)

    def noted(self) -> list[Note]:
        """The notes, about the expressions as the specification has them."""
        if not self.spec.parameters:
            return self.notes
        names = {f"self.{item.name}": Size.of(item.name) for item in self.spec.parameters}
        return [
            replace(item, subject=map_sizes(item.subject, lambda size: size.subs(names)))
            if isinstance(item.subject, get_args(Expression))
            else item
            for item in self.notes
        ]

    def size(self, size: Size) -> Size:
        """A size as ``forward`` can reach it: parameters are attributes there."""
        if not self._given:
            self._given |= {item.name: f"self.{item.name}" for item in self.spec.parameters}
        return size.subs({name: Size.of(self._given.get(name, name)) for name in size.names})

    def ids(self, view: Expression) -> str:
        """An expression for the token ids that a view gives, without an axis of features."""
        # Zero steps are of the type of what tells their number.
        mixed = any(isinstance(item, Zeros) for item in walk(view))
        return f"{Writer.ids(self, view)}{'.long()' if mixed else ''}"

    def pattern(self, view: Expression) -> tuple[str, str]:
        """A view's expression, and the name of the variable that should hold it (empty: none)."""
        name = _NAMES.get(type(view), "")
        if isinstance(view, ConcatTime | ConcatFeatures):
            parts = [self.view(part) for part in view.parts]
            self.note_read(view, _WORDS[type(view)])
            return str(self.macro(self.patterns, type(view).__name__)(parts)), name
        if isinstance(view, Slice):
            return self._sliced(view), ""
        if isinstance(view, Elementwise):
            parts = [self.view(part) for part in view.parts]
            self.note_read(view, _COMBINED[Combination(view.how)])
            return str(self.macro(self.patterns, "combine")(view.how, parts)), "combined"
        if isinstance(view, LastSteps):
            return self._last_steps(view), "last_steps"
        if isinstance(view, ValidFirst):
            self.helpers.add("take_steps")
            order = self.order(self.masks[view.of.block])
            self.note_read(view, "`true_first`")
            return f"take_steps({self.view(view.of)}, {order})", "valid_first"
        if isinstance(view, Step):
            return self.step_of(view, self.view(view.of)), ""
        # For the batch's size alone an input serves as well as a state.
        given = [item.name for item in self.spec.inputs if item.dtype == "float32"]
        counted = isinstance(view, Zeros) and not view.free and given
        parts = given[:1] if counted else [self.view(part) for part in children(view)]
        inner = parts[0]
        if isinstance(view, Repeat) and view.count == Size.of(1):
            self.note_read(view, "`.unsqueeze(1)`")
            return f"{inner}.unsqueeze(1)", ""
        self.note_read(view, self._word(view))
        if isinstance(view, Gather):
            return f"{inner}[:, {list(view.indices)}]", "gathered"
        return str(self.macro(self.patterns, type(view).__name__)(view, *parts)), name

    def _word(self, view: Expression) -> str:
        return self.repeated_word(view) if isinstance(view, RepeatSteps) else _WORDS[type(view)]

    def _sliced(self, view: Slice) -> str:
        if word := self.slice_word(view):
            self.note_read(view, word)
        return self.steps_of(view, self.view(view.of))

    def slice_word(self, view: Slice) -> str:
        """What PyTorch calls a slice; empty where all steps are read as they are."""
        text = slice_text(view.start, view.count, view.stride, view.steps, self.spec.free)
        if view.stride < 0:
            return "`.flip(1)`"
        return "" if text == ":" else code(f"[:, {text}]")

    def repeated_word(self, view: RepeatSteps) -> str:
        """What PyTorch calls steps that are repeated in turn."""
        return code(f".repeat_interleave({view.times}, dim=1)")

    def joined_word(self) -> str:
        """What PyTorch calls steps, one after the other."""
        return _WORDS[ConcatTime]

    def repeated_steps(self, inner: str, times: int) -> str:
        """An expression for each step of what has no features, (batch, steps), so many times in turn."""
        return f"{inner}.repeat_interleave({times}, dim=1)"

    def joined_steps(self, parts: list[str]) -> str:
        """An expression for what has no features, (batch, steps), one after the other."""
        return f"torch.cat(({', '.join(parts)}), dim=1)"

    def _last_steps(self, view: LastSteps) -> str:
        """The last valid steps; zero in front of them where a sample has fewer."""
        count, mask, value = view.count, self.masks[view.of.block], self.view(view.of)
        last = self.names.claim("last")
        at_end = self.spec.blocks[view.of.block].masking.at_end
        self.note_read(view, "`.take_along_dim`" if at_end else "`take_steps`")
        if not self.spec.blocks[view.of.block].masking.at_end:
            # What padded steps hold is zero.
            self.helpers |= {"take_steps", "true_first"}
            self.say(f"{last} = true_first(~{mask})[:, -{grouped(str(count))}:]")
            self.last_masks[view] = f"take_steps({mask}, {last})"
            return f"take_steps({value}, {last})"
        self.last_masks[view] = f"{last} >= 0"
        steps = f"torch.arange({count}, device={mask}.device)"
        back = str(count) if len(count.terms) == 1 else f"({count})"
        self.say(f"{last} = {mask}.sum(dim=1, keepdim=True) - {back} + {steps}")
        taken = f"{value}.take_along_dim({last}.clamp(min=0)[..., None], dim=1)"
        return f"{taken}.masked_fill(({last} < 0)[..., None], 0)"

    def steps_of(self, view: Slice, inner: str) -> str:
        """A slice of what ``inner`` holds, as an expression."""
        stride = abs(view.stride)
        start = view.start if view.stride > 0 else view.start - (view.count - 1) * stride
        text = slice_text(start, view.count, stride, view.steps, self.spec.free)
        sliced = inner if text == ":" else f"{inner}[:, {text}]"
        return sliced if view.stride > 0 else f"{sliced}.flip(1)"

    def masked_steps(self, view: Expression) -> str:
        """A mask's view, as an expression."""
        if isinstance(view, Value):
            return self.masks[view.block]
        if isinstance(view, ValidFirst):
            mask = self.masks[view.of.block]
            self.helpers.add("take_steps")
            return self.named_mask(f"take_steps({mask}, {self.order(mask)})")
        if isinstance(view, LastSteps):
            self.view(view)
            return self.named_mask(self.last_masks[view])
        inner = self.masked_steps(children(view)[0])
        if isinstance(view, Slice):
            return self.steps_of(view, inner)
        if isinstance(view, Gather):
            return f"{inner}[:, {list(view.indices)}]"
        if isinstance(view, RepeatSteps):
            return self.repeated_steps(inner, view.times)
        others = [self.view(part) for part in children(view)[1:]]
        return str(self.macro(self.patterns, type(view).__name__)(view, inner, *others))
