"""what a step of a loop reads → code within the layer that computes the loop: its inputs, and a step of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seqdsl.ir.called import PATH
from seqdsl.ir.expressions import (
    ConcatFeatures,
    Elementwise,
    Expression,
    Repeat,
    Slice,
    Step,
    Value,
    Zeros,
    blocks_of,
    walk,
)
from seqdsl.layers import layer_def
from seqdsl.lowering.naming import Names
from seqdsl.passes.loop_body import STEP
from seqdsl.passes.uneven_loop import UnevenLoop
from seqdsl.size import Size
from seqdsl.targets.code import (
    Assign,
    Attribute,
    Binary,
    Code,
    Index,
    Text,
    call,
    enclosed,
    grouped,
    listing,
    tuple_of,
)
from seqdsl.targets.emit.expressions import MissingFunction
from seqdsl.targets.keras.expressions import emit, emit_ids
from seqdsl.targets.keras.facts import is_free

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.graph import Node
    from seqdsl.passes.loop_body import Body
    from seqdsl.targets.code import Statement
    from seqdsl.targets.keras.emitter import KerasEmitter

_FUNCTIONS = {"max": "ops.maximum", "min": "ops.minimum"}
_OPERATORS = {"add": "+", "mean": "+", "multiply": "*"}
"""How values are combined element by element; what is in neither table raises."""

_NONE, _ONE = Size.of(0), Size.of(1)


@dataclass(slots=True)
class LoopValues:
    """What is there within the layer of one loop, while it is written.

    Attributes:
        body: the loop.
        to: what the functional model is written to.
        is_shared: whether some of its layers are applied elsewhere, too.
        names: the names that are free within the layer.
        inputs: what the layer is called with, each with its name within.
        scanned: the inputs that are read step by step, by name, each with the name of a step of it.
        numbers: the builder's parameters that it needs.
        values: what holds the values of the body's nodes.
        before: the statements before the loop.
        positions: the numbers of all steps, where a step asks for its own.
        drawn: what draws random numbers for all steps, by the variable that holds them, and the axes of a step.
        steps: the number of steps, where a sequence of a free length is carried on.
    """

    body: Body
    to: KerasEmitter
    is_shared: bool = False
    names: Names = field(init=False)
    inputs: dict[Code, Text] = field(default_factory=dict)
    scanned: dict[str, Text] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    values: dict[int, Code] = field(default_factory=dict)
    before: list[Statement] = field(default_factory=list)
    positions: Text | None = None
    drawn: dict[str, tuple[Code, tuple[Size, ...]]] = field(default_factory=dict)
    steps: Text | None = None

    def __post_init__(self) -> None:
        """Take the names that are given: those of nodes, and of what the layer has in any case."""
        taken = [node.name for node in self.to.graph.nodes]
        self.names = Names([*taken, "carry", "now", "inputs", "config", "options"])

    # What is there before the loop.

    def given(self, code: Code, wanted: str = "start") -> Text:
        """The name within the layer of a value that it is called with."""
        if code not in self.inputs:
            is_own = isinstance(code, Text) and code.text.isidentifier()
            name = code.text if is_own and isinstance(code, Text) else self.names.claim(wanted)
            # Of a node's name one is enough; others are claimed.
            self.inputs[code] = Text(name)
        return self.inputs[code]

    def scan(self, code: Code, wanted: str = "steps") -> Text:
        """The name of a step of a sequence that the layer is called with."""
        whole = self.given(code, wanted)
        if whole.text not in self.scanned:
            self.scanned[whole.text] = Text(self.names.claim(f"{whole.text}_now"))
        return self.scanned[whole.text]

    def size(self, size: Size) -> Size:
        """A size as the layer's methods can reach it."""
        known = {item.name for item in self.to.graph.parameters}
        for name in sorted(size.names & known):
            self.numbers[f"{name}_value"] = name
        return size.subs({name: Size.of(f"self.{name}_value") for name in size.names & known})

    def batch(self) -> Code:
        """How many samples there are."""
        if not self.inputs:
            item = self.to.graph.inputs[0]
            self.given(Text(item.name))
        first = next(iter(self.inputs.values()))
        return Index(call("ops.shape", first), "0")

    def zeros(self, features: Size, *before: Size | Code) -> Code:
        """Zeros for all samples; ``before`` the features are steps, and the places of a grid."""
        sizes = (self.size(item) if isinstance(item, Size) else item for item in before)
        shape = tuple_of(self.batch(), *sizes, self.size(features))
        return call("ops.zeros", shape, "self.compute_dtype")

    def steps_of(self, stand: Node) -> Size | Code:
        """How many steps a sequence has that a loop carries on: of a free length, as many as what is scanned."""
        assert stand.steps is not None
        if not is_free(stand.steps, self.to.graph):
            return stand.steps
        more = stand.steps - self.body.count
        if more.constant is None:
            raise UnevenLoop(stand.name, "the loop attends to more steps of it than it has itself")
        if self.steps is None:
            self.steps = Text(self.names.claim("steps"))
        return self.steps if more.constant == 0 else Binary("+", (self.steps, Text(str(more))))

    def make_scanned(self, sequences: Sequence[str]) -> None:
        """Write what is scanned like sequences, but made within the layer: numbers of steps, and random numbers."""
        steps: Code = Text(str(self.size(self.body.count)))
        if sequences:
            steps = Index(call("ops.shape", Text(sequences[0])), "1")
        if self.steps is not None:
            # steps = ops.shape(x)[1]: before the loop, which carries on a sequence of so many.
            self.before.append(Assign((self.steps,), steps))
            steps = self.steps
        if self.positions is not None:
            self.before.append(Assign((self.positions,), call("ops.arange", steps)))
        for name, (drawing, sizes) in self.drawn.items():
            shape = tuple_of(steps, self.batch(), *map(self.size, sizes))
            self.before.append(Assign((Text(name),), call(Attribute(drawing, "noise"), shape)))

    def begun(self, node: Node, start: Expression | None) -> Code:
        """What stands in the place of a node's value before its first step; ``None``: zero, of ids the id 0."""
        is_ids = layer_def(node.kind).gives_ids
        if start is not None:
            return self.given((emit_ids if is_ids else emit)(start, self.to))
        if is_ids:
            shape = tuple_of(self.batch(), *map(self.size, node.grid))
            return call("ops.zeros", shape, '"int32"')
        return self.zeros(node.features, *node.grid)

    def place(self) -> Text:
        """The number of the step."""
        # 0 1 2 ..., scanned like any sequence: a step knows no number by itself.
        if self.positions is None:
            self.positions = Text(self.names.claim("positions"))
            self.scanned[self.positions.text] = Text(self.names.claim("step"))
        return self.scanned[self.positions.text]

    def is_made(self, scanned: str) -> bool:
        """Whether what is scanned is made within the layer, with the steps first, and no input."""
        return scanned in self.drawn or (
            self.positions is not None and scanned == self.positions.text
        )

    def noise(self, layer: Code, *sizes: Size) -> Text:
        """The random numbers of a step, of so many axes for each sample, drawn by a layer before the loop."""
        # A seed that changes within `jax.lax.scan` would be lost behind it.
        name = Text(self.names.claim("noise"))
        self.drawn[name.text] = (layer, sizes)
        self.scanned[name.text] = Text(self.names.claim("noise_now"))
        return self.scanned[name.text]

    # Expressions over vectors.

    def emit(self, expression: Expression) -> Code:
        """The code of what a step reads."""
        if isinstance(expression, Value) and expression.block in self.values:
            return self._features(expression.block)
        # What does not change is made by the functional model, and given to the layer.
        if self._is_outer(expression):
            return self.given(emit(expression, self.to))
        match expression:
            case Step(of, index, steps) if STEP.names & index.names:
                return self.scan(emit(self._from(of, index - STEP, steps), self.to))
            case Step(Value(block)):
                # One that a called model pads gives more steps than that of its window, which is the last.
                last = "-1" if PATH in self.to.layer(self.to.graph.nodes[block]).name else "0"
                return Index(self.values[block], f":, {last}")
            case Step(Zeros(_, width, grid=grid)):
                return self.zeros(width, *grid)
            case Repeat(of):
                return Index(self.emit(of), ":, None")
            case ConcatFeatures(parts):
                return call("ops.concatenate", listing(*map(self.emit, parts)), axis=-1)
            case Elementwise(how, parts):
                return self.combined(how, parts)
        raise MissingFunction(f"no function for {type(expression).__name__} within a loop")

    def _features(self, block: int) -> Code:
        """The value of a node of the body; of an id its number, as the only feature."""
        value = self.values[block]
        is_ids = layer_def(self.to.graph.nodes[block].kind).gives_ids
        return Index(grouped(value), "..., None") if is_ids else value

    def emit_ids(self, expression: Expression) -> Code:
        """The code of the ids that a step reads, (batch,): without an axis of features."""
        if isinstance(expression, Value) and expression.block in self.values:
            return self.values[expression.block]
        if self._is_outer(expression):
            return self.given(emit_ids(expression, self.to))
        match expression:
            case Step(of, index, steps) if STEP.names & index.names:
                return self.scan(emit_ids(self._from(of, index - STEP, steps), self.to))
        return Index(grouped(self.emit(expression)), "..., 0")

    def _is_outer(self, expression: Expression) -> bool:
        """Whether a value is there before the loop, and the same at every step."""
        own = {node.index for node in self.body.nodes}
        own |= {item.node for item in self.body.delays} | {
            item.node for item in self.body.histories
        }
        items = list(walk(expression))
        moves = any(isinstance(item, Step) and STEP.names & item.index.names for item in items)
        is_zero = any(isinstance(item, Zeros) for item in items)
        return not moves and not is_zero and not blocks_of(expression) & own

    def _from(self, of: Expression, start: Size, steps: Size) -> Expression:
        """As many steps of a sequence as the loop has."""
        count = self.body.count
        return of if start == _NONE and count == steps else Slice(of, start, count, 1, steps)

    def combined(self, how: str, parts: Sequence[Expression]) -> Code:
        """Values, element by element; what is narrower comes first, see `seqdsl.targets.keras.merging`."""
        if how in ("add", "mean"):
            parts = sorted(parts, key=lambda part: self.width(part) != _ONE)
        values = [self.emit(part) for part in parts]
        if len(values) == 1:
            return values[0]
        if how in _FUNCTIONS:
            # Of two at a time: maximum(maximum(a, b), c).
            whole = values[0]
            for value in values[1:]:
                whole = call(_FUNCTIONS[how], whole, value)
            return whole
        if how == "multiply":
            # (y + pooled) * share: within a step a sum has no variable of its own.
            values = [enclosed(one) if isinstance(one, Binary) else one for one in values]
        whole = Binary(_OPERATORS[how], tuple(values))
        return Binary("/", (grouped(whole), Text(str(len(values))))) if how == "mean" else whole

    def width(self, expression: Expression) -> Size:
        """How many features a vector has."""
        match expression:
            case ConcatFeatures(parts):
                return sum(map(self.width, parts), _NONE)
            case Elementwise(_, parts):
                return max(map(self.width, parts), key=str)
            case Step(of) | Repeat(of):
                return self.to.shapes().of(of).features
        return self.to.shapes().of(expression).features
