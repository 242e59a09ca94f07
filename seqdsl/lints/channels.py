"""compiled picture → warnings about images whose channels seem to be first, as PyTorch's are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.lowering.drawing import Drawing
    from seqdsl.model.spec import ModelSpec

_CHANNELS = (1, 3, 4)
"""Gray, colors, colors with opacity."""


def channels_first(spec: ModelSpec, drawing: Drawing) -> Iterator[Diagnostic]:
    """Square images whose first size is a number of channels: ``input(3, 28, 28)``."""
    for item in spec.inputs:
        call = drawing.settings[item.block].call
        sizes = () if call is None else [one.value for one in call.arguments if not one.keyword]
        # input(3, 28, 28): as it is written, 3 x 28 places of 28 features
        if call is None or len(sizes) != 3 or item.vocabulary is not None:
            continue
        # Sizes that parameters tell were thought of: only plain numbers are copied from elsewhere.
        first, *square = (getattr(size, "value", None) for size in sizes)
        side = square[0]
        if isinstance(side, int) and first in _CHANNELS and side == square[1] and first < side:
            wanted = ", ".join(map(str, [*square, first]))
            message = f"`{call}` is {side} channels of {first}×{side} places"
            hint = (
                f"channels are last in pictures: write `{call.layer}({wanted})`; the PyTorch model takes them first "
                "all the same"
            )
            yield Diagnostic("SEQ425", message, call.span, hint)
