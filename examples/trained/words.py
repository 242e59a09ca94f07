"""Numbers → their words in two languages, as ids of characters: what the scripts about number words learn from."""

from __future__ import annotations

import numpy as np
from num2words import num2words

PADDING, START, STOP = 0, 1, 2
CHARACTERS = " ,-abcdefghilnorstuvwxyzßöü"
"""All that number words are written with; the ids of characters begin behind the three above."""


def ids(texts: list[str]) -> np.ndarray:
    """The ids of texts, each with its start and stop, and padded at its end: (texts, steps)."""
    array = np.full((len(texts), max(map(len, texts)) + 2), PADDING)
    for row, text in zip(array, texts, strict=True):
        codes = [START, *(CHARACTERS.index(character) + 3 for character in text), STOP]
        row[: len(codes)] = codes
    return array


def text(row: np.ndarray) -> str:
    """The text of ids."""
    return "".join(CHARACTERS[code - 3] for code in row if code > STOP)


def numbers(limit: int) -> tuple[np.ndarray, np.ndarray]:
    """The ids of all numbers below a limit in English and in German, shuffled alike in every run."""
    order = np.random.default_rng(0).permutation(limit).tolist()
    english = ids([num2words(number) for number in order])
    german = ids([num2words(number, lang="de") for number in order])
    return english, german
