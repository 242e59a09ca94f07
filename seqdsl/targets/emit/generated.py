"""what is written of a free run, as data: the methods, what `generate` begins with, and how a target writes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seqdsl.targets.code import Return, lines

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from seqdsl.ir.graph import Node
    from seqdsl.passes.free_run import Phases
    from seqdsl.size import Size
    from seqdsl.targets.code import Code, Statement
    from seqdsl.targets.emit.feeding import Feeding
    from seqdsl.targets.emit.free_run import FreeWriting


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
    def gives_several(self) -> bool:
        """Whether it gives more than one value."""
        end = self.statements[-1]
        return isinstance(end, Return) and len(end.values) > 1

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
        advance: the statements that compute a piece.
        inputs: the parameters of ``generate`` that are not fed.
        fed: the inputs that are, and how, as ``generate`` calls them.
        phases: the specifications, for what is made of their layers.
        limits: what has rows for so many steps only, and how many.
        known: what is known as a whole beside what is fed, and how many steps of it are before the first one of that.
        is_single: whether a piece is one step.
        reads_prompt: whether what is computed once counts the samples of the prompt, as there is nothing else.
    """

    array: str
    encode: Method | None
    decode: Method
    begin: tuple[Statement, ...]
    advance: tuple[Statement, ...]
    inputs: tuple[tuple[str, str], ...]
    fed: tuple[Feeding, ...]
    phases: Phases
    limits: tuple[tuple[str, Size], ...] = ()
    known: tuple[tuple[str, int], ...] = ()
    is_single: bool = False
    reads_prompt: bool = False

    @property
    def is_start_optional(self) -> bool:
        """Whether something is given before the first step of what is fed, and tells how many samples there are."""
        return all(item.has_head for item in self.fed) and not self.reads_prompt

    @property
    def has_state(self) -> bool:
        """Whether a piece gives the state with which the next one begins, beside what is fed."""
        end = self.decode.statements[-1]
        return isinstance(end, Return) and len(end.values) > len(self.fed)

    @property
    def takes(self) -> list[str]:
        """The parameters of ``generate`` for what is not fed."""
        return [f"{name}: {self.array}" for name, _ in self.inputs]

    @property
    def width(self) -> str:
        """How many ids there are."""
        return str(self.fed[0].width)

    @property
    def makes_known(self) -> bool:
        """Whether what is known beside what is fed is computed first, and is no argument."""
        return not {name for name, _ in self.known} <= {name for name, _ in self.inputs}

    def length_checks(self, indent: int) -> str:
        """The lines that refuse a run which is too long, for a table of positions or for what is known beside it."""
        # if length > 512:                           if calendar.shape[1] < length:
        #     raise ValueError(...)                      given = calendar.shape[1]
        written = []
        for name, limit in self.limits:
            most = str(limit) if limit.constant is not None else f"{{{limit}}}"
            written += [
                f"if length > {limit}:",
                f'    raise ValueError(f"{name} has {most} steps, {{length}} are needed")',
            ]
        for name, ahead in dict(sorted(self.known, key=lambda item: item[1])).items():
            needed = f"length + {ahead}" if ahead else "length"
            written += [
                f"if {name}.shape[1] < {needed}:",
                f"    given = {name}.shape[1]",
                f'    raise ValueError(f"{name} has {{given}} steps, {{{needed}}} are needed")',
            ]
        return "\n".join(" " * indent + line for line in written)

    @property
    def begun(self) -> str:
        """The lines that come before the loop."""
        return self.begun_at(8)

    def begun_at(self, indent: int) -> str:
        """The same behind so many spaces."""
        return "\n".join(line for item in self.begin for line in lines(item, indent))

    def advanced(self, indent: int) -> str:
        """The lines that compute a piece."""
        return "\n".join(line for item in self.advance for line in lines(item, indent))


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
        result: what ``decode`` returns of its values.
        detached: what ``encode`` returns of a value that is a result of ``generate``, and not only read in a step.
        past: the type of what grows with each piece.
        prompt: what holds the prompt before anything is computed; empty: what it is fed to.
        is_stepwise: whether a piece is one step in any model.
        channels_first: whether images have their channels first.
        or_zero: a state of a node, by the name of what holds it, or zero where that is ``None``; ``None``: each node
            takes that for zero itself.
        any_tuple: the type of a tuple whose own type would be too long.
        blocks: the calls that go on from piece to piece by themselves: their state is nothing at first.
    """

    array: str
    kind: Callable[[Node], str]
    phases: FreeWriting
    owner: str = "self"
    prefix: tuple[str, tuple[str, ...]] = ("self.", ())
    zero: Callable[[Node], Code] | None = None
    result: Callable[[tuple[Code, ...]], tuple[Statement, ...]] = lambda values: (Return(values),)
    detached: Callable[[Code], Code] = lambda value: value
    past: str = ""
    prompt: str = ""
    is_stepwise: bool = False
    channels_first: bool = False
    or_zero: Callable[[str, Node], Code] | None = None
    any_tuple: str = "tuple[Any, ...]"
    blocks: Container[int] = ()

    def is_optional(self, node: Node) -> bool:
        """Whether a state that begins as zero is not there before the first piece."""
        return self.zero is None or node.index in self.blocks
