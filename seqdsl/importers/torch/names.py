"""path of a module → the name of a layer: as near to what the model calls it as a picture allows."""

from __future__ import annotations

from seqdsl.importers.identifiers import identifier
from seqdsl.lowering.naming import Names as Claimed
from seqdsl.syntax.names import LONGEST

_NUMBERED = 4
"""Characters that are kept for a number behind a name."""


class Names:
    """Gives each layer a name of its own, always the same for the same layers in the same order."""

    def __init__(self) -> None:
        """Begin without any."""
        self._claimed = Claimed(())
        self._names: dict[str, str] = {}

    def of(self, path: str, shown: str = "") -> str:
        """The name of the layer at a path: ``encoder_layers_0_linear1`` of ``encoder.layers.0.linear1``.

        Args:
            path: the place of the layer.
            shown: the path that it has its name of; empty: that.
        """
        if path not in self._names:
            self._names[path] = self.claim(shown or path)
        return self._names[path]

    def of_input(self, name: str) -> str:
        """The name of an input, which a layer may be called as well."""
        return self.of(f" {name}")

    def claim(self, text: str) -> str:
        """A new name that says a text, or most of it."""
        return self._claimed.claim(_short(identifier(text)))


def _short(name: str) -> str:
    """A name that a picture may have: the end of a long path tells more than its beginning."""
    # encoder_layers_0_self_attention_norm -> self_attention_norm: what is left begins with a whole word
    most = LONGEST - _NUMBERED
    if len(name) <= most:
        return name
    words = name.split("_")
    while len(words) > 1 and (len("_".join(words)) > most or not words[0].isalpha()):
        words = words[1:]
    # One long word, which may begin with a digit: then "layer_" is put before it.
    return identifier("_".join(words)[-most:].lstrip("0123456789_"))
