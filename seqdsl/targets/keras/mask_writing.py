"""statements that pass masks by name → statements in which values carry them: a way to write them, to be tried."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from seqdsl.records import record
from seqdsl.targets.code import (
    Assign,
    Call,
    Code,
    Comment,
    Index,
    Items,
    Keyword,
    Text,
    call,
    named,
    path_of,
)
from seqdsl.targets.keras.mask_flow import (
    MERGES,
    RECURRENT,
    STATISTICS,
    STEPWISE,
    ZERO_MASKED,
    Flow,
    Mask,
    class_of,
    keyword,
    name_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.targets.code import Statement
    from seqdsl.targets.keras.mask_flow import Carried

_ALL_STEPS = "Its statistics are those of all steps: what an operation gives has no mask."


@record(frozen=True)
class Masks:
    """What the picture says of masks, by the variables of the code.

    Attributes:
        tokens: the mask that begins at the variable of an embedding.
        inputs: the mask that begins at the variable of an input.
        wanted: the mask of the variable of each node that has one.
        nodes: the variables of all nodes.
        outputs: the variables of the model's outputs.
        masked: a free name for each variable in ``inputs`` that is read as it is: in its padded steps it is zero.
        marks: what marks padding at each variable in ``inputs``.
    """

    tokens: Mapping[str, Code]
    inputs: Mapping[str, Code]
    wanted: Mapping[str, Code]
    nodes: frozenset[str]
    outputs: tuple[str, ...]
    masked: Mapping[str, str]
    marks: Mapping[str, float]


@dataclass(slots=True)
class Attempt:
    """One way to write a model's masks.

    Attributes:
        masks: what the picture says.
        blocked: the statements that stay as they are.
        flow: the masks that values carry.
        written: the statements.
        values: the masks on the variables of nodes, as they are assigned.
        dropped: the origins of masks that nobody has to pass on any more.
        zeroed: the origins of masks by which padded steps become zero without a name for them.
        begun: the masks that begin with a layer, by the variable of what it gives.
    """

    masks: Masks
    blocked: frozenset[int]
    flow: Flow = field(init=False)
    written: list[Statement] = field(default_factory=list)
    values: list[tuple[str, Carried]] = field(default_factory=list)
    dropped: set[int] = field(default_factory=set)
    zeroed: set[int] = field(default_factory=set)
    begun: dict[str, Mask] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin without any masks."""
        self.flow = Flow(self.begun)

    def run(self, statements: Sequence[Statement]) -> Attempt:
        """Write all statements."""
        shared = _shared_embeddings(statements, self.masks)
        places = _places(statements, self.masks)
        for number, statement in enumerate(statements):
            own = statement
            self.flow.number = number
            if isinstance(statement, Assign):
                own = self._assigned(statement, number, is_shared=number in shared)
                if places.get(number) not in (None, *self.masks.masked):
                    own = self._begun_as_zero(statement, number)
            self._write(own)
            if (
                number in places
                and number not in self.blocked
                and places[number] in self.masks.masked
            ):
                self._begin(places[number], number)
        return self

    def _write(self, statement: Statement) -> None:
        self.flow.run(statement)
        self.written.append(statement)
        name = assigned(statement)
        if name in self.masks.nodes:
            self.values.append((name, self.flow.carried.get(name)))

    def _begin(self, name: str, number: int) -> None:
        """Let the mask of an input begin: `masked = layers.Masking(mask_value=0.0)(x)`."""
        masked = self.masks.masked[name]
        at = frozenset({number})
        self.flow.choices.add(masked)
        self.begun[masked] = Mask(self.masks.inputs[name], at, at)
        self._write(Assign((Text(masked),), self._masking(name, Text(name))))

    def _masking(self, name: str, value: Code) -> Call:
        return call(call("layers.Masking", mask_value=str(self.masks.marks[name])), value)

    def _begun_as_zero(self, statement: Assign, number: int) -> Assign:
        """An input whose padded steps are made zero, which `Masking` does, too.

        ``masked = ops.where(mask[..., None], x, 0.0)`` is ``masked = layers.Masking(mask_value=-1.0)(x)``.
        """
        name = assigned(statement)
        # What marks its padding stands in the mask's own statement before.
        if number in self.blocked or not isinstance(statement.value, Call):
            return statement
        at = frozenset({number})
        self.begun[name] = Mask(self.masks.inputs[name], at, at)
        _, value, _ = statement.value.arguments
        return replace(statement, value=self._masking(name, value))

    def _assigned(self, statement: Assign, number: int, *, is_shared: bool) -> Assign:
        """A statement with as few masks by name as can be."""
        if number in self.blocked:
            return self._with_all_steps(statement)
        value = statement.value
        if is_shared:
            return replace(statement, value=_with_mask_zero(value))
        maker = self.flow.maker_of(value)
        if maker is None:
            return self._zeroed(statement)
        assert isinstance(value, Call)
        kind = class_of(maker)
        if kind == "Embedding":
            return self._embedded(statement, value, number)
        if kind in RECURRENT | STEPWISE | MERGES:
            value = self._reading_masked(value)
        if kind in RECURRENT:
            value = self._without_mask(value)
        return self._with_all_steps(replace(statement, value=value))

    def _embedded(self, statement: Assign, value: Call, number: int) -> Assign:
        """An embedding that begins a mask, if the picture has one begin there."""
        name = assigned(statement)
        if name not in self.masks.tokens:
            return statement
        if isinstance(value.function, Call):
            value = Call(_with_mask_zero(value.function), value.arguments)
            at = frozenset({number})
        else:
            # The layer is made elsewhere, for several places, and was told there whether it begins masks.
            made, place = self.flow.makers[name_of(value.function)]
            if keyword(made, "mask_zero") is None:
                return statement
            at = frozenset({place})
        self.begun[name] = Mask(self.masks.tokens[name], at, at)
        return replace(statement, value=value)

    def _zeroed(self, statement: Assign) -> Assign:
        """`ops.where(mask[..., None], x, 0.0)` as a layer that finds the mask on ``x``."""
        value = statement.value
        match value:
            case Call(Text("ops.where"), (Index(mask, "..., None"), inner, Text("0.0"))):
                found = self.flow.mask_of(inner)
            case _:
                return statement
        if found is None or found.code != mask or not found.origins:
            # What a model gives carries its mask, also where that has to be passed on by name up to here.
            is_output = assigned(statement) in self.masks.outputs
            masked = call(call(ZERO_MASKED), inner, mask=mask)
            return replace(statement, value=masked) if is_output else statement
        self.zeroed |= found.origins
        return replace(statement, value=call(call(ZERO_MASKED), inner))

    def _reading_masked(self, value: Call) -> Call:
        """A call that reads masked inputs in place of those that were given."""
        return replace(value, arguments=tuple(map(self._masked, value.arguments)))

    def _masked(self, argument: Code) -> Code:
        if isinstance(argument, Items):
            return replace(argument, items=tuple(map(self._masked, argument.items)))
        masked = self.masks.masked.get(name_of(argument))
        return Text(masked) if masked in self.flow.carried else argument

    def _without_mask(self, value: Call) -> Call:
        """A call of a recurrent layer without `mask=`, where the layer finds the same on what it reads."""
        mask = keyword(value, "mask")
        found = self.flow.mask_of(value.arguments[0])
        is_started = keyword(value, "initial_state") is not None
        if mask is None or found is None or found.code != mask or is_started or not found.origins:
            return value
        self.dropped |= found.origins
        kept = (item for item in value.arguments if not _is_mask(item))
        return Call(value.function, tuple(kept))

    def _with_all_steps(self, statement: Assign) -> Assign:
        """Batch normalization reads values without the masks that layers have put on them.

        In training it would leave padded steps out of its statistics, which a picture counts, and PyTorch.
        """
        value = statement.value
        maker = self.flow.maker_of(value)
        if maker is None or class_of(maker) != STATISTICS:
            return statement
        assert isinstance(value, Call)
        found = self.flow.mask_of(value.arguments[0])
        if found is None or found.switches:
            return statement
        self.written.append(Comment(_ALL_STEPS))
        bare = Call(value.function, (call("ops.copy", value.arguments[0]),))
        return replace(statement, value=bare)


def _is_mask(argument: Code) -> bool:
    return isinstance(argument, Keyword) and argument.name == "mask"


def assigned(statement: Statement) -> str:
    """The one variable that a statement assigns; empty if it assigns none or several."""
    is_one = isinstance(statement, Assign) and len(statement.targets) == 1
    return name_of(statement.targets[0]) if is_one and isinstance(statement, Assign) else ""


def _with_mask_zero(maker: Code) -> Call:
    """The constructor of an embedding that begins a mask; a layer's name stands last."""
    assert isinstance(maker, Call)
    *arguments, name = maker.arguments
    return Call(maker.function, (*arguments, named("mask_zero", True), name))


def _shared_embeddings(statements: Sequence[Statement], masks: Masks) -> set[int]:
    """The statements that make an embedding for several places, if a mask begins in any."""
    made: dict[str, int] = {}
    found = set()
    for number, statement in enumerate(statements):
        if not isinstance(statement, Assign) or not isinstance(statement.value, Call):
            continue
        function = statement.value.function
        if path_of(function) == ("layers", "Embedding"):
            made[assigned(statement)] = number
        elif assigned(statement) in masks.tokens and name_of(function) in made:
            found.add(made[name_of(function)])
    return found


def _places(statements: Sequence[Statement], masks: Masks) -> dict[int, str]:
    """The statement behind which the mask of each input may begin: both the input and the mask are there."""
    # mask = ops.any(ops.not_equal(x, 0), axis=-1)     behind this one, if `x` is what layers read;
    # checked = PaddedAtEnd()(x, mask)                 behind this one, if `checked` is
    inputs = {name_of(mask): name for name, mask in masks.inputs.items()}
    inputs |= {name: name for name in masks.inputs}
    found = {
        inputs[name]: number
        for number, statement in enumerate(statements)
        if (name := assigned(statement)) in inputs
    }
    return {number: name for name, number in found.items()}
