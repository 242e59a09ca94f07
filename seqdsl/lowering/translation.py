"""a call of another framework → the call to write here, and what to draw besides: one answer to all of it.

    LSTM(input_size=8, hidden_size=64, num_layers=2)

is ``lstm(64)``; the row below has the first argument, and two rows are the last. Where frameworks have one name with
different arguments (``LSTM(64)`` of Keras, ``LSTM(8, 64)`` of PyTorch), the one is meant that what is given fits best.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.layers import Counterpart, Instead, Kind, find_layer
from seqdsl.lowering.foreign_notes import noted, shown
from seqdsl.lowering.foreign_values import (
    default,
    expected,
    filled,
    held,
    identifier,
    is_activation,
    written,
)
from seqdsl.lowering.framework_names import (
    Meant,
    find_absent,
    find_argument,
    find_counterparts,
)
from seqdsl.syntax.python_call import Name, PythonCall, read_python_call

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.layers import Argument, LayerDef
    from seqdsl.lowering.absent_layers import Absent
    from seqdsl.syntax.python_call import PythonArgument, Value

NAME = "name"
"""The argument that every layer takes: what it is called in the generated code."""

# `LSTM(64.5)` has wrong units: it is no `LSTM(input_size)` of PyTorch, which is a whole number as well.
_COUNTS = r"(\w+_)?(size|features|channels|dim)"
_WRITTEN_SO = frozenset({"padding"})


class Translation(NamedTuple):
    """What to do instead of a call.

    Attributes:
        layer: the layer here; ``None`` if there is none.
        write: the call to write; empty if there is none.
        notes: what to draw or to do besides.
        changed: the arguments that cannot stay as they are.
    """

    layer: LayerDef | None
    write: str
    notes: tuple[str, ...]
    changed: tuple[PythonArgument, ...] = ()


def translate(call: PythonCall) -> Translation | None:
    """What to write and to draw instead of a call; ``None`` if nobody knows what it is.

    Args:
        call: a call of another framework, or one of ours with arguments of another.
    """
    # `Bidirectional(LSTM(64))`: the inner layer is what to write, the outer one what to draw.
    absent = find_absent(call.name)
    if absent is not None and absent.wraps and _inner(call) is not None:
        return _absent(absent, call)
    others = find_counterparts(call.name)
    # conv1d(32, 5, relu) has a name from elsewhere, and arguments in our order.
    mixed = {item.layer.written: _own(item.layer, call.name) for item in others}
    meant = [*_ours(call), *others, *mixed.values()]
    if meant:
        # Of two that fit alike the first is meant.
        return _Translator(max(meant, key=lambda item: _fit(item, call)), call).translation()
    return _absent(absent, call) if absent is not None else None


def is_answered(layer: LayerDef, keyword: str) -> bool:
    """Whether an argument is one of another framework's, for which there is an answer."""
    words = layer.words
    return (
        keyword in words.renamed or keyword in words.instead or find_argument(keyword) is not None
    )


def _ours(call: PythonCall) -> list[Meant]:
    """A layer of ours in its own words."""
    layer = find_layer(call.name)
    return [] if layer is None else [_own(layer, call.name)]


def _own(layer: LayerDef, name: str) -> Meant:
    """A layer of ours under a name, with the arguments that it has here."""
    takes = " ".join(item.name for item in layer.signature.positional)
    return Meant(layer, Counterpart(name, takes))


def _inner(call: PythonCall) -> PythonCall | None:
    """The layer that a layer is around."""
    value = call.arguments[0].value if call.arguments else None
    # `TimeDistributed(Flatten)`: a class without parentheses; of a variable nobody knows what it is.
    if isinstance(value, Name) and value.name[:1].isupper():
        return PythonCall(value.name, (), value.name, call.span)
    return value if isinstance(value, PythonCall) else None


def _absent(absent: Absent, call: PythonCall) -> Translation:
    """What to do instead of a layer that there is not; one around another layer leaves the inner one."""
    inner = _inner(call)
    first = call.arguments[0].value if call.arguments and inner is None else None
    answer = filled(absent.answer, first)
    if not absent.wraps or inner is None:
        return Translation(None, "", (answer,))
    within = translate(inner)
    # Of `Bidirectional(Foo(3))` the outer one is known, and nobody knows the inner one.
    if within is None:
        return Translation(None, "", (f"unknown layer `{inner.name}`", answer))
    others = [_general_note(item) for item in call.arguments[1:]]
    notes = (*within.notes, *(note for note in (answer, *others) if note))
    return Translation(within.layer, within.write, notes)


def _general_note(argument: PythonArgument) -> str:
    answer = find_argument(argument.keyword)
    return noted(argument.keyword, argument, answer) if answer is not None else ""


def _fit(meant: Meant, call: PythonCall) -> tuple[int, bool, bool, int]:
    """How well what is given fits what is taken: kinds of values, capitals, all that is needed, known keywords."""
    translator = _Translator(meant, call)
    bound = list(translator.bound())
    # Of `LSTM(8, 64)` 64 is no activation, Keras's second argument, but a size, PyTorch's.
    fitting = [_is_plausible(translator, theirs, item.value) for theirs, item in bound]
    given = {translator.ours(theirs) for theirs, _ in bound}
    signature = meant.layer.signature
    needed = {item.name for item in signature.positional[: signature.required]}
    takes = meant.counterpart.takes.split()
    # `Conv1d(8, 32)` is PyTorch's, `Conv1D(8, 32)` Keras's.
    is_spelled = meant.counterpart.spelling == call.name
    hits = sum(theirs in takes for theirs, _ in bound)
    return -fitting.count(False), is_spelled, needed <= given, hits


def _is_plausible(translator: _Translator, theirs: str, value: Value) -> bool:
    argument = translator.argument(theirs)
    if is_activation(value):
        # conv1d(32, 5, relu): no size is called so, and no stride
        return argument is not None and argument.kind is not Kind.SIZE
    if argument is None and re.fullmatch(_COUNTS, theirs):
        return value is None or written(Kind.SIZE, value) is not None
    if argument is None:
        # What wires show is a number, or whether something is done; words are functions.
        return bool(theirs) and not (isinstance(value, str) and theirs not in _WRITTEN_SO)
    return value is None or written(argument.kind, value) is not None


class _Translator:
    """One call, taken as one counterpart of one layer."""

    def __init__(self, meant: Meant, call: PythonCall) -> None:
        self.layer, self.counterpart = meant
        self.call = call
        self.given: dict[str, str] = dict(self.counterpart.given)
        self.notes: list[str] = []
        self.changed: list[PythonArgument] = []
        # Arguments that the call names: none of these takes the other framework's default.
        self.said: set[str] = set()

    def translation(self) -> Translation:
        for theirs, item in self.bound():
            if not self._take(theirs, item):
                self.changed.append(item)
        write = self._write()
        draw = (self.counterpart.draw,) if self.counterpart.draw else ()
        return Translation(self.layer, write, (*self.notes, *draw), tuple(self.changed))

    def bound(self) -> Iterator[tuple[str, PythonArgument]]:
        """Each argument with what it is called there; empty for one too many without a keyword."""
        # `LSTM(8, 64)` as PyTorch's is `input_size`, `hidden_size`; what has a keyword takes no place in that order.
        takes = iter(self.counterpart.takes.split())
        for item in self.call.arguments:
            yield item.keyword or next(takes, ""), item

    def ours(self, theirs: str) -> str:
        """What an argument is called here; empty if it has no counterpart."""
        if theirs in self.counterpart.instead:
            return ""
        name = self.layer.words.renamed.get(theirs, theirs)
        return name if self.layer.signature.find(name) is not None else ""

    def argument(self, theirs: str) -> Argument | None:
        """The argument of the layer that one of there is."""
        return self.layer.signature.find(self.ours(theirs))

    def _take(self, theirs: str, item: PythonArgument) -> bool:
        """Note an argument, or what to do in its place; give whether it can stay as it is written."""
        if theirs == NAME:
            self.given[NAME] = identifier(item.value)
            return isinstance(item.value, Name)
        argument = self.argument(theirs)
        if argument is None:
            self._answer(theirs, item)
            return False
        text = self._written(argument, item.value)
        if text is not None:
            self.said.add(argument.name)
        if self._is_absent(theirs, item, text):
            signature = self.layer.signature
            if argument in signature.positional[: signature.required]:
                # `LSTM(None)`: nothing is given where something must be.
                self._answer(theirs, item)
            return False
        if text is None:
            self._answer(theirs, item)
        elif argument.name in self.given:
            # `LSTM(64, units=32)`
            first = self.given[argument.name]
            self.notes.append(f"`{shown(theirs, item)}`: the {argument.name} is `{first}` already")
        elif text != default(argument):
            self.given[argument.name] = text
        # `units=64` may stay; `hidden_size=64` has another keyword, and `True` and `"relu"` are written otherwise.
        return theirs == argument.name and not isinstance(item.value, bool | str | None)

    def _written(self, argument: Argument, value: Value) -> str | None:
        """A value as the language writes it; the shape of an input is what each of its steps holds."""
        if isinstance(value, tuple) and self.layer.signature.longer:
            return held(value)
        return written(argument.kind, value)

    def _is_absent(self, theirs: str, item: PythonArgument, text: str | None) -> bool:
        """Whether an argument is what is meant where nothing is given."""
        if item.value is None:
            return text is None
        # nn.LSTM(8, 64, proj_size=0): PyTorch's way to say that there is no projection.
        without = self.layer.words.instead.get(theirs)
        return isinstance(without, Instead) and without.default == item.value

    def _answer(self, theirs: str, item: PythonArgument) -> None:
        # The closest answer counts: of this counterpart, of its layer, of any layer.
        words = self.layer.words
        answer = self.counterpart.instead.get(theirs) or words.instead.get(theirs)
        instead = Instead(answer) if isinstance(answer, str) else answer or find_argument(theirs)
        argument = self.argument(theirs)
        if instead is not None:
            note = noted(theirs, item, instead)
        elif argument is not None:
            # `LSTM(64.5)` has no keyword: the note says which argument the value would be.
            place = "" if item.keyword else f" as `{argument.name}`"
            note = f"`{item.text}`{place}: {expected(argument.kind, item.value)}"
        else:
            note = (
                f"`{shown(theirs, item)}`: remove it; `{self.layer.written}` takes no such argument"
            )
        if note:
            self.notes.append(note)
            self.said.add(self.ours(theirs))

    def _write(self) -> str:
        """The call of the layer, with an argument of its example where one that it needs is missing."""
        if self.counterpart.write:
            return self.counterpart.write
        given = {**dict(self._assumed()), **self.given}
        keywords = [*(item.name for item in self.layer.signature.keywords), NAME]
        parts = list(self._positional())
        parts += [f"{name}={given[name]}" for name in keywords if given.get(name)]
        return f"{self.layer.name}({', '.join(parts)})" if parts else self.layer.written

    def _assumed(self) -> Iterator[tuple[str, str]]:
        """The other framework's defaults of the arguments that the call does not name."""
        return (item for item in self.counterpart.assumes if item[0] not in self.said)

    def _positional(self) -> Iterator[str]:
        """The arguments that need no keyword, unless one before them is left out: `dense(10, relu)`."""
        signature = self.layer.signature
        example = read_python_call(signature.example or self.layer.written, 1, 1)
        assert example is not None
        leading = True
        for at, argument in enumerate(signature.positional):
            text = self.given.get(argument.name)
            if text is None and at < signature.required:
                # `LSTM()` becomes `lstm(16)`, and a note that the 16 is not its author's.
                text = example.arguments[at].text
                self.notes.append(f"`{text}` is an example: choose the {argument.name}")
            if text is None:
                # What comes after a gap needs its keyword.
                leading = False
            else:
                yield text if leading else f"{argument.name}={text}"


def joined(write: str, notes: Sequence[str]) -> str:
    """The hint of a translation: the call to write first, then a line for each note."""
    lines = [f"write `{write}`", *notes] if write else list(notes)
    return "\n".join(lines)
