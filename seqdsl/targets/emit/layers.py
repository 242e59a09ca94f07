"""a layer's macro → the call that makes it: what users read and change of a layer is in the templates."""

from __future__ import annotations

from typing import Any

from seqdsl.targets.code import Call, Text
from seqdsl.targets.emit.render import macros


class MissingMacro(Exception):
    """A target's templates lack a layer: our fault, never the picture's."""


def constructor(target: str, kind: str, *facts: object, **named: object) -> Call:
    """The call that makes a layer, by the macro ``kind`` of the target's template ``layers.j2``.

    A macro gives the class, then each argument on a line of its own, so that nobody has to take them apart again::

        nn.Linear
        4
        bias=False

    Raises:
        MissingMacro: there is none of that name.
    """
    macro: Any = getattr(macros(target, "layers"), kind, None)
    if macro is None:
        raise MissingMacro(f"{target} has no macro for the layer {kind}")
    given = (line.strip() for line in str(macro(*facts, **named)).splitlines())
    function, *arguments = (Text(line) for line in given if line)
    return Call(function, tuple(arguments))
