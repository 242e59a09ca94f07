"""arguments of a call → what is wrong with one that follows from another: `dense(50, tied=M)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.syntax.ast import Argument, Number, Operation
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Collection

    from seqdsl.layers import Signature


def told_twice(
    argument: Argument, keywords: Collection[str], signature: Signature
) -> Diagnostic | None:
    """What is wrong with an argument that follows from another one of the call."""
    # dense(50, tied=M), dense(tied=M, units=50): M tells how many
    told = {item.tells: item.name for item in signature.keywords if item.name in keywords}
    told.pop("", None)
    first = signature.positional[0].name if signature.positional else ""
    is_number = argument.keyword is None and isinstance(argument.value, Number | Operation)
    name = first if is_number and first in told else argument.keyword
    if name not in told:
        return None
    return Diagnostic(
        "SEQ302",
        f"`{told[name]}=` already says how many {name} there are",
        argument.span,
        f"remove `{argument}`, or `{told[name]}=`",
    )
