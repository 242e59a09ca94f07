"""word → the codes that are meant by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.text.codes import CODES

if TYPE_CHECKING:
    from collections.abc import Iterable

# Letters that are read, or typed, for a digit: `SEQ4O1`, `SEQ4l3`, `5EQ401`.
_ALIKE = str.maketrans("OILSZB", "011528")


def close_codes(word: str, codes: Iterable[str] = CODES, n: int = 3) -> list[str]:
    """Codes that may have been meant, the closest first; the only one that looks the same, if there is one.

    Args:
        word: what was written.
        codes: the codes to choose from.
        n: how many codes to return at most.
    """
    from difflib import get_close_matches

    # To a comparison by letters, `SEQ4O1` is as far from SEQ413 as from SEQ401.
    looks = {_look(code): code for code in codes}
    look = _look(word)
    if look in looks:
        return [looks[look]]
    return [looks[close] for close in get_close_matches(look, looks, n=n, cutoff=0.6)]


def _look(word: str) -> str:
    return word.upper().translate(_ALIKE)
