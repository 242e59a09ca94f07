"""layer calls → settings: which layers there are, what they take, and what a call of one sets.

The one table of layers: documentation, checks and backends follow it.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from seqdsl.diagnostics import Diagnostic
from seqdsl.ir.size import Size
from seqdsl.model.arithmetic import NoSize, size_of
from seqdsl.records import record
from seqdsl.syntax.ast import Argument, Call, Number, Operation, Word, leaves
from seqdsl.syntax.names import check_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ACTIVATIONS = (
    "linear",
    "relu",
    "tanh",
    "sigmoid",
    "softmax",
    "log_softmax",
    "gelu",
    "elu",
    "selu",
    "softplus",
    "swish",
)
LARGEST_SIZE = 2**31 - 1
"""The largest size: frameworks count in 32 bits."""


@record(frozen=True)
class Signature:
    """What a layer takes.

    Attributes:
        positional: names and kinds of the arguments that need no keyword, in order.
        required: how many of them must be given.
        keywords: names and kinds of the arguments that need one.
        example: a call, for hints.
    """

    positional: tuple[tuple[str, str], ...] = ()
    required: int = 0
    keywords: Mapping[str, str] = field(default_factory=dict)
    example: str = ""


_CELL = {
    "activation": "activation",
    "recurrent_activation": "activation",
    "bias": "bool",
    "dropout": "rate",
}
_COMBINE = Signature()

LAYERS: dict[str, Signature] = {
    "input": Signature(
        (("features", "size"),), 1, {"mask": "zero", "padding": "place"}, "input(8)"
    ),
    "tokens": Signature((("vocabulary", "size"),), 1, {"padding": "place"}, "tokens(1000)"),
    "output": Signature(),
    "embedding": Signature((("features", "size"),), 1, {"mask": "bool"}, "embedding(64)"),
    "lstm": Signature((("units", "size"),), 1, _CELL, "lstm(16)"),
    "gru": Signature((("units", "size"),), 1, _CELL, "gru(16)"),
    "rnn": Signature(
        (("units", "size"), ("activation", "activation")),
        1,
        {"bias": "bool", "dropout": "rate"},
        "rnn(16)",
    ),
    "dense": Signature(
        (("units", "size"), ("activation", "activation")), 1, {"bias": "bool"}, "dense(10, softmax)"
    ),
    "conv": Signature(
        (("filters", "size"), ("kernel", "size"), ("activation", "activation")),
        2,
        {"padding": "padding", "dilation": "size", "bias": "bool"},
        "conv(32, 3, relu)",
    ),
    "attention": Signature((), 0, {"heads": "size", "causal": "bool"}, "attention(heads=4)"),
    "add": _COMBINE,
    "multiply": _COMBINE,
    "mean": _COMBINE,
    "max": _COMBINE,
    "concat": _COMBINE,
    "split": Signature(),
    "dropout": Signature((("rate", "rate"),), 1, {}, "dropout(0.5)"),
    "layernorm": Signature((), 0, {"epsilon": "epsilon"}, "layernorm(epsilon=0.001)"),
    "batchnorm": Signature(
        (), 0, {"epsilon": "epsilon", "momentum": "rate"}, "batchnorm(momentum=0.99)"
    ),
    "activation": Signature((("activation", "activation"),), 1, {}, "activation(relu)"),
}

RECURRENT = frozenset({"lstm", "gru", "rnn"})
COMBINE = frozenset({"add", "multiply", "mean", "max"})
SOURCES = frozenset({"input", "tokens"})
IDENTITIES = frozenset({"output", "concat"})


@record(frozen=True)
class Settings:
    """A layer call, checked: what a letter or an anonymous block stands for.

    Attributes:
        kind: the layer.
        arguments: the arguments by name: `Size`, float, bool or word.
        name: the word given by ``name=``.
        call: where it was written; ``None`` for a default role.
    """

    kind: str
    arguments: dict[str, Size | float | bool | str]
    name: str | None = None
    call: Call | None = None

    def size(self, name: str) -> Size:
        """A size among the arguments."""
        value = self.arguments[name]
        assert isinstance(value, Size)
        return value


def read_call(
    call: Call, values: Mapping[str, int | float]
) -> tuple[Settings | None, list[Diagnostic]]:
    """Check a layer call against the table.

    Args:
        call: the call.
        values: the parameters of the file.
    """
    signature = LAYERS.get(call.layer)
    if signature is None:
        return None, [_unknown_layer(call)]
    found: list[Diagnostic] = []
    arguments: dict[str, Size | float | bool | str] = {}
    name = None
    kinds = dict(signature.positional) | dict(signature.keywords) | {"name": "name"}
    positional = iter(signature.positional)
    for argument in call.arguments:
        key = argument.keyword or next(positional, ("", ""))[0]
        if key not in kinds or key in arguments:
            found.append(_unexpected(call, argument, key in arguments, tuple(kinds)))
            continue
        value, problem = _value(argument, kinds[key], values)
        found += problem
        if key == "name":
            name = str(argument.value)
        elif value is not None:
            arguments[key] = value
    missing = [key for key, _ in signature.positional[: signature.required] if key not in arguments]
    if missing and not found:
        found.append(_missing(call, missing[0], signature))
    return (None if found else Settings(call.layer, arguments, name, call)), found


def has_usual_activations(kind: str, arguments: Mapping[str, object]) -> bool:
    """Whether a recurrent layer's activations are those that all frameworks' fast kernels have."""
    known = ("tanh", "relu") if kind == "rnn" else ("tanh",)
    gates = arguments.get("recurrent_activation") or "sigmoid"
    return (arguments.get("activation") or "tanh") in known and gates == "sigmoid"


def _close(word: str, known: Iterable[str], cutoff: float = 0.6) -> list[str]:
    """The known word that is meant, if one is near."""
    # Only a slip of the pen needs it, and its import takes as long as a picture.
    from difflib import get_close_matches

    return get_close_matches(word, list(known), n=1, cutoff=cutoff)


def _unknown_layer(call: Call) -> Diagnostic:
    from seqdsl.model.foreign import LAYERS as FOREIGN

    close = _close(call.layer, LAYERS, cutoff=0.5)
    hint = FOREIGN.get(call.layer) or (
        f"did you mean `{close[0]}`?"
        if close
        else "the layers are " + ", ".join(f"`{name}`" for name in LAYERS)
    )
    return Diagnostic("SEQ301", f"there is no layer `{call.layer}`", call.span, hint)


def _unexpected(call: Call, argument: Argument, twice: bool, known: tuple[str, ...]) -> Diagnostic:
    if twice:
        return Diagnostic(
            "SEQ302", f"`{argument}` sets a value a second time", argument.span, "give it once"
        )
    if argument.keyword is None:
        most = len(LAYERS[call.layer].positional)
        message = (
            f"`{call.layer}` takes {most or 'no'} argument{'s' * (most != 1)} without a keyword"
        )
        return Diagnostic("SEQ302", message, argument.span, _takes(call.layer))
    from seqdsl.model.foreign import ARGUMENTS as FOREIGN

    close = _close(argument.keyword, known, cutoff=0.5)
    hint = FOREIGN.get(argument.keyword) or (
        f"did you mean `{close[0]}=`?" if close else _takes(call.layer)
    )
    message = f"`{call.layer}` has no argument `{argument.keyword}`"
    return Diagnostic("SEQ302", message, argument.span, hint)


def _takes(layer: str) -> str:
    signature = LAYERS[layer]
    parts = [name for name, _ in signature.positional] + [f"{name}=" for name in signature.keywords]
    return f"it takes {', '.join(f'`{part}`' for part in [*parts, 'name='])}"


def _missing(call: Call, name: str, signature: Signature) -> Diagnostic:
    message = f"`{call.layer}` needs its {name}"
    return Diagnostic("SEQ303", message, call.span, f"write, say, `{signature.example}`")


_Setting = Size | float | bool | str
_Found = tuple[_Setting | None, list[Diagnostic]]


def _value(argument: Argument, kind: str, values: Mapping[str, int | float]) -> _Found:
    """The value of an argument of the given kind, or what is wrong with it."""
    value = argument.value
    if kind == "name":
        found = (
            check_name(value.value, value.span, "a layer")
            if isinstance(value, Word)
            else [_bad(argument, "a lower-case word")]
        )
        return None, found
    if kind in _WORDS:
        words = _WORDS[kind]
        if isinstance(value, Word) and value.value in words:
            return (value.value == "true" if kind == "bool" else value.value), []
        return None, [_bad(argument, " or ".join(f"`{word}`" for word in words), words)]
    return _number(argument, kind, values)


_WORDS = {
    "activation": ACTIVATIONS,
    "bool": ("true", "false"),
    "padding": ("same", "causal"),
    "place": ("any", "end"),
}


def _number(argument: Argument, kind: str, values: Mapping[str, int | float]) -> _Found:
    value = argument.value
    unknown = [
        _no_parameter(leaf, values)
        for leaf in leaves(value)
        if isinstance(leaf, Word) and leaf.value not in values
    ]
    if unknown:
        return None, unknown
    if kind == "size":
        return _size(argument, values)
    if isinstance(value, Operation):
        hint = "arithmetic is for sizes: set a parameter to the number and name it here"
        return None, [Diagnostic("SEQ304", f"`{argument}` cannot be used here", value.span, hint)]
    number = values[value.value] if isinstance(value, Word) else value.value
    if kind == "rate":
        if 0 <= number < 1:
            return (value.value if isinstance(value, Word) else float(number)), []
        return None, [_bad(argument, "a rate, at least 0 and less than 1")]
    if kind == "epsilon":
        if 0 < number <= 1:
            return (value.value if isinstance(value, Word) else float(number)), []
        return None, [_bad(argument, "a small number above 0, such as `0.001`")]
    if number == 0:
        return 0.0, []
    return None, [_bad(argument, "`0`: steps of zeros are padding")]


def _no_parameter(word: Word, values: Mapping[str, int | float]) -> Diagnostic:
    close = _close(word.value, values)
    hint = f"did you mean `{close[0]}`?" if close else f"set it: a line `{word.value} = 32`"
    return Diagnostic("SEQ312", f"there is no parameter `{word.value}`", word.span, hint)


def _size(argument: Argument, values: Mapping[str, int | float]) -> _Found:
    """A size, which its parameters' defaults make a whole number from 1 on."""
    try:
        size = size_of(argument.value, values)
    except NoSize as problem:
        return None, [problem.diagnostic]
    number = size.value({name: int(values[name]) for name in size.names})
    if number < 1:
        names = "" if isinstance(argument.value, Number) else f"; it is {number}"
        return None, [_bad(argument, f"a whole number, at least 1{names}")]
    if number > LARGEST_SIZE:
        message = f"{number} is out of bounds: {LARGEST_SIZE} is the most"
        return None, [Diagnostic("SEQ109", message, argument.value.span)]
    return size, []


def _bad(argument: Argument, expected: str, words: tuple[str, ...] = ()) -> Diagnostic:
    close = _close(str(argument.value), words)
    hint = f"did you mean `{close[0]}`?" if close else f"expected {expected}"
    return Diagnostic("SEQ304", f"`{argument}` cannot be used here", argument.value.span, hint)


__all__ = [
    "ACTIVATIONS",
    "COMBINE",
    "LAYERS",
    "RECURRENT",
    "SOURCES",
    "Number",
    "Settings",
    "Signature",
    "read_call",
]
