"""blocks → statements: what both frameworks' writers share: names, temporary values, the order of things."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from seqdsl.model.naming import Names
from seqdsl.model.views import Final, Value, View

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.model.size import Size
    from seqdsl.model.spec import Block, ModelSpec


class MissingMacro(Exception):
    """A framework's templates lack a layer or a pattern: our fault, never the picture's."""


@dataclass(slots=True)
class Writer:
    """Writes the body of a model, one statement after the other.

    Attributes:
        spec: the model.
        patterns: the framework's macros for views, by class name.
        layers: its macros for layers, by kind.
        lines: the statements so far.
        finals: what holds the final state of each recurrent block.
        values: what holds the value of each block.
        states: what holds the state of each recurrent block that hands it on.
        masks: what tells the real steps of each masked block, (batch, steps).
    """

    spec: ModelSpec
    patterns: Any
    layers: Any
    lines: list[str] = field(default_factory=list)
    values: dict[int, str] = field(default_factory=dict)
    finals: dict[int, str] = field(default_factory=dict)
    states: dict[int, str] = field(default_factory=dict)
    masks: dict[int, str] = field(default_factory=dict)
    names: Names = field(init=False)
    _views: dict[View, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Take the names that stand already: parameters, inputs and blocks."""
        spec = self.spec
        taken = [item.name for item in spec.parameters] + [block.name for block in spec.blocks]
        self.names = Names(taken)
        for item in spec.inputs:
            self.values[item.block] = item.name

    def say(self, line: str) -> None:
        """Add a statement."""
        self.lines.append(line)

    def macro(self, table: Any, name: str) -> Any:
        """The macro ``name`` of a framework's table."""
        found = getattr(table, name, None)
        if found is None:
            raise MissingMacro(f"no macro for {name}")
        return found

    def view(self, view: View) -> str:
        """An expression for a view; what takes more than an index becomes a variable of its own."""
        view = self.local(view)
        if isinstance(view, Value):
            return self.values[view.block]
        if isinstance(view, Final):
            return self.finals[view.block]
        if view not in self._views:
            text, name = self.pattern(view)
            if name:
                variable = self.names.claim(name)
                self.say(f"{variable} = {text}")
                text = variable
            self._views[view] = text
        return self._views[view]

    def local(self, view: View) -> View:
        """A view whose sizes are written as the generated code can reach them."""
        return view

    def pattern(self, view: View) -> tuple[str, str]:
        """A view's expression, and the name of the variable that should hold it (empty: none)."""
        raise NotImplementedError

    def mask(self, masks: tuple[View, ...]) -> str:
        """What tells the steps that are real in all of ``masks``; empty if there are none."""
        parts = list(dict.fromkeys(self.masked_steps(self.local(view)) for view in masks))
        return " & ".join(parts)

    def masked_steps(self, view: View) -> str:
        """A mask's view, as an expression."""
        raise NotImplementedError

    def note_mask(self, block: Block) -> str:
        """Give a block's mask a name of its own, if it is not that of another block."""
        text = self.mask(block.masks)
        if text and not text.isidentifier():
            name = self.names.claim(f"{block.name}_mask")
            self.say(f"{name} = {text}")
            text = name
        if text:
            self.masks[block.index] = text
        return text

    def layer(self, block: Block) -> Any:
        """The layer of a block that has one."""
        assert block.layer is not None
        return block.layer


def index_text(index: Size, steps: Size) -> str:
    """A step's index as Python writes it: from the end where only that is a number."""
    if index.constant is not None and (steps.constant is None or index + 1 != steps):
        return str(index)
    back = (index - steps).constant
    return str(back) if back is not None else str(index)


def slice_text(start: Size, count: Size, stride: int, steps: Size) -> str:
    """The slice ``start:stop:stride`` of steps, for a positive stride."""
    stop = start + (count - 1) * stride + 1
    step = f":{stride}" if stride != 1 else ""
    from_end = stop == steps or (
        stride > 1 and (steps - stop).constant is not None and _at_least(steps - stop, 0, stride)
    )
    if start.constant == 0:
        first = ""
    elif stop == steps and (start - steps).constant is not None and stride == 1:
        first = str((start - steps).constant)
    else:
        first = index_text(start, steps)
    last = "" if from_end else index_text_stop(stop, steps)
    return f"{first}:{last}{step}"


def _at_least(rest: Size, low: int, high: int) -> bool:
    constant = rest.constant
    return constant is not None and low <= constant < high


def index_text_stop(stop: Size, steps: Size) -> str:
    """A slice's end: a number if it is one, else counted from the end."""
    if stop.constant is not None:
        return str(stop)
    back = (stop - steps).constant
    return str(back) if back is not None else str(stop)


def size_text(size: object, names: Mapping[str, str] | None = None) -> str:
    """A size, number, word or flag as Python source."""
    return str(size)
