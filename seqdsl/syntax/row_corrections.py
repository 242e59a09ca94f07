"""a row as people write it elsewhere → the row that is meant, with each node in its column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


class Corrected(NamedTuple):
    """A changed row.

    Attributes:
        text: the row.
        also: further lines that the text needs.
    """

    text: str
    also: tuple[str, ...] = ()


class Correction(NamedTuple):
    """One thing that is written in another way.

    Attributes:
        message: what is wrong with it.
        apply: changes a row; it is given all lines of the text and the number of the row's, too.
    """

    message: str
    apply: Callable[[str, Sequence[str], int], Corrected]


_LABEL = re.compile(r"(\s*)([A-Za-z_]\w*)(\s*:\s?)(?=\s*\S)")


def _without_label(text: str, texts: Sequence[str], number: int) -> Corrected:
    """``Y: O O O`` is ``   Y Y Y``."""
    match = _LABEL.match(text)
    if match is None:
        return Corrected(text)
    # `Encoder: E E` has letters of its own; in `Y: O O O` the label is the letter of all of them.
    label, rest = match[2], text[match.end() :]
    if len(label) == 1 and label.isupper():
        rest = re.sub(r"(?<![\w.])[Oo](?![\w.])", label, rest)
    return Corrected(" " * match.end() + rest)


NUMBERED = re.compile(r"\.{2,}[ ]*(\d{1,9})[ ]*\.{2,}")
"""An ellipsis with a number: ``..20..``."""
_NAMES = "nmkpqrstuwz"


def _named_ellipsis(text: str, texts: Sequence[str], number: int) -> Corrected:
    """``H ..20.. H`` is ``H ..n..  H``, with ``n = 20``: blanks, or wires, keep what follows in its columns."""
    # Two numbers in one row are two lengths: `Q ..20.. Q   P ..30.. P` has `n = 20` and `m = 30`.
    names = {item[1]: _length_name(item[1], texts) for item in NUMBERED.finditer(text)}

    # `H ..20..-H` is `H ..n..--H`: what is behind a shorter name is drawn one column further to the left.
    def named(match: re.Match[str]) -> str:
        wire = text[match.end() : match.end() + 1]
        shown = f"..{names[match[1]]}.."
        return shown.ljust(len(match.group()), wire if wire in "-=<>" and wire else " ")

    also = tuple(f"{name} = {length}" for length, name in names.items())
    return Corrected(NUMBERED.sub(named, text), also)


def _length_name(length: str, texts: Sequence[str]) -> str:
    """A name for a length: the same for the same number, another for another, and no parameter of the text."""
    # People write such rows by hand: a large text has no more lengths than its first lines.
    head = "\n".join(texts[:200])
    # Of `Q ..20.. Q   P ..30.. P` 20 is `n` and 30 is `m`; with a line `n = 4`, 20 is `m`.
    taken = set(re.findall(r"^\s*([a-z])\s*=", head, re.MULTILINE))
    lengths = list(dict.fromkeys(item[1] for item in NUMBERED.finditer(head)))
    free = [name for name in _NAMES if name not in taken] or ["steps"]
    at = lengths.index(length) if length in lengths else 0
    return free[min(at, len(free) - 1)]


# `h_{t-1}`, `h_(t)`, `h_1`, `h1`, `h(1)`, `h[t]`, `h<t>`, `h'`, and `h` with a small digit below the line.
_SUBSCRIPT = re.compile(
    r"(?<![\w.])([A-Za-z])(?:_?\{[^{}\s]*\}|_\([^()\s]*\)|_\w+|\d+|\([\w+-]*\)|\[[\w+-]+\]|<[\w+-]+>|'+|[\u2080-\u209c]+)(?!\w)"
)


def _without_subscripts(text: str, texts: Sequence[str], number: int) -> Corrected:
    """``h_1 h_2`` is ``H   H``: a letter is where a wire meets its name, else where the name begins.

    ::

        h_1 h_2       H   H             h_1 h_2         H   H
         |   |   is   |   |     and     |   |     is    |   |
    """
    wires = [texts[at - 1] for at in (number - 1, number + 1) if 0 < at <= len(texts)]

    def letter(match: re.Match[str]) -> str:
        columns = range(match.start(), match.end())
        met = [at for at in columns for row in wires if row[at : at + 1] in tuple("|^/\\+")]
        place = met[0] - match.start() if met else 0
        return (" " * place + match[1].upper()).ljust(len(match.group()))

    return Corrected(_SUBSCRIPT.sub(letter, text))


_BRACKETS = re.compile(r"[\[({]([ ]*[A-Za-z][ ]*)[\])}]")


def _without_brackets(text: str, texts: Sequence[str], number: int) -> Corrected:
    """``[Y]`` is ``Y``."""
    # A blank in place of each bracket: the letter keeps its column.
    return Corrected(_BRACKETS.sub(lambda found: f" {found[1].upper()} ", text))


_DEFINED = re.compile(r"\s*[A-Z]\s*=\s*[a-z]{2}")
_COMPUTED = re.compile(r"\s*([A-Z])\s*=\s*(?!input|tokens)[a-z]{2}")
_NODE = re.compile(r"(?<!\w)[A-Z](?!\w)")


def _capitals(text: str, texts: Sequence[str], number: int) -> Corrected:
    """``h h h`` is ``H H H``; ``n =`` is half a parameter, and ``y`` under a row of ``Y`` is a delayed node."""
    if text.rstrip().endswith("="):
        return Corrected(text)
    head = [line.partition("#")[0] for line in texts[:200]]
    drawn = {letter for line in head if not _DEFINED.match(line) for letter in _NODE.findall(line)}
    if _NODE.search(text.partition("#")[0]):
        # `S z z` and `Z = argmax`: it is the row of `Z` that is missing
        drawn |= {match[1] for line in head if (match := _COMPUTED.match(line))}

    # A letter alone: none of a word, of the name in `..n..`, or with a bracket behind it.
    def capital(found: re.Match[str]) -> str:
        letter = found.group().upper()
        return found.group() if letter in drawn else letter

    return Corrected(re.sub(r"(?<![\w.])[a-z](?![\w.(])", capital, text))


def _zeros(text: str, texts: Sequence[str], number: int) -> Corrected:
    """``0 0 0`` is ``O O O``."""
    return Corrected(re.sub(r"(?<![\w.])0(?![\w.])", "O", text))


_GAP = re.compile(r"(?<=[A-Z.])[ ]*[-=<>]+[ ]*(?=[A-Z.])")


def without_gaps(text: str) -> str:
    """``H > H -> H`` is ``H->-H-->-H``: a state wire without gaps, in as many columns."""

    def filled(match: re.Match[str]) -> str:
        wire = match.group()
        return wire.replace(" ", "=" if "=" in wire else "-")

    return _GAP.sub(filled, text)


LEFT_TO_RIGHT = "layers from left to right: data flows from the bottom to the top"


def upward(rows: Iterable[str]) -> str:
    """Rows from the input on as a picture: the input last, joined by wires."""
    return "\n|\n".join(reversed(list(rows)))


ROW_CORRECTIONS = (
    Correction("a row has no label in front of it", _without_label),
    Correction("an ellipsis has a name, not a number", _named_ellipsis),
    Correction(
        "a node is one capital letter, without a number or a subscript", _without_subscripts
    ),
    Correction("a node is one capital letter, without brackets", _without_brackets),
    Correction(
        "nodes are capital letters; a lower-case one is its letter one step earlier, which is not drawn",
        _capitals,
    ),
    Correction("a node is the letter `O`, not the digit `0`", _zeros),
)
"""What is tried on a row that cannot be read, in this order."""


class Downward(NamedTuple):
    """A row of arrows that point down.

    Attributes:
        wires: the row with upright wires.
        is_first: whether it is the first such row of its picture.
        rows: all rows of its picture in the opposite order, by the numbers of the lines; empty if they are not plain.
    """

    wires: str
    is_first: bool
    rows: dict[int, str]


_ARROWS = re.compile(r"\s*[v\u2193\u25bc\u2b07](?:\s+[v\u2193\u25bc\u2b07])*\s*")
_DOWN = re.compile(r"[v\u2193\u25bc\u2b07]")
_TURNED = str.maketrans("/\\", "\\/")
_LARGEST = 200


def arrows_down(texts: Sequence[str], number: int) -> Downward | None:
    """A row such as ``v v v``; ``None`` for any other, and where no rows are above and below it.

    ::

        X X           Y Y
        v v    is     | |
        Y Y           X X

    Args:
        texts: all lines of the text.
        number: the number of the row's.
    """
    if not _ARROWS.fullmatch(texts[number - 1]) or not 1 < number < len(texts):
        return None
    if not (texts[number - 2].strip() and texts[number].strip()):
        return None
    first, last = _block(texts, number)
    block = [_upright(text) for text in texts[first - 1 : last]]
    is_first = not any(_ARROWS.fullmatch(text) for text in texts[first - 1 : number - 1])
    # A definition between the rows would be turned, too.
    plain = not any("=" in text and "(" in text for text in block)
    rows = dict(zip(range(first, last + 1), reversed(block), strict=True)) if plain else {}
    return Downward(_upright(texts[number - 1]), is_first, rows)


def _block(texts: Sequence[str], number: int) -> tuple[int, int]:
    """The first and the last of the lines around a line that no blank one cuts off."""
    # A line may be one of thousands, and each would search all others.
    first, last = number, number
    while first > 1 and texts[first - 2].strip() and number - first < _LARGEST:
        first -= 1
    while last < len(texts) and texts[last].strip() and last - number < _LARGEST:
        last += 1
    return first, last


def _upright(text: str) -> str:
    """A row for the picture turned over."""
    if _ARROWS.fullmatch(text):
        return _DOWN.sub("|", text)
    # `H / O  dense(2)` is `H \ O  dense(2)`: only the layer at its right end stays as it is.
    at = next((found.start() for found in re.finditer(r"[a-z]{2}", text)), len(text))
    return text[:at].upper().translate(_TURNED) + text[at:]
