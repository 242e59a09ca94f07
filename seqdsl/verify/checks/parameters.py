"""live model + job → failure or none: exactly as many weights as predicted, for other parameters as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seqdsl.verify.checks.context import Context


def check(context: Context) -> str | None:
    """What is wrong with the number of weights, if anything."""
    count, built = context.framework.count_parameters(context.model), context.alternate
    if count != context.job.parameters:
        return f"the model has {count:,} parameters, expected {context.job.parameters:,}"
    if built and built.parameters != built.alternate.parameters:
        return (
            f"{built.alternate} has {built.parameters:,} parameters, "
            f"expected {built.alternate.parameters:,}"
        )
    if built and built.alternate.fixed:
        names = ", ".join(f"`{name}`" for name in built.alternate.fixed)
        context.note = (
            f"no other value of {names} was tried: the picture has errors with them, or works with the "
            "default only (SEQ410)"
        )
    return None
