"""families of layers → functions: what a layer of each family makes of what its nodes read."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from seqdsl.layers import Family
from seqdsl.lowering.kinds.stepwise import WINDOWED, embedding, plain, split, windowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.lowering.application import Application
    from seqdsl.lowering.calls import Settings
    from seqdsl.lowering.context import LoweringContext

    Kind = Callable[[LoweringContext, int, Settings], Application | None]


def _of(module: str, name: str) -> Kind:
    """A function of a module that is imported when a picture has such a layer: most have two or three kinds."""

    def kind(context: LoweringContext, index: int, settings: Settings) -> Application | None:
        found = cast("Kind", getattr(import_module(f"{__name__}.{module}"), name))
        return found(context, index, settings)

    return kind


KINDS: dict[Family, Kind] = {
    **dict.fromkeys((Family.STEPWISE, Family.IDENTITY, Family.OUTPUT), plain),
    Family.CONSTANT: _of("constant", "constant"),
    Family.SCAN: _of("recurrent", "recurrent"),
    Family.COMBINATION: _of("combine", "combine"),
    Family.ATTENTION: _of("attend", "attention"),
    Family.WINDOW: _of("conv", "conv"),
    Family.LOOKUP: embedding,
    Family.SPLIT: split,
    Family.CALL: _of("called", "call"),
}

__all__ = ["KINDS", "WINDOWED", "windowed"]
