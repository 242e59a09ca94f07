"""blocks → statements: what both frameworks' writers share: names, temporary values, the order of things."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from seqdsl.ir.expressions import (
    ConcatFeatures,
    ConcatTime,
    Elementwise,
    Expression,
    FinalState,
    Repeat,
    RepeatSteps,
    Slice,
    Step,
    Value,
    blocks_of,
    walk,
)
from seqdsl.ir.operations import (
    Apply,
    Attend,
    Convolve,
    Identity,
    Merge,
    Padding,
    Placeholder,
    Reduce,
    Split,
)
from seqdsl.layers import Combination, layer_def
from seqdsl.model.chains import seen
from seqdsl.model.naming import Names
from seqdsl.size import strided
from seqdsl.targets.notes import Idiom, Note, code

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from seqdsl.ir.graph import Input, Layer
    from seqdsl.ir.operations import Batch
    from seqdsl.model.spec import Block, ModelSpec
    from seqdsl.size import Size
    from seqdsl.targets.notes import Subject


class MissingMacro(Exception):
    """A framework's templates lack a layer or a pattern: our fault, never the picture's."""


def macro(table: Any, name: str) -> Any:
    """The macro ``name`` of a framework's table.

    Raises:
        MissingMacro: there is none.
    """
    found = getattr(table, name, None)
    if found is None:
        raise MissingMacro(f"no macro for {name}")
    return found


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
        masks: what tells the valid steps of each masked block, (batch, steps).
        helpers: the functions and classes that the generated module must have.
        orders: what holds the order of steps that `ValidFirst` takes, by mask.
        last_masks: which of the last valid steps a sample has.
        notes: what was written, for those who explain it.
    """

    spec: ModelSpec
    patterns: Any
    layers: Any
    lines: list[str] = field(default_factory=list)
    values: dict[int, str] = field(default_factory=dict)
    finals: dict[int, str] = field(default_factory=dict)
    states: dict[int, str] = field(default_factory=dict)
    masks: dict[int, str] = field(default_factory=dict)
    helpers: set[str] = field(default_factory=set)
    orders: dict[str, str] = field(default_factory=dict)
    last_masks: dict[Expression, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    names: Names = field(init=False)
    _counts: Counter[str] = field(default_factory=Counter)
    _views: dict[Expression, str] = field(default_factory=dict)
    _readers: dict[int, list[Block]] = field(default_factory=dict)
    _checked: set[int] = field(default_factory=set)
    _made: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Take the names that stand already: parameters, inputs and blocks."""
        spec = self.spec
        taken = [item.name for item in spec.parameters] + [block.name for block in spec.blocks]
        self.names = Names(taken)
        for item in spec.inputs:
            self.values[item.block] = item.name

    def write(self) -> list[str]:
        """The statements of the whole model."""
        for item in self.spec.inputs:
            self.input(item)
        for index in self.spec.order:
            block = self.spec.blocks[index]
            if isinstance(block.operation, Identity):
                self._hand_on(block)
            elif block.scan is not None:
                self.recurrent(block)
            elif not isinstance(block.operation, Placeholder):
                self._compute(block)
        self.finish([self.values[item.block] for item in self.spec.outputs])
        return self.lines

    def _hand_on(self, block: Block) -> None:
        """Name what a block sees as its value; it is zero in padded steps where not all of it is zero already."""
        view = block.views[0]
        if block.given:
            self.say(f"{block.name} = {self.labeled(block)}")
            self.values[block.index] = block.name
        else:
            self.values[block.index] = self.view(view)
        mask = self.note_mask(block)
        if mask and not self._is_zero_where_padded(view):
            self.say(f"{block.name} = {self.zeroed(self.values[block.index], mask)}")
            self.values[block.index] = block.name

    def labeled(self, block: Block) -> str:
        """An expression for what a block passes through, under the name that the picture gives it."""
        view = self.local(block.views[0])
        if isinstance(view, Value | FinalState) or view in self._views:
            return self.view(view)
        text, _ = self.pattern(view)
        self._views[view] = block.name
        return text

    def _is_zero_where_padded(self, view: Expression) -> bool:
        if isinstance(view, ConcatFeatures):
            return all(map(self._is_zero_where_padded, view.parts))
        blocks = [item.block for item in walk(view) if isinstance(item, Value)]
        return not isinstance(view, Repeat) and all(block in self.masks for block in blocks)

    def _compute(self, block: Block) -> None:
        """Apply a layer that works on all steps at once; padded steps give zeros."""
        self.values[block.index] = block.name
        if block.masking.begins:
            self._begin_token_mask(block)
        text = self.applied(block)
        if text != block.name:
            self.say(f"{block.name} = {text}")
        mask = self.masks.get(block.index) or self.note_mask(block)
        if mask and not self._stays_zero(block, mask) and not self._is_skipped(block):
            self.say(f"{block.name} = {self.zeroed(block.name, mask)}")

    def _stays_zero(self, block: Block, mask: str) -> bool:
        """Whether a block gives zero in its padded steps by itself: all that it sees is zero there."""
        if not layer_def(block.kind).keeps_zero:
            return False
        operands = (
            part
            for view in block.views
            for part in (view.parts if isinstance(view, ConcatFeatures | Elementwise) else (view,))
        )
        zero = (isinstance(part, Value) and self.masks.get(part.block) == mask for part in operands)
        # A product is zero if one of its factors is.
        return any(zero) if _multiplies(block) else all(zero)

    def _is_skipped(self, block: Block) -> bool:
        """Whether all that read a block are recurrent and skip its padded steps, whatever is there."""
        if not self._readers:
            for reader in self.spec.blocks:
                for source in {source for view in seen(reader) for source in blocks_of(view)}:
                    self._readers.setdefault(source, []).append(reader)
        readers = self._readers.get(block.index, [])
        return bool(readers) and all(_skips(reader) for reader in readers)

    def apart(
        self,
        view: str,
        block: Block,
        batch: Batch,
        reshaped: Callable[[str, Size, Size], str],
    ) -> str:
        """What the chains of a batch see, each as a sample of its own."""
        name = self.names.claim("chains")
        self.say(f"# The {batch.number} chains run as one batch.")
        self.say(f"{name} = {reshaped(view, batch.steps, self.layer(block).width)}")
        return name

    def begin_mask(self, index: int, text: str) -> None:
        """Name the mask that begins at a block."""
        name = self.names.claim("mask")
        self.say(f"{name} = {text}")
        self.masks[index] = name

    def _begin_token_mask(self, block: Block) -> None:
        """Name the mask that begins at an embedding; tokens that promise padding at their end are checked."""
        unchecked = [
            index
            for index in sorted(blocks_of(block.views[0]))
            if self.spec.blocks[index].padding is Padding.END and index not in self._checked
        ]
        self._checked.update(unchecked)
        whole = [block.views[0]] == [Value(index) for index in unchecked]
        if whole:
            self.begin_mask(block.index, self.real_tokens(self.ids(block.views[0])))
        for index in unchecked:
            mask = self.masks[block.index] if whole else self.real_tokens(self.values[index])
            self.check_padding(index, mask)
        if not whole:
            self.begin_mask(block.index, self.real_tokens(self.ids(block.views[0])))

    def order(self, mask: str) -> str:
        """What holds the order of steps that puts the valid ones first."""
        if mask not in self.orders:
            self.helpers.add("true_first")
            self.orders[mask] = self.names.claim("order")
            self.say(f"{self.orders[mask]} = true_first({mask})")
        return self.orders[mask]

    def named_mask(self, text: str) -> str:
        """A name for a mask that is made of another, the same for the same text."""
        if text not in self._made:
            self._made[text] = self.names.claim("valid")
            self.say(f"{self._made[text]} = {text}")
        return self._made[text]

    def check_padding(self, index: int, mask: str) -> None:
        """Say that an input must be padded at its end: where ``mask`` is false."""
        raise NotImplementedError

    def input(self, item: Input) -> None:
        """Say what there is to say of an input."""
        raise NotImplementedError

    def recurrent(self, block: Block) -> None:
        """Say how a recurrent block runs."""
        raise NotImplementedError

    def applied(self, block: Block) -> str:
        """An expression for the value of any other block."""
        raise NotImplementedError

    def real_tokens(self, value: str) -> str:
        """An expression for where token ids are no padding."""
        raise NotImplementedError

    def zeroed(self, value: str, mask: str) -> str:
        """An expression for a value whose padded steps are zero."""
        raise NotImplementedError

    def finish(self, outputs: list[str]) -> None:
        """Say what the model gives."""
        raise NotImplementedError

    def say(self, line: str) -> None:
        """Add a statement."""
        self.lines.append(line)

    def note(self, idiom: Idiom, subject: Subject, word: str) -> None:
        """Say what the framework calls the construct that is written for ``subject``."""
        self.notes.append(Note(idiom, subject, word))

    def note_read(self, view: Expression, word: str) -> None:
        """Say what the framework calls the way in which an expression is read."""
        self.note(Idiom.READ, view, word)

    def macro(self, table: Any, name: str) -> Any:
        """The macro ``name`` of a framework's table."""
        return macro(table, name)

    def view(self, view: Expression) -> str:
        """An expression for a view; what takes more than an index becomes a variable of its own."""
        view = self.local(view)
        if isinstance(view, Value):
            value = self.values[view.block]
            # Patterns work on features; of token ids each step has just one.
            return f"{value}[..., None]" if self._is_tokens(view) else value
        if isinstance(view, FinalState):
            return self.finals[view.block]
        if view not in self._views:
            text, name = self.pattern(view)
            if name:
                variable = self.names.claim(name)
                self.say(f"{variable} = {text}")
                text = variable
            self._views[view] = text
        return self._views[view]

    def kept(self, index: int, view: Expression) -> str:
        """An expression for what is kept of a block's value, which from then on is its value."""
        text = self.view(view)
        # What was cut out of the whole is no part of what is kept.
        for known in [item for item in self._views if index in blocks_of(item)]:
            del self._views[known]
        return text

    def ids(self, view: Expression) -> str:
        """An expression for the token ids that a view gives, without an axis of features."""
        view = self.local(view)
        if isinstance(view, Value):
            return self.values[view.block]
        if isinstance(view, Step | Slice) and isinstance(view.of, Value):
            inner = self.values[view.of.block]
            if isinstance(view, Step):
                return self.step_of(view, inner)
            self.note_read(view, self.slice_word(view))
            return self.steps_of(view, inner)
        if isinstance(view, RepeatSteps):
            self.note_read(view, self.repeated_word(view))
            return self.repeated_steps(self.ids(view.of), view.times)
        if isinstance(view, ConcatTime):
            self.note_read(view, self.joined_word())
            return self.joined_steps([self.ids(part) for part in view.parts])
        return f"{self.view(view)}[..., 0]"

    def step_of(self, view: Step, inner: str) -> str:
        """One step of what ``inner`` holds, as an expression."""
        index = f"[:, {index_text(view.index, view.steps, self.spec.free)}]"
        self.note_read(view, code(index))
        return f"{inner}{index}"

    def repeated_word(self, view: RepeatSteps) -> str:
        """What the framework calls steps of token ids that are repeated in turn."""
        raise NotImplementedError

    def joined_word(self) -> str:
        """What the framework calls steps of token ids, one after the other."""
        raise NotImplementedError

    def slice_word(self, view: Slice) -> str:
        """What the framework calls a slice."""
        raise NotImplementedError

    def _is_tokens(self, view: Value) -> bool:
        return layer_def(self.spec.blocks[view.block].kind).gives_ids

    def steps_of(self, view: Slice, inner: str) -> str:
        """A slice of what ``inner`` holds, as an expression."""
        raise NotImplementedError

    def repeated_steps(self, inner: str, times: int) -> str:
        """An expression for each step of what has no features, (batch, steps), so many times in turn."""
        raise NotImplementedError

    def joined_steps(self, parts: list[str]) -> str:
        """An expression for what has no features, (batch, steps), one after the other."""
        raise NotImplementedError

    def local(self, view: Expression) -> Expression:
        """A view whose sizes are written as the generated code can reach them."""
        return view

    def pattern(self, view: Expression) -> tuple[str, str]:
        """A view's expression, and the name of the variable that should hold it (empty: none)."""
        raise NotImplementedError

    def mask(self, masks: tuple[Expression, ...]) -> str:
        """What tells the steps that are real in all of ``masks``; empty if there are none."""
        parts = list(dict.fromkeys(self.masked_steps(self.local(view)) for view in masks))
        return " & ".join(parts)

    def masked_steps(self, view: Expression) -> str:
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

    def applied_once(self, layer: Layer) -> bool:
        """Whether a layer is applied in one place only."""
        if not self._counts:
            self._counts = Counter(block.layer.name for block in self.spec.blocks if block.layer)
        return self._counts[layer.name] == 1

    def layer(self, block: Block) -> Any:
        """The layer of a block that has one."""
        assert block.layer is not None
        return block.layer


def _multiplies(block: Block) -> bool:
    operation = block.operation
    return isinstance(operation, Merge | Reduce) and operation.how is Combination.MULTIPLY


def _skips(reader: Block) -> bool:
    """Whether a block is recurrent, masked, and sees steps as they stand."""
    plain = Value | Slice | ConcatFeatures
    stands = all(isinstance(item, plain) for view in reader.views for item in walk(view))
    return reader.scan is not None and bool(reader.masks) and stands


def layer_idiom(block: Block) -> Idiom | None:
    """What the layer of a block is noted as; ``None``: nobody speaks of it."""
    if isinstance(block.operation, Apply):
        return Idiom.STEPWISE if layer_def(block.kind).is_affine else None
    return _OPERATIONS.get(type(block.operation))


_OPERATIONS: dict[type, Idiom] = {
    Convolve: Idiom.WINDOWS,
    Split: Idiom.SPLIT,
    Attend: Idiom.ATTENTION,
}


def grouped(text: str) -> str:
    """An expression that can be indexed or negated: in brackets unless it is a name."""
    return text if text.isidentifier() else f"({text})"


def index_text(index: Size, steps: Size, free: Collection[str]) -> str:
    """A step's index as Python writes it: from the end where only that is a number, or known."""
    if index.names.intersection(free):
        return str(index - steps)
    if index.constant is not None and (steps.constant is None or index + 1 != steps):
        return str(index)
    back = (index - steps).constant
    return str(back) if back is not None else str(index)


def slice_text(start: Size, count: Size, stride: int, steps: Size, free: Collection[str]) -> str:
    """The slice ``start:stop:stride`` of steps, for a positive stride.

    What depends on ``free`` lengths, whose names the generated code does not know, is counted from the end.
    """
    stop = start + (count - 1) * stride + 1
    step = f":{stride}" if stride != 1 else ""
    from_end = stop == steps or (
        stride > 1
        and (_at_least(steps - stop, 0, stride) or count == strided(steps, start, stride))
    )
    if start.constant == 0:
        first = ""
    elif stop == steps and (start - steps).constant is not None and stride == 1:
        first = str((start - steps).constant)
    else:
        first = index_text(start, steps, free)
    last = "" if from_end else index_text_stop(stop, steps, free)
    return f"{first}:{last}{step}"


def _at_least(rest: Size, low: int, high: int) -> bool:
    constant = rest.constant
    return constant is not None and low <= constant < high


def index_text_stop(stop: Size, steps: Size, free: Collection[str]) -> str:
    """A slice's end: a number if it is one, else counted from the end."""
    if stop.names.intersection(free):
        return str(stop - steps)
    if stop.constant is not None:
        return str(stop)
    back = (stop - steps).constant
    return str(back) if back is not None else str(stop)
