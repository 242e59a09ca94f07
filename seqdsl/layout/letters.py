"""layers of a wiring → letters: those that their names end in, else what people take for such a layer."""

from __future__ import annotations

import re
from collections import Counter
from string import ascii_uppercase
from typing import TYPE_CHECKING

from seqdsl.layers import Family, find_layer
from seqdsl.layout.call_key import kind_of
from seqdsl.layout.picture import Unplaceable
from seqdsl.layout.reading import delay_of, family_of
from seqdsl.layout.wiring import Passed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from seqdsl.layout.wiring import Wiring

ANONYMOUS = "O"
_LIKE_A_WIRE = "L"
"""Its lower-case letter is no delayed node."""
# `O` is a layer without a name.
_ALL = ascii_uppercase.replace(ANONYMOUS, "")

_USUAL = {
    Family.SOURCE: "XZUV",
    Family.OUTPUT: "YRP",
    Family.CONSTANT: "LP",
    Family.LOOKUP: "WV",
    Family.SCAN: "HGKF",
    Family.WINDOW: "CFK",
    Family.ATTENTION: "CAB",
    Family.COMBINATION: "AMS",
    Family.IDENTITY: "JI",
    Family.SPLIT: "S",
    Family.STEPWISE: "FQBT",
}


def find_letters(wiring: Wiring) -> dict[str, str]:
    """The letter of each layer; ``O`` for all that have none where there are more layers than letters.

    Raises:
        Unplaceable: more layers are fed back than there are letters.
    """
    delays = {block.layer: delay.layer for block in wiring.blocks if (delay := delay_of(block))}
    found = _chosen(wiring, set(delays.values()))
    if not found.keys() >= set(delays.values()):
        # Y = output, a row of which nothing is left: what it passes on is the result, and has a letter of its own.
        raise Unplaceable(
            "what is fed back is a copy of another value, with no layer of its own",
            "feed back the value itself, or the result of a layer such as `Dense` or `nn.Linear`",
        )
    if ANONYMOUS in map(found.__getitem__, delays.values()):
        raise Unplaceable(
            "more layers are fed back than there are letters",
            "import parts of the model as models of their own",
        )
    return found | {name: found[layer].lower() for name, layer in delays.items()}


def _chosen(wiring: Wiring, fed: Collection[str]) -> dict[str, str]:
    """The letter of each layer, of which some have delayed nodes."""
    layers = _layers(wiring, fed)
    found: dict[str, str] = {}
    # What a name ends in is its letter, for those that have such names: gru_h, x.
    for name in layers:
        letter = _own(name, wiring)
        if letter and letter not in _taken(found, name, fed):
            found[name] = letter
    for name in (item for item in layers if item not in found):
        taken = _taken(found, name, fed)
        found[name] = next((item for item in _wanted(name, wiring) if item not in taken), ANONYMOUS)
    return found


def _taken(found: Mapping[str, str], name: str, fed: Collection[str]) -> set[str]:
    """The letters that a layer cannot have."""
    return {*found.values(), *(_LIKE_A_WIRE if name in fed else "")}


def _layers(wiring: Wiring, fed: Collection[str]) -> list[str]:
    """All layers, those that need a letter most first where there are too many."""
    uses = Counter(block.layer for block in wiring.blocks if delay_of(block) is None)
    if len(uses) > len(_ALL):
        # What is drawn several times has no other way to be one layer; inputs stand beside each other.
        sources = {block.layer for block in wiring.blocks if family_of(block) is Family.SOURCE}
        return sorted(
            uses, key=lambda name: (name not in fed, uses[name] == 1, name not in sources)
        )
    return list(uses)


def default_name(letter: str, call: str) -> str | None:
    """What a layer is called in the generated code if its picture does not name it; ``None``: that depends."""
    definition = find_layer(kind_of(call))
    if letter == ANONYMOUS:
        return None
    lower = letter.lower()
    if definition is not None and definition.is_end:
        # `l` looks like a digit.
        return "x_l" if lower == "l" else lower
    base = kind_of(call) if definition is None else definition.words.variable or kind_of(call)
    return f"{base}_{lower}"


def _own(name: str, wiring: Wiring) -> str:
    """The letter that a name tells, if it is what such a layer would be called."""
    found = re.fullmatch(r"(?:.*_)?([a-z])", name)
    call = next(block.call for block in wiring.blocks if block.layer == name)
    letter = found[1].upper() if found else ""
    return letter if default_name(letter, call) == name else ""


def _wanted(name: str, wiring: Wiring) -> Iterator[str]:
    """Letters for a layer, the best first."""
    places = {at for at, block in enumerate(wiring.blocks) if block.layer == name}
    block, initial = wiring.blocks[min(places)], name[:1].upper()
    family = family_of(block)
    # An encoder and its decoder, and results, have letters of their own.
    states = [item.initial for item in wiring.blocks]
    passed = {item.block for item in states if isinstance(item, Passed)}
    is_result = family is not Family.SOURCE and not places.isdisjoint(wiring.outputs)
    roles = {
        "E": name.startswith("enc") or not passed.isdisjoint(places),
        "D": name.startswith("dec") or isinstance(block.initial, Passed),
        _USUAL[Family.OUTPUT]: is_result,
        _USUAL.get(family, ""): True,
        initial: initial in _ALL,
    }
    yield from (letter for letters, fits in roles.items() if fits for letter in letters)
    yield from _ALL
