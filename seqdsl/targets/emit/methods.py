"""free run → its methods as data: what templates write of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seqdsl.targets.code import Return, lines

if TYPE_CHECKING:
    from seqdsl.passes.free_run import Phases
    from seqdsl.size import Size
    from seqdsl.targets.code import Code, Statement
    from seqdsl.targets.emit.feeding import Feeding


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
        return "\n".join(line for item in self.statements for line in lines(item, 8))


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
    reads_prompt: bool = False

    @property
    def is_start_optional(self) -> bool:
        """Whether something is given before the first step of what is fed, and tells how many samples there are."""
        return self.fed[0].has_head and not self.reads_prompt

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
    def begun(self) -> str:
        """The lines that come before the loop."""
        return "\n".join(line for item in self.begin for line in lines(item, 8))

    def advanced(self, indent: int) -> str:
        """The lines that compute a piece."""
        return "\n".join(line for item in self.advance for line in lines(item, indent))


def statements_of(run: Generation | None) -> tuple[Statement, ...]:
    """The statements of the methods."""
    if run is None:
        return ()
    once = () if run.encode is None else run.encode.statements
    return (*once, *run.decode.statements)
