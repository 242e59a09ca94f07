"""written free run → methods of a class: ``encode``, computed once, ``decode`` for each piece, and ``generate``.

The same for PyTorch and numpy: what they call an array, and which type a state has, is all in which they differ.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seqdsl.ir.free_run import NoFreeRun
from seqdsl.lowering.naming import Names
from seqdsl.passes.free_run import split_free_run
from seqdsl.targets.code import Assign, Return, Text, call, lines, subscripted
from seqdsl.targets.emit.feeding import feeding
from seqdsl.targets.emit.free_run import write_phases

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seqdsl.ir.graph import Input, Node
    from seqdsl.model.spec import ModelSpec
    from seqdsl.passes.free_run import Phases
    from seqdsl.targets.code import Code, Statement
    from seqdsl.targets.emit.emitter import Emitter
    from seqdsl.targets.emit.feeding import Feeding
    from seqdsl.targets.emit.free_run import FreeWriting, Held, Written

_OWN = (
    "start",
    "steps",
    "temperature",
    "stop",
    "generator",
    "seed",
    "generated",
    "ids",
    "prompt",
    "seeds",
    "step",
    "dtype",
    "random",
    "self",
)
"""What ``generate`` itself calls its arguments and variables: an input of such a name has another one there."""


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the class.

    Attributes:
        name: its name.
        takes: its parameters.
        gives: the type of its result.
        statements: its body.
    """

    name: str
    takes: tuple[str, ...]
    gives: Code
    statements: tuple[Statement, ...]

    @property
    def body(self) -> str:
        """Its lines."""
        return self.indented(8)

    def indented(self, indent: int) -> str:
        """Its lines, behind so many spaces."""
        return "\n".join(line for item in self.statements for line in lines(item, indent))


@dataclass(frozen=True, slots=True)
class Generation:
    """What a template writes of a free run.

    Attributes:
        array: what the target calls the type of an array.
        encode: what is computed once; ``None``: nothing is.
        decode: what is computed for a piece.
        begin: the statements that come before the loop of ``generate``.
        advance: the statement that computes a piece.
        inputs: the parameters of ``generate`` that are not fed.
        fed: the inputs that are, and how, as ``generate`` calls them.
        phases: the specifications, for what is made of their layers.
    """

    array: str
    encode: Method | None
    decode: Method
    begin: tuple[Statement, ...]
    advance: Statement
    inputs: tuple[tuple[str, str], ...]
    fed: tuple[Feeding, ...]
    phases: Phases

    @property
    def takes(self) -> list[str]:
        """The parameters of ``generate`` for what is not fed."""
        return [f"{name}: {self.array}" for name, _ in self.inputs]

    @property
    def width(self) -> str:
        """How many ids there are."""
        return str(self.fed[0].width)

    @property
    def begun(self) -> str:
        """The lines that come before the loop."""
        return self.begun_at(8)

    def begun_at(self, indent: int) -> str:
        """The same behind so many spaces."""
        return "\n".join(line for item in self.begin for line in lines(item, indent))

    def advanced(self, indent: int) -> str:
        """The lines that compute a piece."""
        return "\n".join(lines(self.advance, indent))


@dataclass(frozen=True, slots=True)
class MethodWriting:
    """How a target with classes writes a free run.

    Attributes:
        array: the type of an array.
        kind: the type of a node's state.
        phases: how it writes the statements.
        owner: the parameter that the layers belong to.
        prefix: what stands before the name of a method, and before its arguments, where it is called.
        zero: what the state of a node is that begins as zero; ``None``: nothing, which layers take for zero.
        result: what a method returns of its values.
    """

    array: str
    kind: Callable[[Node], str]
    phases: FreeWriting
    owner: str = "self"
    prefix: tuple[str, tuple[str, ...]] = ("self.", ())
    zero: Callable[[Node], Code] | None = None
    result: Callable[[tuple[Code, ...]], tuple[Statement, ...]] = lambda values: (Return(values),)


def split(spec: ModelSpec) -> Phases | None:
    """The phases of a free run; ``None`` if nothing is fed back, or the rows of a batch are."""
    try:
        return split_free_run(spec)
    except NoFreeRun:
        return None


def write_generation(
    phases: Phases, once: Emitter, step: Emitter, how: MethodWriting
) -> Generation:
    """The methods of a free run, its phases written with an emitter each."""
    written = write_phases(phases, once, step, how.phases)
    return _Methods(phases, written, feeding(phases, written), how).generation()


@dataclass(frozen=True, slots=True)
class _Methods:
    """Makes the methods of what is written.

    Attributes:
        phases: the specifications.
        written: their statements.
        fed: how the inputs are fed.
        how: how the target writes them.
    """

    phases: Phases
    written: Written
    fed: tuple[Feeding, ...]
    how: MethodWriting

    def generation(self) -> Generation:
        """The methods."""
        encode = self._encode()
        local = self._local_names()
        fed = {item.name for item in self.fed}
        inputs = (item for item in self.phases.whole.inputs if item.name not in fed)
        return Generation(
            self.how.array,
            encode,
            self._decode(),
            (*self._encoded(encode, local), *self._nothing_kept(local)),
            self._advance(local),
            tuple((local[item.name], _described(item)) for item in inputs),
            tuple(
                replace(item, name=local[item.name], variable=local[item.variable])
                for item in self.fed
            ),
            self.phases,
        )

    def _local_names(self) -> dict[str, str]:
        """What ``generate`` calls inputs and variables: as the picture does, where no argument of its own is so."""
        # steps = tokens(40), ids = dense(50): `generate(self, steps_2, *, start, steps)` gives `ids_2[:, -1]`.
        names = Names(_OWN)
        wanted = [item.name for item in self.phases.whole.inputs]
        wanted += [item.variable for item in self.fed]
        wanted += [*self.written.passed, *(item.name for item in self.written.states)]
        return {name: names.claim(name) for name in dict.fromkeys(wanted)}

    def _began(self) -> list[Held]:
        """The states that are something at first."""
        return [item for item in self.written.states if item.first is not None]

    def _encode(self) -> Method | None:
        heads = [item for item in self.written.heads if item is not None]
        began, passed = self._began(), self.written.passed
        values = [*heads, *map(Text, passed), *(item.first for item in began if item.first)]
        if not values:
            return None
        types = [self.how.array] * (len(heads) + len(passed))
        types += [self.how.kind(item.node) for item in began]
        takes = (f"{item.name}: {self.how.array}" for item in self.phases.once.inputs)
        # The values of the first step are results, and not only read by what gives the next one.
        result = self.how.result(tuple(values)) if heads else (Return(tuple(values)),)
        statements = (*self.written.once, *result)
        return Method("encode", (self.how.owner, *takes), _types(types), statements)

    def _encoded(self, encode: Method | None, local: dict[str, str]) -> list[Statement]:
        """The call of ``encode``."""
        if encode is None:
            return []
        heads = [item.variable for item in self.fed if item.has_head]
        names = [*heads, *self.written.passed, *(item.name for item in self._began())]
        inputs = [local[item.name] for item in self.phases.once.inputs]
        targets = tuple(Text(local[name]) for name in names)
        return [Assign(targets, self._call("encode", inputs))]

    def _nothing_kept(self, local: dict[str, str]) -> list[Statement]:
        """The states that are zero at first."""
        states = [item for item in self.written.states if item.first is None]
        if (zero := self.how.zero) is not None:
            return [Assign((Text(local[item.name]),), zero(item.node)) for item in states]
        # A layer of a class takes nothing for zero.
        return [
            Assign((Text(local[item.name]),), Text("None"), f"{self.how.kind(item.node)} | None")
            for item in states
        ]

    def _call(self, name: str, arguments: Sequence[str]) -> Code:
        """The call of a method."""
        before, first = self.how.prefix
        return call(f"{before}{name}", *first, *arguments)

    def _decode(self) -> Method:
        written, array = self.written, self.how.array
        passed = (*written.given, *written.passed)
        takes = [f"{item.name}: {array}" for item in self.phases.step.inputs]
        takes += [f"{name}: {array}" for name in passed]
        takes += [f"{item.name}: {self._taken_kind(item)}" for item in written.states]
        types = [array] * len(written.values)
        types += [self.how.kind(item.node) for item in written.states]
        values = (*written.values, *(item.after for item in written.states))
        statements = (*written.step, *self.how.result(values))
        return Method("decode", (self.how.owner, *takes), _types(types), statements)

    def _taken_kind(self, held: Held) -> str:
        kind = self.how.kind(held.node)
        is_optional = held.first is None and self.how.zero is None
        return f"{kind} | None" if is_optional else kind

    def _advance(self, local: dict[str, str]) -> Statement:
        """The call of ``decode``."""
        states = [item.name for item in self.written.states]
        fed = [item.name for item in self.fed]
        read = [*fed, *self.written.given, *self.written.passed, *states]
        given = self._call("decode", [local[name] for name in read])
        variables = [*(item.variable for item in self.fed), *states]
        return Assign(tuple(Text(local[name]) for name in variables), given)


def statements_of(run: Generation | None) -> tuple[Statement, ...]:
    """The statements of the methods."""
    if run is None:
        return ()
    once = () if run.encode is None else run.encode.statements
    return (*once, *run.decode.statements)


def _described(item: Input) -> str:
    """What an argument is."""
    axes = ", ".join(
        ["batch", *("steps" for _ in item.shape[:1] if len(item.shape) > 1 or item.vocabulary)]
    )
    if item.vocabulary is not None:
        return f"ids, ({axes})" if item.shape else "ids, (batch,)"
    return f"values, ({axes}, features)"


def _types(types: Sequence[str]) -> Code:
    return Text(types[0]) if len(types) == 1 else subscripted("tuple", *map(Text, types))
