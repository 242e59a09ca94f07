"""letters and layers → names: what everything is called in the generated code."""

from __future__ import annotations

import builtins
from collections import Counter
from typing import TYPE_CHECKING

from seqdsl.layers import Family, layer_def
from seqdsl.lowering.default_layers import ANONYMOUS
from seqdsl.syntax.names import is_reserved
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seqdsl.lowering.calls import Settings
    from seqdsl.picture.blocks import DrawnBlock

# One of the names that look like digits; linters refuse it.
_AMBIGUOUS = {"l": "x_l"}


class Names:
    """Gives names, each once.

    Parameters of the file come first: they are the keyword arguments of the builder.
    """

    def __init__(self, taken: Iterable[str]) -> None:
        """Begin with the names that are ``taken``."""
        self._taken = set(taken)
        self._last: dict[str, int] = {}

    def claim(self, name: str) -> str:
        """``name`` if it is free, else the first free one of ``name_2``, ``name_3``, ..."""
        # Thousands of rows may ask for `dense`: each goes on at the number that the last one took.
        number = self._last.get(name, 1)
        candidate = name if number == 1 else f"{name}_{number}"
        while candidate in self._taken or is_reserved(candidate):
            number += 1
            candidate = f"{name}_{number}"
        self._last[name] = number
        self._taken.add(candidate)
        return candidate


def layer_names(
    keys: Sequence[tuple[str, str, Settings, DrawnBlock]], names: Names, parameters: Iterable[str]
) -> tuple[list[str], list[Diagnostic]]:
    """Name every layer.

    Args:
        keys: letter, kind, settings and first block of each layer, in order.
        names: where the names are taken from.
        parameters: the file's parameters, whose names a layer cannot have.
    """
    anonymous = Counter(
        kind for letter, kind, settings, _ in keys if letter == ANONYMOUS and not settings.name
    )
    counted: Counter[str] = Counter()
    given: dict[str, DrawnBlock] = {}
    diagnostics: list[Diagnostic] = []
    result = []
    for letter, kind, settings, block in keys:
        if settings.name:
            diagnostics += _clash(settings, block, given, parameters)
            given.setdefault(settings.name, block)
            result.append(names.claim(settings.name))
            continue
        # `dense` if it is the only one without a letter or name, else `dense_1`, `dense_2`, ...
        counted[kind] += letter == ANONYMOUS
        result.append(names.claim(_default(letter, kind, anonymous, counted)))
    return result, diagnostics


def _default(letter: str, kind: str, anonymous: Counter[str], counted: Counter[str]) -> str:
    definition = layer_def(kind)
    base = definition.words.variable or kind
    if letter != ANONYMOUS:
        lower = letter.lower()
        return (
            _AMBIGUOUS.get(lower, lower)
            if definition.family in (Family.SOURCE, Family.OUTPUT)
            else f"{base}_{lower}"
        )
    if anonymous[kind] > 1:
        return f"{base}_{counted[kind]}"
    # A variable called as a function of Python's own would hide it in the generated code.
    return f"{base}_value" if hasattr(builtins, base) else base


def _clash(
    settings: Settings, block: DrawnBlock, given: dict[str, DrawnBlock], parameters: Iterable[str]
) -> list[Diagnostic]:
    assert settings.name is not None and settings.call is not None
    if settings.name in parameters:
        message = f"`{settings.name}` is already the name of a parameter"
        return [
            Diagnostic(
                "SEQ108",
                message,
                settings.call.span,
                f"rename the layer, for example to `{settings.name}_layer`",
            )
        ]
    if settings.name in given and given[settings.name].letter != ANONYMOUS:
        message = f"two layers are named `{settings.name}`"
        return [Diagnostic("SEQ108", message, settings.call.span, "give each layer its own name")]
    return []
