"""a call of another framework → the call to write here, and what to draw besides: one answer to all of it.

    LSTM(input_size=8, hidden_size=64, num_layers=2)

is ``lstm(64)``; the row below tells the first argument, and two rows the last. Where frameworks have one name with
different arguments (``LSTM(64)`` of Keras, ``LSTM(8, 64)`` of PyTorch), the one is meant that what is given fits best.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.cells import ACTIVATIONS
from seqdsl.layers import Counterpart, Instead, Kind, find_layer
from seqdsl.lowering.framework_names import (
    Meant,
    find_absent,
    find_argument,
    find_counterparts,
    normal,
)
from seqdsl.syntax.lines import parse_lines
from seqdsl.syntax.python_call import Formula, Name, PythonCall, read_python_call

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.layers import Argument, LayerDef
    from seqdsl.lowering.absent_layers import Absent
    from seqdsl.syntax.lines import parse_lines
from seqdsl.syntax.python_call import PythonArgument, Value

NAME = "name"
"""The argument that every layer takes: what it is called in the generated code."""

_WRITTEN_SO = frozenset({"padding"})
_ACTIVATIONS = {normal(word): word for word in ACTIVATIONS} | {"silu": "swish"}
_SIZE = re.compile(r"[A-Za-z0-9_ +\-*/()]+")
_SHORT = 30


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
    meant = [*_ours(call), *find_counterparts(call.name)]
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


def activation_of(word: str) -> str:
    """The activation here that another framework calls so; empty if there is none."""
    return _ACTIVATIONS.get(normal(word), "")


def absent_activation(word: str) -> str:
    """What to say of an activation that there is not; empty for a word that nobody knows."""
    absent = find_absent(word)
    return _filled(absent.answer, None) if absent is not None else ""


def _ours(call: PythonCall) -> list[Meant]:
    """A layer of ours in its own words."""
    layer = find_layer(call.name)
    if layer is None:
        return []
    takes = " ".join(item.name for item in layer.signature.positional)
    return [Meant(layer, Counterpart(call.name, takes))]


def _inner(call: PythonCall) -> PythonCall | None:
    """The layer that a layer stands around."""
    value = call.arguments[0].value if call.arguments else None
    return value if isinstance(value, PythonCall) else None


def _absent(absent: Absent, call: PythonCall) -> Translation:
    """What to do instead of a layer that there is not; one around another layer leaves the inner one."""
    inner = _inner(call)
    first = call.arguments[0].value if call.arguments and inner is None else None
    answer = _filled(absent.answer, first)
    if not absent.wraps or inner is None:
        return Translation(None, "", (answer,))
    within = translate(inner)
    if within is None:
        return Translation(None, "", (f"unknown layer `{inner.name}`", answer))
    others = [_general_note(item) for item in call.arguments[1:]]
    notes = (*within.notes, *(note for note in (answer, *others) if note))
    return Translation(within.layer, within.write, notes)


def _general_note(argument: PythonArgument) -> str:
    answer = find_argument(argument.keyword)
    return _noted(argument.keyword, argument, answer) if answer is not None else ""


def _fit(meant: Meant, call: PythonCall) -> tuple[int, bool, bool, int]:
    """How well what is given fits what is taken: kinds of values, capitals, all that is needed, known keywords."""
    translator = _Translator(meant, call)
    bound = list(translator.bound())
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
    if argument is None:
        # What wires tell is a number, or whether something is done; words are functions.
        return bool(theirs) and not (isinstance(value, str) and theirs not in _WRITTEN_SO)
    return value is None or _text(argument.kind, value) is not None


class _Translator:
    """One call, taken as one counterpart of one layer."""

    def __init__(self, meant: Meant, call: PythonCall) -> None:
        self.layer, self.counterpart = meant
        self.call = call
        self.given: dict[str, str] = {}
        self.notes: list[str] = []
        self.changed: list[PythonArgument] = []

    def translation(self) -> Translation:
        for theirs, item in self.bound():
            if not self._take(theirs, item):
                self.changed.append(item)
        write = self._write()
        draw = (self.counterpart.draw,) if self.counterpart.draw else ()
        return Translation(self.layer, write, (*self.notes, *draw), tuple(self.changed))

    def bound(self) -> Iterator[tuple[str, PythonArgument]]:
        """Each argument with what it is called there; empty for one too many without a keyword."""
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
            self.given[NAME] = _identifier(item.value)
            return isinstance(item.value, Name)
        argument = self.argument(theirs)
        if argument is None:
            self._answer(theirs, item)
            return False
        text = _text(argument.kind, item.value)
        if text is None and item.value is None:
            # `None` is what is meant where nothing is given.
            return False
        if text is None:
            self._answer(theirs, item)
        elif argument.name in self.given:
            known = self.given[argument.name]
            self.notes.append(f"`{_shown(theirs, item)}`: the {argument.name} is `{known}` already")
        elif text != _default(argument):
            self.given[argument.name] = text
        return theirs == argument.name and not isinstance(item.value, bool | str | None)

    def _answer(self, theirs: str, item: PythonArgument) -> None:
        words = self.layer.words
        answer = self.counterpart.instead.get(theirs) or words.instead.get(theirs)
        found = Instead(answer) if isinstance(answer, str) else answer or find_argument(theirs)
        argument = self.argument(theirs)
        if found is not None:
            note = _noted(theirs, item, found)
        elif argument is not None:
            note = f"`{_shown(theirs, item)}`: {_expected(argument.kind, item.value)}"
        else:
            note = f"`{_shown(theirs, item)}`: leave it out; `{self.layer.name}` takes no such argument"
        self.notes += [note] if note else []

    def _write(self) -> str:
        """The call of the layer, with an argument of its example where one that it needs is missing."""
        if self.counterpart.write:
            return self.counterpart.write
        signature = self.layer.signature
        example = read_python_call(signature.example or self.layer.name, 1, 1)
        assert example is not None
        parts: list[str] = []
        leading = True
        for at, argument in enumerate(signature.positional):
            text = self.given.get(argument.name)
            if text is None and at < signature.required:
                text = example.arguments[at].text
                self.notes.append(f"`{text}` is an example: choose the {argument.name}")
            if text is None:
                # What comes after a gap needs its keyword.
                leading = False
            else:
                parts.append(text if leading else f"{argument.name}={text}")
        keywords = [*(item.name for item in signature.keywords), NAME]
        parts += [f"{name}={self.given[name]}" for name in keywords if self.given.get(name)]
        return f"{self.layer.name}({', '.join(parts)})" if parts else self.layer.name


def _noted(theirs: str, item: PythonArgument, answer: Instead) -> str:
    """What to do in place of an argument; empty where nothing needs to be done."""
    value = item.value
    if type(value) is type(answer.default) and value == answer.default:
        return ""
    is_off = value is None or value is False or (isinstance(value, float) and value == 0)
    draw = answer.off if is_off else answer.draw
    return f"`{_shown(theirs, item)}`: {_filled(draw, value)}" if draw else ""


def _shown(theirs: str, item: PythonArgument) -> str:
    """An argument for a note; one without a keyword is called what it is called there."""
    if not item.keyword:
        return theirs or item.text
    return item.text if len(item.text) <= _SHORT else item.keyword


def _filled(answer: str, value: Value) -> str:
    """An answer with the value that it speaks of."""
    listed = ", ".join(f"`{word}`" for word in ACTIVATIONS)
    last = value[-1] if isinstance(value, tuple) and value else value
    shown = _text(Kind.SIZE, value) or _number(value)
    return (
        answer.replace("{value}", shown or "n")
        .replace("{last}", _text(Kind.SIZE, last) or "8")
        .replace("{activations}", listed)
    )


def _default(argument: Argument) -> str | None:
    """How the default of an argument is written."""
    if isinstance(argument.default, bool):
        return "true" if argument.default else "false"
    return None if argument.default is None else str(argument.default)


def _identifier(value: Value) -> str:
    """A name for the generated code of any text; empty if nothing is left of it."""
    text = value if isinstance(value, str) else value.name if isinstance(value, Name) else ""
    return re.sub(r"\W+|_{2,}", "_", text.lower(), flags=re.ASCII).strip("_")


def _text(kind: Kind, value: Value) -> str | None:
    """A value as the language writes it; ``None`` if an argument of this kind cannot have it."""
    if kind is Kind.SIZE:
        return _size(value)
    if kind is Kind.ACTIVATION:
        # `"relu"`, `torch.relu`, `nn.ReLU()`; no activation is `linear`.
        word = value if isinstance(value, str) else getattr(value, "name", None)
        return "linear" if value is None else _ACTIVATIONS.get(normal(word or ""))
    if kind is Kind.BOOL:
        word = value.name if isinstance(value, Name) else str(value)
        return word.lower() if word.lower() in ("true", "false") else None
    if kind in (Kind.PADDING, Kind.PLACE):
        word = value.name if isinstance(value, Name) else value if isinstance(value, str) else ""
        known = ("same", "causal") if kind is Kind.PADDING else ("any", "end")
        return word if word in known else None
    return _number(value)


def _size(value: Value) -> str | None:
    if isinstance(value, tuple):
        # `kernel_size=(3,)`, `shape=(None, 8)`: steps are drawn.
        return _size(value[-1]) if value else None
    if isinstance(value, Name):
        return _parameter(value.name)
    if isinstance(value, Formula):
        return value.text.lower() if _is_size(value.text.lower()) else None
    whole = isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1
    return str(int(value)) if whole else None  # type: ignore[arg-type]


def _is_size(text: str) -> bool:
    """Whether an expression of Python's is one of the language's: it has `**`, `%` and `-n`, too."""
    if not _SIZE.fullmatch(text):
        return False
    lines, found = parse_lines(f"n = {text}")
    return not found and len(lines) == 1


def _number(value: Value) -> str | None:
    if isinstance(value, Name):
        return _parameter(value.name)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return repr(value) if is_number else None


def _parameter(name: str) -> str | None:
    """A constant's name as a parameter's: ``HIDDEN_SIZE`` is ``hidden_size``."""
    lower = name.lower().lstrip("_")
    return lower if lower[:1].isalpha() and lower.isascii() else None


def _expected(kind: Kind, value: Value) -> str:
    """What an argument takes instead of a value that it cannot have."""
    if kind is Kind.ACTIVATION:
        word = value if isinstance(value, str) else getattr(value, "name", "")
        known = absent_activation(word)
        return known or "the activations are " + ", ".join(f"`{item}`" for item in ACTIVATIONS)
    return _EXPECTED.get(kind, "write a number")


_EXPECTED = {
    Kind.BOOL: "write `true` or `false`",
    Kind.SIZE: "write a whole number or a parameter's name",
    Kind.PADDING: "write `same` or `causal`",
    Kind.PLACE: "write `any` or `end`",
}


def joined(write: str, notes: Sequence[str]) -> str:
    """The hint of a translation: the call to write first, then a line for each note."""
    lines = [f"write `{write}`", *notes] if write else list(notes)
    return "\n".join(lines)
