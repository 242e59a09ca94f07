"""a picture of the file → its record as a layer: what another picture that calls it may set.

Its kind is its name, as that of a cell of the file is (`seqdsl.layers._declared`). What it computes is a graph, which
the operation holds (`seqdsl.ir.operations.Call`): here are its parameters alone, which a call may give other values.
"""

from __future__ import annotations

from functools import lru_cache

from seqdsl.layers._definition import Family, LayerDef, OwnKind
from seqdsl.layers._parts import Argument, Kind, Look, Signature, Words

Parameters = tuple[tuple[str, int | float], ...]
"""The parameters of a picture, each with its default."""


class ModelKind(OwnKind):
    """The kind of a layer that is another picture of the file: the picture's name, and its parameters.

    Attributes:
        parameters: they, in order.
    """

    parameters: Parameters

    def __new__(cls, name: str, parameters: Parameters = ()) -> ModelKind:
        """The kind of a picture."""
        kind = super().__new__(cls, name)
        kind.parameters = parameters
        return kind

    def __getnewargs__(self) -> tuple[str, Parameters]:  # type: ignore[override]
        """What it is made of again in another process."""
        return (str(self), self.parameters)

    @property
    def definition(self) -> LayerDef:
        """The layer's record."""
        return _model_layer(str(self), self.parameters)


_KEPT = 256


@lru_cache(maxsize=_KEPT)
def _model_layer(name: str, parameters: Parameters) -> LayerDef:
    """The record of a picture that is called."""
    # sentence(units=32): by keyword alone, as the order of a picture's parameters means nothing
    keywords = tuple(Argument(item, _kind(default)) for item, default in parameters)
    example = f"{name}({parameters[0][0]}={parameters[0][1]})" if parameters else name
    return LayerDef(
        name,
        Family.CALL,
        Signature(keywords=keywords, example=example),
        look=Look.STEPWISE,
        words=Words(
            summary="another picture of this file",
            noun=f"the picture `{name}`",
            weights="those of its layers",
        ),
    )


def _kind(default: float) -> Kind:
    """What the value of a parameter is: a size, or a number where no size has its default."""
    return Kind.SIZE if isinstance(default, int) and default > 0 else Kind.NUMBER
