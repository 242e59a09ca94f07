"""statements of a Keras model → the mask that each value carries, as Keras hands masks on from layer to layer.

Keras keeps a mask on the value itself (``_keras_mask``): a layer finds it there when it is called, and puts it, or
another, on what it gives. Operations (``ops.*``, indices, ``*``) give values without one.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from seqdsl.targets.code import (
    Assign,
    Binary,
    Call,
    Code,
    Items,
    Keyword,
    Text,
    is_name,
    path_of,
)
from seqdsl.targets.emit.line import parts_of, positional, values_of
from seqdsl.targets.keras.makers import is_made

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seqdsl.targets.code import Statement

RECURRENT = frozenset({"LSTM", "GRU", "SimpleRNN", "Bidirectional"})
"""Layers that skip the steps that a mask leaves out."""

STEPWISE = frozenset(
    {
        "Dense",
        "TiedDense",
        "Activation",
        "Dropout",
        "LayerNormalization",
        "Identity",
        "SampleIds",
        "SampleNormal",
    }
)
"""Layers that give each step the mask that it came with, and do not look at it."""

_SUMS = frozenset({"Add", "Average"})
_CHOICES = frozenset({"Multiply", "Maximum", "Minimum"})
"""Layers that leave out of the result what is masked in one of their inputs: ``x * y`` is ``y`` where x is padding."""

MERGES = _SUMS | _CHOICES | {"Concatenate"}

STATISTICS = "BatchNormalization"
"""The layer that leaves padded steps out of what it learns of all of them."""

ZERO_MASKED = "ZeroMasked"
"""The generated module's own layer that makes padded steps zero."""

NOWHERE: frozenset[int] = frozenset()
"""No statements."""


@dataclass(frozen=True, slots=True)
class Mask:
    """The mask that a value carries; two are equal that leave out the same steps.

    Attributes:
        code: the variable that holds it, or what Keras makes it of.
        switches: the statements that could be written so that it would not be here, the last on its way.
        origins: the statements at which it begins; empty where a layer has it by its argument ``mask=``.
    """

    code: Code
    switches: frozenset[int] = field(default=NOWHERE, compare=False)
    origins: frozenset[int] = field(default=NOWHERE, compare=False)


Carried: TypeAlias = "Mask | None"


@dataclass(frozen=True, slots=True)
class Reading:
    """A call of a layer that looks at masks, or cannot take any, and those that it finds."""

    layer: str
    masks: tuple[Carried, ...]


@dataclass(slots=True)
class Flow:
    """Follows masks through statements, one after the other.

    Attributes:
        begun: the masks that begin at variables, where a layer that begins one gives them.
        carried: the mask on each variable so far.
        makers: the constructor of each variable that holds a layer, and the number of its statement.
        readings: the calls that look at masks so far, in order.
        choices: the variables that a statement reads by choice: each could do without the mask on them.
        number: where the statement stands that is gone through.
    """

    begun: Mapping[str, Mask]
    carried: dict[str, Mask] = field(default_factory=dict)
    makers: dict[str, tuple[Call, int]] = field(default_factory=dict)
    readings: list[Reading] = field(default_factory=list)
    choices: set[str] = field(default_factory=set)
    number: int = 0

    def run(self, statement: Statement) -> None:
        """Go on by one statement."""
        for value in values_of(statement):
            self.readings += self._readings(value)
        if not isinstance(statement, Assign):
            return
        value = statement.value
        first, *others = statement.targets
        name = first.text if isinstance(first, Text) else ""
        if is_made(value):
            assert isinstance(value, Call)
            self.makers[name] = value, self.number
        mask = self._given(name, value)
        # Only the outputs of a recurrent layer have a mask; the states behind them have none.
        for target in (item.text for item in others if isinstance(item, Text)):
            self.carried.pop(target, None)
        self._forget_attended(value)
        if mask is None:
            self.carried.pop(name, None)
        else:
            self.carried[name] = mask

    def mask_of(self, value: Code) -> Carried:
        """The mask on a value."""
        if isinstance(value, Text):
            mask = self.carried.get(value.text)
            if mask is None or value.text not in self.choices:
                return mask
            return replace(mask, switches=frozenset({self.number}))
        maker = self.maker_of(value)
        if maker is None:
            return None
        assert isinstance(value, Call)
        return self._given_by(class_of(maker), maker, value)

    def maker_of(self, value: Code) -> Call | None:
        """The constructor of the layer whose call a value is; ``None``: it is anything else."""
        if not isinstance(value, Call):
            return None
        if isinstance(value.function, Call):
            return value.function if is_made(value.function) else None
        if isinstance(value.function, Text) and value.function.text in self.makers:
            return self.makers[value.function.text][0]
        return None

    def _given(self, name: str, value: Code) -> Carried:
        """The mask on what a statement assigns to a variable."""
        maker = self.maker_of(value)
        kind = "" if maker is None else class_of(maker)
        if kind == "Embedding" and maker is not None and keyword(maker, "mask_zero") is not None:
            assert isinstance(value, Call)
            made = value.function.text if isinstance(value.function, Text) else ""
            switch = self.makers[made][1] if made else self.number
            # A layer that is applied in several places begins a mask in each: one of its own, where none is wanted.
            return self.begun.get(name) or Mask(value, frozenset({switch}), frozenset({switch}))
        if kind == "Masking":
            return self.begun.get(name)
        mask = self.mask_of(value)
        if mask is not None and kind == ZERO_MASKED:
            return replace(mask, switches=frozenset({self.number}))
        return mask

    def _given_by(self, kind: str, maker: Call, value: Call) -> Carried:
        """The mask on what a layer gives."""
        found = self._arriving(value)
        if kind in RECURRENT:
            mask = _explicit(value, found[0]) or found[0]
            if mask is None or not _returns_steps(maker):
                return None
            # It goes on from here in either way, passed by name or found.
            return replace(mask, switches=NOWHERE)
        if kind == ZERO_MASKED:
            return _explicit(value, found[0]) or found[0]
        if kind in STEPWISE or kind in {STATISTICS, "MultiHeadAttention"}:
            return found[0]
        if kind == "Attention":
            # `mask=[None, memory_mask]`: a mask of the query, of which there is none, would go on.
            return None if keyword(value, "mask") is not None else found[0]
        if kind == "Concatenate":
            return _concatenated(maker, found)
        return _any_of(found) if kind in MERGES else None

    def _arriving(self, value: Call) -> list[Carried]:
        """The masks on what a layer is called with, the parts of a list one by one."""
        found: list[Carried] = []
        for item in positional(value):
            parts = item.items if isinstance(item, Items) else (item,)
            found += map(self.mask_of, parts)
        return found or [None]

    def _readings(self, value: Code) -> Iterator[Reading]:
        for part in parts_of(value):
            yield from self._readings(part)
        maker = self.maker_of(value)
        if maker is not None:
            assert isinstance(value, Call)
            kind = class_of(maker)
            masks = self._read_by(kind, value)
            if masks:
                yield Reading(kind, masks)

    def _read_by(self, kind: str, value: Call) -> tuple[Carried, ...]:
        """The masks that a layer looks at; empty if it looks at none."""
        if kind in STEPWISE | _SUMS | {"Concatenate", "Embedding", "Masking", ZERO_MASKED}:
            return ()
        found = self._arriving(value)
        if kind in RECURRENT:
            explicit = _explicit(value, found[0])
            # Beside an initial state Keras looks for an argument `sequences_mask`, which there is not: it finds none.
            is_started = keyword(value, "initial_state") is not None
            return (explicit if explicit or is_started else found[0],)
        # `mask=` takes the place of what arrives; the `attention_mask=` of heads is one more.
        return () if keyword(value, "mask") is not None else tuple(found)

    def _forget_attended(self, value: Code) -> None:
        """``MultiHeadAttention`` takes the masks off the values that it reads, for all that read them later."""
        maker = self.maker_of(value)
        if maker is not None and class_of(maker) == "MultiHeadAttention":
            assert isinstance(value, Call)
            for item in positional(value):
                if is_name(item):
                    assert isinstance(item, Text)
                    self.carried.pop(item.text, None)


def class_of(maker: Call) -> str:
    """The class of a layer, by its constructor."""
    path = path_of(maker.function)
    return "" if path is None else path[-1]


def name_of(value: Code) -> str:
    """The variable that code is; empty if it is anything else."""
    return value.text if isinstance(value, Text) else ""


def keyword(value: Call, name: str) -> Code | None:
    """An argument of a call by its name."""
    found = (item.value for item in value.arguments if isinstance(item, Keyword))
    names = (item.name for item in value.arguments if isinstance(item, Keyword))
    return dict(zip(names, found, strict=True)).get(name)


def _explicit(value: Call, arriving: Carried) -> Carried:
    """The mask that a layer is given by its argument ``mask=``."""
    code = keyword(value, "mask")
    if code is None:
        return None
    return arriving if arriving is not None and arriving.code == code else Mask(code)


def _returns_steps(maker: Call) -> bool:
    """Whether a recurrent layer, or the one in a bidirectional layer, gives all steps."""
    inner = maker.arguments[0] if class_of(maker) == "Bidirectional" else maker
    return isinstance(inner, Call) and keyword(inner, "return_sequences") is not None


def _any_of(masks: Sequence[Carried]) -> Carried:
    """The steps that are valid in any input, if all have a mask: what merging layers put on their results."""
    found = [mask for mask in masks if mask is not None]
    if len(found) != len(masks):
        return None
    return _joined(found) if len(set(found)) > 1 else found[0]


def _concatenated(maker: Call, masks: Sequence[Carried]) -> Carried:
    """Side by side, valid where any input is: one without a mask is everywhere. One after the other: all in one."""
    found = [mask for mask in masks if mask is not None]
    one_for_all = len(set(masks)) == 1 and keyword(maker, "axis") is None
    return _joined(found) if found and not one_for_all else masks[0]


def _joined(masks: Sequence[Mask]) -> Mask:
    """A mask that is made of several, which is none of those that the code has a variable for."""
    return Mask(
        Binary("|", tuple(mask.code for mask in masks)),
        frozenset().union(*(mask.switches for mask in masks)),
        frozenset().union(*(mask.origins for mask in masks)),
    )
