"""what nodes see → a layer that can stand there, with arguments of every kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from tests.random_pictures.shapes import Grid, Seen

ACTIVATIONS = (
    "linear", "relu", "tanh", "sigmoid", "softmax", "log_softmax", "gelu", "elu", "selu", "softplus", "swish",
)  # fmt: skip
LATER = ("hard_sigmoid", "leaky_relu", "relu6", "mish", "softsign")
SOURCES = ("input", "tokens", "learned", "position")
RECURRENT = ("lstm", "gru", "rnn")
OF_GRIDS = "convlstm"
"""What is recurrent over images, and starts from nothing that a row of features gives."""
COMBINE = ("add", "multiply", "mean", "max")
WORDS = ("size", "depth", "hidden", "labels", "rate", "state", "features", "units")


@dataclass
class Parameters:
    """The parameters of a file: numbers under a name, made up as they are needed."""

    rng: Random
    values: dict[str, int | float] = field(default_factory=dict)
    own: Random = field(init=False)
    later: Random = field(init=False)
    images: Random = field(init=False)

    def __post_init__(self) -> None:
        """What is drawn of ``own`` and ``later`` changes nothing else in a picture."""
        self.own = Random(str(self.rng.getstate()[1][:4]))
        self.later = Random(f"later {self.rng.getstate()[1][:4]}")
        self.images = Random(f"images {self.rng.getstate()[1][:4]}")

    def size(self, value: int) -> str:
        """A size, as a number, by name or as arithmetic."""
        word = None if self.rng.random() < 0.9 else self.rng.choice(WORDS[:4])
        if self.own.random() < 0.1:
            return self._arithmetic(value)
        return str(value) if word is None else self._named(value, word)

    def count(self, value: int) -> str:
        """A kernel, a dilation or a number of heads: a size that is seldom a parameter."""
        chance = self.own.random()
        if chance < 0.8:
            return str(value)
        return (
            self._arithmetic(value)
            if chance < 0.9
            else self._named(value, self.own.choice(WORDS[:4]))
        )

    def number(self, values: tuple[float, ...], word: str) -> str:
        """One of some numbers that are no sizes, as a number or by name."""
        value = self.own.choice(values)
        return str(value) if self.own.random() < 0.8 else self._named(value, word)

    def value(self, text: str) -> int:
        """The number that a size comes to: a number, a name, or arithmetic."""
        return int(eval(text, {"__builtins__": {}}, dict(self.values)))

    def _arithmetic(self, value: int) -> str:
        """A size computed from a parameter: ``3 * depth``, ``(size + 4) // 2``."""
        word = self.own.choice(WORDS[:4])
        known = self.values.setdefault(word, self.own.randint(1, 6))
        assert isinstance(known, int)
        by = self.own.randint(2, 4)
        texts = [_plus(word, value - known), _plus(f"{by} * {word}", value - by * known)]
        texts.append(f"({_plus(word, value * by + self.own.randrange(by) - known)}) // {by}")
        texts.append(_plus(f"{word} // {by}", value - known // by))
        if value % known == 0:
            texts += [f"{word} * {value // known}"] * 2
        return self.own.choice(texts)

    def rate(self) -> str:
        """A rate, as a number or by name."""
        value = self.rng.choice([0.0, 0.1, 0.25, 0.5])
        return (
            str(value)
            if self.rng.random() < 0.8
            else self._named(value, self.rng.choice(WORDS[4:5]))
        )

    def _named(self, value: float, word: str) -> str:
        return word if self.values.setdefault(word, value) == value else str(value)


def _plus(text: str, number: int) -> str:
    return f"{text} {'+' if number >= 0 else '-'} {abs(number)}"


@dataclass(frozen=True)
class Layer:
    """A layer's call, and the features that it gives.

    Attributes:
        kind: its name.
        arguments: its arguments, as written.
        width: features.
        grid: the grid that a step holds.
    """

    kind: str
    arguments: tuple[str, ...]
    width: int
    grid: Grid = ()

    @property
    def call(self) -> str:
        """The call, as written."""
        return f"{self.kind}({', '.join(self.arguments)})" if self.arguments else self.kind


def source(rng: Random, parameters: Parameters, *, is_vector: bool, width: int) -> Layer:
    """An input, or tokens; of so many features, if they are told."""
    if not width and rng.random() < 0.25:
        size = rng.randint(2, 9)
        return Layer("tokens", (parameters.size(size),), 1)
    width = width or rng.choice([1, 2, 2, 3, 3, 4, 4, 6])
    arguments = [parameters.size(width)]
    if not is_vector and rng.random() < 0.1:
        arguments.append("mask=0")
        if rng.random() < 0.4:
            arguments.append("padding=end" if rng.random() < 0.8 else "padding=any")
    return Layer("input", tuple(arguments), width)


def marked(rng: Random, made: Layer, *, is_vector: bool) -> Layer:
    """The same source with another value that marks padding, or with an id that does."""
    arguments = list(made.arguments)
    if made.kind == "input" and "mask=0" in arguments:
        arguments[arguments.index("mask=0")] = f"mask={rng.choice(['0', '0', '-1', '0.5'])}"
    if made.kind == "tokens" and not is_vector and rng.random() < 0.15:
        # Every vocabulary has two ids or more.
        arguments.append(f"mask={rng.choice('01')}")
        arguments += ["padding=end"] if rng.random() < 0.3 else []
    return replace(made, arguments=tuple(arguments))


def padded(rng: Random, made: Layer, *, is_vector: bool) -> Layer:
    """The same source with its lengths as an input, or, if its steps hold grids, with what marks padding."""
    if is_vector or is_padded(made) or made.kind not in ("input", "tokens"):
        return made
    chance = rng.random()
    if chance < 0.025:
        return replace(made, arguments=(*made.arguments, "lengths=true"))
    if not made.grid or chance > 0.3:
        return made
    marks = rng.choice("01") if made.kind == "tokens" else rng.choice(("0", "0", "-1", "0.5"))
    ends = ["padding=end"] if rng.random() < 0.3 else []
    return replace(made, arguments=(*made.arguments, f"mask={marks}", *ends))


def is_padded(made: Layer) -> bool:
    """Whether steps of a source may be padding."""
    return any(item.startswith(("mask=", "lengths=")) for item in made.arguments)


def constant(rng: Random, *, steps: int, width: int) -> Layer:
    """What reads nothing, for so many steps; of so many features, if they are told."""
    width = width or rng.choice([1, 2, 3, 4, 6])
    kind = rng.choice(["learned", "position", "position"])
    arguments = [str(width)]
    if kind == "position":
        more = ["", "trained", "sin", f"most={steps + rng.randint(0, 3)}"]
        arguments += filter(None, [rng.choice(more)])
    return Layer(kind, tuple(arguments), width)


def layer(rng: Random, seen: Seen, parameters: Parameters) -> Layer:
    """A layer that can stand over what is seen."""
    makers = possible(seen)
    kinds = list(makers)
    return makers[rng.choice(kinds)](rng, seen, parameters)


_Maker = Callable[[Random, Seen, Parameters], Layer]


def possible(seen: Seen) -> dict[str, _Maker]:
    """The layers that can stand over what is seen."""
    if seen.grid:
        from tests.random_pictures.grids import grid_layer, joining

        return (
            {"grid": grid_layer} if not (len(seen.wires) > 1 or seen.bus) or joining(seen) else {}
        )
    if seen.vocabulary:
        return {"embedding": _embedding}
    makers: dict[str, _Maker] = {}
    if len({width for width in seen.wires if width != 1}) <= 1 and not is_uneven(seen):
        makers = {kind: _combine(kind) for kind in COMBINE}
    if _attends(seen):
        makers["attention"] = _attention
        makers["attention_again"] = _attention
    if seen.free:
        return makers
    makers |= {kind: _cell(kind) for kind in RECURRENT}
    makers |= {"dense": _dense, "dense_again": _dense, "concat": _plain("concat")}
    makers |= {kind: _normal(kind) for kind in ("layernorm", "batchnorm")}
    makers |= {"output": _plain("output")}
    makers |= {"activation": _activation, "dropout": _dropout}
    if seen.single and (seen.whole or not seen.masked):
        makers |= {"conv": _conv, "conv_again": _conv}
    if seen.same and seen.steps and seen.width % seen.steps == 0:
        makers |= {"split": _split, "split_again": _split}
    return makers


def is_uneven(seen: Seen) -> bool:
    """Whether a bus over an ellipsis, or over steps that may be padding, would be combined with other wires."""
    return (seen.elided or seen.memory_masked) and not seen.same


def _attends(seen: Seen) -> bool:
    return seen.query is not None and seen.memory is not None


def _embedding(rng: Random, seen: Seen, parameters: Parameters) -> Layer:
    width = rng.randint(1, 5)
    arguments = [parameters.size(width)]
    if rng.random() < 0.3:
        # Of a part of a sequence all steps could be padding.
        arguments.append(
            f"mask={rng.choice(['true', 'false']) if seen.whole and not seen.masked else 'false'}"
        )
    return Layer("embedding", tuple(arguments), width)


def _units(rng: Random) -> int:
    return rng.choice([1, 2, 2, 3, 3, 4, 4, 5, 6])


def _cell(kind: str) -> _Maker:
    def make(rng: Random, seen: Seen, parameters: Parameters) -> Layer:
        width = _units(rng)
        made = cell(rng, kind, width, seen, parameters)
        return _projected(made, parameters) if kind == "lstm" else made

    return make


def _projected(layer: Layer, parameters: Parameters) -> Layer:
    """Some LSTMs as they are, some with more units, of which they give as many features as before."""
    # It came later: what else is drawn stays as it was.
    if parameters.later.random() < 0.8:
        return layer
    units = str(layer.width + parameters.later.randint(1, 3))
    return replace(layer, arguments=(units, *layer.arguments[1:], f"projection={layer.width}"))


def cell(rng: Random, kind: str, units: int, seen: Seen, parameters: Parameters) -> Layer:
    """A recurrent layer of so many units."""
    arguments = [parameters.size(units)]
    if rng.random() < 0.2:
        word = _word(rng, parameters)
        arguments.append(word if kind == "rnn" and rng.random() < 0.5 else f"activation={word}")
    if kind != "rnn" and rng.random() < 0.1:
        gates = rng.choice(["sigmoid", "tanh", "softplus"])
        arguments.append(f"recurrent_activation={_or_later(gates, parameters)}")
    if rng.random() < 0.1:
        arguments.append(f"bias={rng.choice(['true', 'false', 'false'])}")
    if rng.random() < 0.1:
        arguments.append(f"dropout={parameters.rate()}")
    if parameters.later.random() < 0.1:
        arguments.append(f"recurrent_dropout={parameters.later.choice((0.0, 0.2, 0.5))}")
    return Layer(kind, tuple(arguments), units)


def _dense(rng: Random, seen: Seen, parameters: Parameters) -> Layer:
    width = _units(rng)
    arguments = [parameters.size(width), *activated(rng, parameters)]
    if rng.random() < 0.1:
        arguments.append("bias=false")
    return Layer("dense", tuple(arguments), width)


def _word(rng: Random, parameters: Parameters) -> str:
    """The word of an activation."""
    return _or_later(rng.choice(ACTIVATIONS), parameters)


def _or_later(word: str, parameters: Parameters) -> str:
    """A word, or one that came into the language later: what else is drawn stays as it was."""
    return parameters.own.choice(LATER) if parameters.own.random() < 0.3 else word


def activated(rng: Random, parameters: Parameters) -> list[str]:
    """The activation of a layer, if it has one."""
    if rng.random() < 0.5:
        return []
    word = _word(rng, parameters)
    return [word if rng.random() < 0.7 else f"activation={word}"]


def _conv(rng: Random, seen: Seen, parameters: Parameters) -> Layer:
    width = _units(rng)
    arguments = [
        parameters.size(width),
        parameters.count(rng.randint(1, 4)),
        *activated(rng, parameters),
    ]
    if rng.random() < 0.5:
        arguments.append(f"padding={rng.choice(['same', 'causal', 'causal'])}")
    if rng.random() < 0.4:
        arguments.append(f"dilation={parameters.count(rng.randint(1, 3))}")
    if rng.random() < 0.1:
        arguments.append("bias=false")
    return Layer("conv", tuple(arguments), width)


def _attention(rng: Random, seen: Seen, parameters: Parameters) -> Layer:
    assert seen.query is not None
    assert seen.memory is not None
    arguments = []
    width = seen.memory
    # Several heads of one feature each are what Keras computes wrong (docs/verify.md).
    heads = [
        number
        for number in (1, 2, 3)
        if seen.query % number == 0 and (number == 1 or seen.query > number)
    ]
    if seen.query != seen.memory or rng.random() < 0.5:
        arguments.append(f"heads={parameters.count(rng.choice(heads))}")
        width = seen.query
    has_heads = bool(arguments)
    if rng.random() < 0.3:
        arguments.append(f"causal={rng.choice(['true', 'true', 'false'])}")
    return _compared(Layer("attention", tuple(arguments), width), seen, parameters, has_heads)


def _compared(layer: Layer, seen: Seen, parameters: Parameters, has_heads: bool) -> Layer:
    """An attention that compares in one of the other ways."""
    own, arguments, width = parameters.own, layer.arguments, layer.width
    chance = own.random()
    if has_heads and chance < 0.3:
        # With a key of its own, heads need not divide the query's width.
        arguments = (*arguments, f"key={parameters.count(own.randint(2, 4))}")
    elif chance < 0.6:
        assert seen.memory is not None
        # Without heads: what is not equally wide has to be projected.
        arguments = tuple(item for item in arguments if not item.startswith("heads="))
        if seen.query != seen.memory or own.random() < 0.5:
            arguments = (*arguments, f"key={parameters.count(own.randint(1, 4))}")
        ways = ("score=additive", "scale=true", "score=dot, scale=false", "")
        arguments = (*arguments, own.choice(ways))
        width = seen.memory
    if own.random() < 0.1:
        arguments = (*arguments, f"dropout={parameters.number((0.1, 0.5), 'rate')}")
    return Layer("attention", tuple(filter(None, arguments)), width)


def _combine(kind: str) -> _Maker:
    def make(rng: Random, seen: Seen, parameters: Parameters) -> Layer:
        # It came later: what else is drawn stays as it was.
        is_least = kind == "max" and parameters.own.random() < 0.4
        return Layer("min" if is_least else kind, (), max(seen.wires))

    return make


def _plain(kind: str) -> _Maker:
    return lambda rng, seen, parameters: Layer(kind, (), seen.width)


def _normal(kind: str) -> _Maker:
    def make(rng: Random, seen: Seen, parameters: Parameters) -> Layer:
        arguments = []
        if parameters.own.random() < 0.4:
            arguments.append(f"epsilon={parameters.number((1e-2, 1e-3, 1e-4), 'tiny')}")
        if kind == "batchnorm" and parameters.own.random() < 0.4:
            arguments.append(f"momentum={parameters.number((0.5, 0.99, 0.0), 'pace')}")
        return Layer(kind, tuple(arguments), seen.width)

    return make


def _activation(rng: Random, seen: Seen, parameters: Parameters) -> Layer:
    word = _word(rng, parameters)
    # Of what has no padding: an id is read by an embedding, of which 0 may be padding.
    chance = 1.0 if seen.masked else parameters.own.random()
    if chance < 0.1:
        return Layer("argmax", (), 1)
    if chance < 0.15:
        return Layer("sample", (parameters.number((0.5, 2.0), "heat"),), 1)
    if chance < 0.2 and seen.width % 2 == 0:
        return Layer("sample", ("normal",), seen.width // 2)
    return Layer("activation", (word,), seen.width)


def keeps_grid(rng: Random, kind: str, seen: Seen, parameters: Parameters) -> Layer:
    """A layer that acts on the features of each place of a grid alone."""
    if kind == "activation":
        return Layer(kind, (_word(rng, parameters),), seen.width)
    makers = {"dense": _dense, "dropout": _dropout, "output": _plain("output")}
    return (makers.get(kind) or _normal(kind))(rng, seen, parameters)


def _dropout(rng: Random, seen: Seen, parameters: Parameters) -> Layer:
    return Layer("dropout", (parameters.rate(),), seen.width)


def _split(rng: Random, seen: Seen, parameters: Parameters) -> Layer:
    assert seen.steps
    return Layer("split", (), seen.width // seen.steps)
