"""live model + job → failure or none: the model has exactly the weights that were predicted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seqdsl.verify.checks import Context


def check(context: Context) -> str | None:
    """What is wrong with the number of weights, if anything."""
    found = context.framework.count_parameters(context.model)
    if found == context.job.parameters:
        return None
    return f"the model has {found:,} parameters, the picture has {context.job.parameters:,}"
