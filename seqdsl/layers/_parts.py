"""what layers are made of: arguments, weights, gates, settings, and texts for people.

Sizes are polynomials over `IN`, `OUT` and the layer's own sizes by name: a dense layer's kernel is ``(IN, OUT)``, that
of an LSTM, whose four gates are side by side, ``(IN, 4 * OUT)``.
"""

from __future__ import annotations

from enum import Enum
from math import inf
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from seqdsl.layers._elsewhere import Answers, Counterpart

IN = Size.of("in")
"""Input features, in a weight's shape."""
OUT = Size.of("out")
"""Output features of one direction, in a weight's shape."""


class Range(NamedTuple):
    """The numbers that an argument takes, as in ``0 <= rate < 1``.

    Attributes:
        least: the lower bound.
        most: the upper bound.
        open_below: whether the lower bound itself is too small.
        open_above: whether the upper bound itself is too large.
    """

    least: float
    most: float
    open_below: bool = False
    open_above: bool = False

    def holds(self, number: float) -> bool:
        """Whether a number is one of them; what is not a number (NaN) is none."""
        above = self.least < number if self.open_below else self.least <= number
        below = number < self.most if self.open_above else number <= self.most
        return above and below


class Kind(Enum):
    """What the value of an argument is, in the order in which the representation's text has a layer's arguments."""

    SIZE = "size"
    ACTIVATION = "activation"
    BOOL = "bool"
    EPSILON = "epsilon"
    RATE = "rate"
    NUMBER = "number"
    TEMPERATURE = "temperature"
    VALUE = "value"
    ID = "id"
    SCORE = "score"
    LETTER = "letter"
    TIED = "tied"
    PADDING = "padding"
    BORDER = "border"
    PLACE = "place"
    CODE = "code"
    COUNT = "count"

    @property
    def range(self) -> Range | None:
        """The numbers that arguments of this kind take; ``None``: they take none, or sizes, which may have names."""
        return _RANGES.get(self)


_RANGES = {
    Kind.COUNT: Range(1, inf),
    Kind.EPSILON: Range(0, 1, open_below=True),
    Kind.RATE: Range(0, 1, open_above=True),
    Kind.TEMPERATURE: Range(0, inf, open_below=True),
    Kind.ID: Range(0, inf, open_above=True),
    Kind.VALUE: Range(-inf, inf, open_below=True, open_above=True),
}


class Argument(NamedTuple):
    """An argument of a layer.

    Attributes:
        name: its name.
        kind: what its value is.
        default: what is meant where it is not given; ``None``: nothing.
        tells: the argument that follows from it, and is not written beside it; empty: none does.
    """

    name: str
    kind: Kind
    default: bool | float | str | None = None
    tells: str = ""


class Signature(NamedTuple):
    """What a layer takes.

    Attributes:
        positional: the arguments that need no keyword, in order.
        required: how many of them must be given.
        keywords: the arguments that need one.
        example: a call, for hints.
        longer: what values without a keyword mean where there are more of them, each longer than the one before.
    """

    positional: tuple[Argument, ...] = ()
    required: int = 0
    keywords: tuple[Argument, ...] = ()
    example: str = ""
    longer: tuple[tuple[Argument, ...], ...] = ()

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """All arguments."""
        return self.positional + self.keywords

    def places(self, given: Collection[str], count: int = 0) -> tuple[Argument, ...]:
        """The arguments that ``count`` values without a keyword are, beside those that are ``given`` by one."""
        # input(3) are 3 features, input(28, 28, 1) height, width and features
        for longer in self.longer:
            if count == len(longer):
                return tuple(item for item in longer if item.name not in given)
        # dense(50, softmax), but dense(tied=M, softmax): there the embedding tells the units
        told = {item.tells for item in self.keywords if item.tells and item.name in given}
        return tuple(item for item in self.positional if item.name not in told)

    def find(self, name: str) -> Argument | None:
        """The argument of a name; ``None`` if there is none."""
        return next((item for item in self.arguments if item.name == name), None)


class Inferred(NamedTuple):
    """What no author of a picture has to set: it follows from where the layer is applied.

    Attributes:
        name: its name; it may be that of an argument, which is then always known.
        kind: what its value is.
        is_optional: whether a layer may be without it.
        instead: the argument that it may replace; empty: none.
    """

    name: str
    kind: Kind
    is_optional: bool = False
    instead: str = ""


NAMED_ROW = Argument("values", Kind.LETTER)
"""The row that a layer reads whole, by its letter: ``mean(E)``."""

RUN = (Inferred("bidirectional", Kind.BOOL), Inferred("layers", Kind.COUNT, is_optional=True))
"""What is inferred of every recurrent layer: whether it runs both ways, and how many layers run as one."""


class Role(Enum):
    """What a weight does: by it, frameworks keep it, and random weights are drawn."""

    KERNEL = "the matrix of what is read"
    RECURRENT_KERNEL = "the matrix of the state"
    PROJECTION = "the matrix that the state is projected with"
    BIAS = "what is added"
    TABLE = "a row for each token"
    SCALE = "what features are multiplied by"
    SHIFT = "what is added to normalized features"
    MEAN = "a mean that is kept, not trained"
    VARIANCE = "a variance that is kept, not trained"

    @property
    def is_trained(self) -> bool:
        """Whether a weight is trained; statistics are kept."""
        return self not in (Role.MEAN, Role.VARIANCE)


class Weight(NamedTuple):
    """An array of numbers that a layer holds.

    Attributes:
        name: its name within the layer, as Keras has it; a part such as ``query/kernel`` with the part's name in front.
        role: what it does.
        shape: its shape; a bias of two rows is two biases that are not added up.
        needs: the argument without which, or where it is false, there is no such weight; of several, one is enough;
            empty: it is always there.
        unless: the argument with which there is no such weight; empty: none takes it away.
    """

    name: str
    role: Role
    shape: tuple[Size, ...]
    needs: str | tuple[str, ...] = ""
    unless: str = ""

    @property
    def part(self) -> str:
        """The part of the layer that it belongs to; empty if the layer has none."""
        # `query/kernel` and `query/bias` belong to `query`, one of attention's four affine maps.
        return self.name.rpartition("/")[0]


# input(28, 28, 1) has the first two, input(12, 3) and tokens(1000, 12) the last.
AXES = ("height", "width", "places")
"""The arguments of an input that are the axes of the grid that each step holds, in order."""


class Combination(Enum):
    """How several values become one, element by element."""

    ADD = "add"
    MULTIPLY = "multiply"
    MEAN = "mean"
    MAX = "max"
    MIN = "min"


class Gate(Enum):
    """A part of a cell's weights, side by side with others on the last axis; its value is its letter in papers."""

    INPUT = "i"
    FORGET = "f"
    CANDIDATE = "g"
    OUTPUT = "o"
    UPDATE = "z"
    RESET = "r"

    @property
    def keeps(self) -> bool:
        """Whether it says how much of the state is kept."""
        # f of an LSTM: c = f * c + i * g; z of a GRU: h = z * h + (1 - z) * n
        return self in (Gate.FORGET, Gate.UPDATE)


class Setting(NamedTuple):
    """What changes a layer's numbers and is in no weight.

    Attributes:
        name: its name: an argument's, or another.
        value: what it always is; ``None``: the argument of its name says it, or ``size``.
        size: the size that it is, over `IN` and the layer's own sizes.
        in_training: whether it matters in training alone.
        elsewhere: whether a model may have it in a layer of its own behind this one.
        needs: the argument without which there is no such setting.
        unless: the argument with which there is no such setting.
    """

    name: str
    value: str | float | bool | None = None
    size: Size | None = None
    in_training: bool = False
    elsewhere: bool = False
    needs: str = ""
    unless: str = ""


class Look(Enum):
    """Which layers look alike in a drawing; its value is the class of their nodes in SVG."""

    INPUT = "input"
    EMBEDDING = "embedding"
    RECURRENT = "recurrent"
    DENSE = "dense"
    CONV = "conv"
    ATTENTION = "attention"
    COMBINE = "combine"
    OUTPUT = "output"
    STEPWISE = "stepwise"
    DELAYED = "delayed"


class Words(NamedTuple):
    """A layer's texts for people; for what is left out there are general ones.

    Attributes:
        summary: a line for lists and completion.
        arguments: what each of its arguments sets, by name, for completion and hover.
        noun: what it is, after "is": ``an LSTM``; of a combination what it gives: ``the sum``.
        does: what a row of it does, with names in braces (see `seqdsl.explain.rows`).
        weights: what its parameters are; where it may have more or fewer, by the parts that it has, in order.
        statistics: the same, where a framework counts statistics among them.
        elsewhere: what other frameworks and papers have for it.
        renamed: arguments that have another name there, each with ours.
        instead: arguments there that the picture tells here.
        variable: the name of its value in the generated code; empty: the layer's own.
    """

    summary: str = ""
    arguments: Mapping[str, str] = MappingProxyType({})
    noun: str = ""
    does: str = ""
    weights: str | Mapping[tuple[str, ...], str] = ""
    statistics: str = ""
    elsewhere: tuple[Counterpart, ...] = ()
    renamed: Mapping[str, str] = MappingProxyType({})
    instead: Answers = MappingProxyType({})
    variable: str = ""
