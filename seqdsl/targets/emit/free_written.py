"""free run → what is written of it, as data, and what a target has to write by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.graph import Node
    from seqdsl.model.spec import Block
    from seqdsl.size import Size
    from seqdsl.targets.code import Code, Statement
    from seqdsl.targets.emit.emitter import Kept
    from seqdsl.targets.emit.padding import Spelling


@dataclass(frozen=True, slots=True)
class Held:
    """State that passes from piece to piece.

    Attributes:
        name: the argument that holds it.
        node: the node whose state it is.
        first: what it is before the first piece; ``None``: zero.
        after: what it is after a piece.
    """

    name: str
    node: Node
    first: Code | None
    after: Code


@dataclass(frozen=True, slots=True)
class Beside:
    """A sequence that is known as a whole, of which a piece is given beside a piece of what is fed.

    Attributes:
        piece: the argument that holds a piece of it.
        whole: the variable, or the input, that holds all of it.
        ahead: its steps before the first one of what is fed.
    """

    piece: str
    whole: str
    ahead: int


@dataclass(frozen=True, slots=True)
class Written:
    """What is written of a free run.

    Attributes:
        once: the statements of what is computed once.
        step: the statements of what is computed for a piece.
        passed: the variables of the former that the latter read, each with the node whose state it is, if it is one.
        given: the inputs that the latter read themselves.
        states: what passes from piece to piece.
        heads: for each fed input, what is fed into its first step; ``None``: nothing is there before it.
        values: for each fed input, what is fed into its next step.
        pasts: what grows with each piece, the keys and values of attention to earlier steps, and is empty at first.
        begun: the same where something is in it before the first piece.
        begin: the number of a piece's first step, if it is read; else empty.
        limits: how many steps there are codes for, by the node that gives them.
        known: what is known as a whole beside what is fed.
    """

    once: Sequence[Statement]
    step: Sequence[Statement]
    passed: Mapping[str, Node | None]
    given: tuple[str, ...]
    states: tuple[Held, ...]
    heads: tuple[Code | None, ...]
    values: tuple[Code, ...]
    pasts: tuple[Kept, ...] = ()
    begun: tuple[Kept, ...] = ()
    begin: str = ""
    limits: tuple[tuple[str, Size], ...] = ()
    known: tuple[Beside, ...] = ()


@dataclass(frozen=True, slots=True)
class FreeWriting:
    """How a target writes what a free run needs.

    Attributes:
        operation: writes the statements of a node.
        begin: what a recurrence begins with, if that is not zero.
        zeros: writes that the state of a convolution is zero at first, or with ``True`` where it was not given.
        project: writes what an attention projects once; ``None``: nothing is.
        pasts: names what an attention keeps of all steps; ``None``: the target keeps nothing of that kind.
        emit: writes an expression, of what a loop gave before, or of a sequence that is known as a whole.
        ids: writes token ids, which have no axis of features.
        masks: how it writes masks.
        last_valid: writes a node's value whose padded steps, by a mask, are what was last valid, or what was before.
        held: how the last step of a value is indexed, for the next piece to begin with it.
    """

    operation: Callable[[Block, Any], None]
    begin: Callable[[Block, Any], Code]
    zeros: Callable[[str, Node, bool, Any], None]
    emit: Callable[[Expression, Any], Code]
    ids: Callable[[Expression, Any], Code]
    masks: Spelling
    last_valid: Callable[[Any, Code, Code | None, Any], Code]
    held: str
    project: Callable[[Block, Any], None] | None = None
    pasts: Callable[[Block, Any], dict[str, Kept]] | None = None
