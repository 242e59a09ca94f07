"""word → the known word that is meant: a typo is near to what is meant, another word is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

NEAR = 0.75
"""How much two words have in common, from 0 to 1: one letter of four may differ, but `elman` is not `mean` (0.67)."""


def close_words(word: str, known: Iterable[str]) -> list[str]:
    """The known word that is meant by a typo, if there is one.

    >>> close_words("lstn", ["gru", "lstm"]), close_words("zoneout", ["dropout", "lstm"])
    (['lstm'], [])
    """
    # Only a typo needs it, and its import takes as long as a picture.
    from difflib import get_close_matches

    return get_close_matches(word, list(known), n=1, cutoff=NEAR)
