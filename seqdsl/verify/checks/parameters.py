"""live model + job → failure or none: exactly as many weights as predicted, for other parameters as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.runtime.bare_weights import unmatched

if TYPE_CHECKING:
    from seqdsl.verify.checks.context import Context


def check(context: Context) -> str | None:
    """What is wrong with the number of weights, if anything."""
    count, built = context.framework.count_parameters(context.model), context.alternate
    if count != context.job.parameters:
        wrong = f"the model has {count:,} parameters, expected {context.job.parameters:,}"
        return wrong + _bare(context)
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


def _bare(context: Context) -> str:
    """The weights of a hand-written model that are in no layer, and for which nothing is drawn."""
    places = context.framework.places(context.model) if context.job.factory else []
    found = ", ".join(f"`{name}`" for name in unmatched(places, context.layers))
    return (
        f"; not in any layer, and not drawn as `learned(...)` or `position(...)`: {found}"
        if found
        else ""
    )
