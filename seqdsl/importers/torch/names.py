"""path of a module → the name of a layer: as near to what the model calls it as a picture allows."""

from __future__ import annotations

from seqdsl.importers.identifiers import identifier
from seqdsl.ir.names import LONGEST_NAME
from seqdsl.lowering.naming import Names as Claimed

_NUMBERED = 6
"""Characters that are kept for a number behind a name."""


class Names:
    """Gives each layer a name of its own, always the same for the same layers in the same order."""

    def __init__(self) -> None:
        """Begin without any."""
        self._claimed = Claimed(())
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
        return self._claimed.claim(_short(identifier(text)))


def _short(name: str) -> str:
    # The end of a long path tells more than its beginning.
    return identifier(name[-(LONGEST_NAME - _NUMBERED) :])
