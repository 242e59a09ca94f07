"""path of a module → the name of a layer: as near to what the model calls it as a picture allows."""

from __future__ import annotations

import re

from seqdsl.ir.names import LONGEST_NAME
from seqdsl.syntax.names import is_reserved

_NUMBERED = 6
"""Characters that are kept for a number behind a name."""


class Names:
    """Gives each layer a name of its own, always the same for the same layers in the same order."""

    def __init__(self) -> None:
        """Begin without any."""
        self._taken: set[str] = set()
        self._names: dict[str, str] = {}

    def of(self, path: str) -> str:
        """The name of the layer at a path: ``encoder_layers_0_linear1`` of ``encoder.layers.0.linear1``."""
        if path not in self._names:
            self._names[path] = self.claim(path)
        return self._names[path]

    def of_input(self, name: str) -> str:
        """The name of an input, which a layer may be called as well."""
        return self.of(f" {name}")

    def claim(self, text: str) -> str:
        """A new name that says a text, or most of it."""
        base = _identifier(text)
        name, number = base, 1
        while name in self._taken or is_reserved(name):
            number += 1
            name = f"{base}_{number}"
        self._taken.add(name)
        return name


def _identifier(text: str) -> str:
    # "encoder.layers.0" is encoder_layers_0, "lstm@1" is lstm_1, "*start" is start
    words = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    # The end of a long path tells more than its beginning.
    short = words[-(LONGEST_NAME - _NUMBERED) :].strip("_") or "layer"
    return short if short[0].isalpha() else f"layer_{short}"
