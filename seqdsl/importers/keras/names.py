"""names of layers as their authors chose them → identifiers of the language, each once."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import count
from typing import TYPE_CHECKING

from seqdsl.importers.identifiers import identifier, snake_case
from seqdsl.syntax.names import LONGEST, is_reserved

if TYPE_CHECKING:
    from collections.abc import Iterable

PARTS = {"forward_layer", "backward_layer", "merged"}
"""Of a bidirectional layer that becomes several rows: these are named by it."""


# Where nobody chose a name, Keras numbers the layers of a class over all models of the process: `conv1d_28`.
AUTOMATIC = {
    "additive_attention": "attention",
    "attention": "attention",
    "batch_normalization": "batchnorm",
    "bidirectional": "bidirectional",
    "conv1d": "conv",
    "conv2d": "conv2d",
    "conv_lstm2d": "convlstm",
    "dense": "dense",
    "einsum_dense": "dense",
    "embedding": "embedding",
    "gru": "gru",
    "layer_normalization": "layernorm",
    "lstm": "lstm",
    "multi_head_attention": "attention",
    "rnn": "rnn",
    "simple_rnn": "rnn",
    "time_distributed": "time_distributed",
}
"""The words of classes with weights in the names that Keras gives, and what a layer is called then."""


class Names:
    """Gives each path of a layer one identifier, and other blocks new ones."""

    def __init__(self) -> None:
        """Begin without any."""
        self._known: dict[str, str] = {}

    def of(self, path: str) -> str:
        """The identifier of a layer: its own name, with those of its models where it would stand twice."""
        if path not in self._known:
            # "encoder.lstm" is `lstm`, and `encoder_lstm` where another layer is called so; of an operation that is
            # nobody's, "block.add#6", the number is left out
            given = re.sub(r"#\d+", "", path).split(".")
            plain = [_word(name) or name for name in given]
            last, whole = plain[-1], identifier(".".join(plain))
            names = (whole,) if last in PARTS else (identifier(last), whole)
            # The second layer without a name is `conv_2`, until all are counted; one that somebody called `output`,
            # which is reserved, becomes `output_1`.
            self._known[path] = self._free(*names, number=2 if _word(given[-1]) else 1)
        return self._known[path]

    def path_of(self, name: str) -> str:
        """The path of the layer that has an identifier."""
        return next(path for path, known in self._known.items() if known == name)

    def new(self, word: str) -> str:
        """An identifier for a block that is no layer of the model."""
        # No path has a blank in it.
        path = f"{len(self._known)} {word}"
        self._known[path] = self._free(word)
        return self._known[path]

    def counted(self, kept: Iterable[str]) -> dict[str, str]:
        """What layers are called that nobody named, as the language counts: `lstm_1`, `lstm_2`, and `lstm` alone.

        Args:
            kept: the names that are used, in order; only now it is known how many layers of a class there are.
        """
        words = {name: _word(path.rpartition(".")[2]) for path, name in self._known.items()}
        alike: dict[str, list[str]] = defaultdict(list)
        for name in dict.fromkeys(kept):
            # `encoder_lstm` tells more than a number.
            if (word := words.get(name, "")) and re.fullmatch(rf"{word}(_\d+)?", name):
                alike[word].append(name)
        free = {name for names in alike.values() for name in names}
        # What an author called `lstm_1` stays so; names that no block has any more can be given again.
        taken = set(kept) - free
        found: dict[str, str] = {}
        for word, names in alike.items():
            if len(names) == 1 and word not in taken:
                found[names[0]] = word
                continue
            numbers = (f"{word}_{at}" for at in count(1) if f"{word}_{at}" not in taken)
            found.update(zip(names, numbers, strict=False))
        return found

    def _free(self, *wanted: str, number: int = 1) -> str:
        taken = set(self._known.values())
        for name in wanted:
            if name not in taken and not is_reserved(name) and len(name) <= LONGEST:
                return name
        short = wanted[-1][: LONGEST - 4].rstrip("_")
        while f"{short}_{number}" in taken:
            number += 1
        return f"{short}_{number}"


def _word(name: str) -> str:
    """The word for a layer that Keras named; empty: its name was chosen by the author."""
    found = re.fullmatch(r"(\w+?)(_\d+)?", name)
    return AUTOMATIC.get(found[1], "") if found else ""


def count_of(name: str, kind: str) -> int | None:
    """The number that Keras gave a model of a class; ``None`` where somebody chose its name."""
    word, _, number = name.rpartition("_")
    if name == snake_case(kind):
        return 0
    return int(number) if word == snake_case(kind) and number.isdigit() else None
