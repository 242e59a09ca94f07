"""a layer's macro → the call that makes it: what users read and change of a layer is in the templates."""

from __future__ import annotations

from seqdsl.targets.code import Call, Text, read_argument
from seqdsl.targets.emit.render import macro, macros


def constructor(target: str, kind: str, *facts: object, **named: object) -> Call:
    """The call that makes a layer, by the macro ``kind`` of the target's template ``layers.j2``.

    A macro gives the class, then each argument on a line of its own, so that nobody has to take them apart again::

        nn.Linear
        4
        bias=False

    Raises:
        MissingMacro: there is none of that name.
    """
    # `{{ bias(layer) }}` is an empty line where the layer has a bias, which is the default: no argument.
    made = macro(macros(target, "layers"), kind)(*facts, **named)
    given = (line.strip() for line in str(made).splitlines())
    function, *arguments = filter(None, given)
    return Call(Text(function), tuple(map(read_argument, arguments)))
