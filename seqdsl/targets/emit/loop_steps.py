"""loop → what a target writes for it, one function for each construct."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.graph import Node
    from seqdsl.model.spec import Block
    from seqdsl.size import Size
    from seqdsl.targets.code import Code
    from seqdsl.targets.emit.padding import Spelling


@dataclass(frozen=True, slots=True)
class Steps:
    """How a target writes what a loop needs.

    Attributes:
        masks: how it writes masks.
        emit: an expression.
        operation: writes the statements of a node.
        begin: writes what a recurrent member begins with, given what the model takes of it, and gives its variable;
            ``True``: it cannot be left open.
        step: writes one step of a recurrent member from what it reads, its state, and whether the step is valid; says
            whether what it gives is zero where it is not.
        end: names the final state of a recurrent member after the loop, given its variable, and the output of the
            last step where that is the same.
        parts: the parts of a state, (batch, units), given its variable.
        zeros: so many steps of zeros, or with ``None`` one vector, of some features, at each place of a grid.
        no_ids: the id 0 for each sample, (batch,), or for each place of its grid.
        where: one value where a mask, with as many axes as the values or ids, is true, and the other where it is not.
        one_step: a vector as a sequence of one step.
        joined: sequences one after the other.
        stacked: a list of vectors as a sequence.
        apart: all steps of a sequence, each by itself; ``None``: an index for each step costs no more.
        project: writes what an attention makes of a memory that is there before the loop; ``None``: each step does so.
    """

    masks: Spelling
    emit: Callable[[Expression, Any], Code]
    operation: Callable[[Block, Any], None]
    begin: Callable[[Block, tuple[Code, ...], bool, Any], Code]
    step: Callable[[Block, Code, Code, Code | None, Any], bool]
    end: Callable[[Node, Code, Code | None, Any], None]
    parts: Callable[[Block, Code], tuple[Code, ...]]
    zeros: Callable[[Size | None, Size, tuple[Size, ...], Any], Code]
    no_ids: Callable[[tuple[Size, ...], Any], Code]
    where: Callable[[Code, Code, Code], Code]
    one_step: Callable[[Code], Code]
    joined: Callable[[list[Code]], Code]
    stacked: Callable[[Code], Code]
    apart: Callable[[Code], Code] | None = None
    project: Callable[[Block, Any], None] | None = None
