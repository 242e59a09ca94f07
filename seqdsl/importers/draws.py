"""code of a model that draws random numbers → the same code with numbers that are chosen: the ends of what it may draw.

A number may decide what is done, as in random teacher forcing::

    y = target[:, t] if random.random() < 0.97 else prediction

A run sees one side of it alone, so a model that draws is run several times: with the smallest numbers, with the
largest, and from several seeds. The functions that draw are the model's own affair (`from random import random`), so
that it is the state of the generators that is set, and not the functions that are replaced.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import contextmanager
from enum import Enum
from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    Names = dict[str, Any]
    Words = NDArray[np.uint32]


class Drawn(Enum):
    """Which numbers are drawn."""

    ANY = "any"
    SMALLEST = "smallest"
    LARGEST = "largest"


@record(frozen=True)
class Chosen:
    """Numbers that a run is to draw.

    Attributes:
        seed: where the generators begin.
        drawn: what they give at first.
    """

    seed: int
    drawn: Drawn = Drawn.ANY


FIRST = Chosen(0)
OTHERS = (
    Chosen(1, Drawn.SMALLEST),
    Chosen(2, Drawn.LARGEST),
    # Between the ends: `if 0.3 < random.random() < 0.7`.
    *map(Chosen, range(3, 9)),
)

REASON = (
    "what it does depends on a number that `{call}` draws at random, as with random teacher forcing"
)
WAY = (
    "let an argument of `__init__` decide instead, and import the model with one choice: all targets as inputs "
    "(`feedback=` then lets the generated model run free), or its own outputs"
)


class Draws:
    """Whether random numbers were drawn in a run.

    Attributes:
        any: whether there were; known when the run has ended. What knows of other generators may say so before.
    """

    any = False


Fresh = Callable[[Any, Chosen], Any]
"""Generator, numbers → one like it that draws those; ``None``: it is none."""


def fresh(held: Any, chosen: Chosen) -> Any:
    """A generator of Python's or numpy's in place of one that a model has."""
    if type(held) is random.Random:
        made: Any = random.Random()
        made.setstate(_of_python(chosen))
    elif isinstance(held, np.random.RandomState):
        made = np.random.RandomState()
        made.set_state(_of_numpy(chosen))
    elif isinstance(held, np.random.Generator):
        bits = np.random.MT19937()
        bits.state = _of_numpy(chosen)
        made = np.random.Generator(bits)
    else:
        made = None
    return made


@contextmanager
def generators(chosen: Chosen, owners: Iterable[Names], fresh: Fresh = fresh) -> Iterator[Draws]:
    """Let generators draw chosen numbers, and go on afterward where they were.

    Args:
        chosen: the numbers.
        owners: what has names that may be generators of the model's own: attributes, globals.
        fresh: what there is in place of those.
    """
    draws = Draws()
    mine, numpys = random.getstate(), np.random.get_state()
    # A generator is replaced, and not set: its state is the model's own.
    held = [(names, name, item) for names in owners for name, item in list(names.items())]
    own = [(*at, made) for at in held if (made := fresh(at[2], chosen)) is not None]
    random.setstate(_of_python(chosen))
    np.random.set_state(_of_numpy(chosen))
    before = _state()
    for names, name, _, made in own:
        names[name] = made
    try:
        yield draws
    finally:
        # A copy of the model draws from copies of its generators: whether it does does not show.
        draws.any |= bool(own) or _state() != before
        for names, name, item, _ in own:
            names[name] = item
        random.setstate(mine)
        np.random.set_state(numpys)


def _state() -> tuple[object, ...]:
    """Where the generators are."""
    _, keys, place, *_ = np.random.get_state()
    return random.getstate(), np.asarray(keys).tobytes(), place


def _of_python(chosen: Chosen) -> Any:
    # The last number says how many of the words are used up.
    return 3, (*map(int, _kept(chosen)), 0), None


def _of_numpy(chosen: Chosen) -> Any:
    return "MT19937", _kept(chosen), 0


_COUNT = 624
"""How many words the Mersenne Twister keeps, which it gives one after the other before it makes others of them."""
_CHOSEN, _LEVEL = 560, 32
"""How many of them are chosen, and how many of those are as large as can be."""


def _kept(chosen: Chosen) -> Words:
    """What the generator keeps, by which it gives the words that are wanted."""
    return _untempered(_words(chosen))


def _words(chosen: Chosen) -> Words:
    """The words that are to be given: all behind the chosen ones are any."""
    words = np.random.RandomState(chosen.seed).randint(0, 2**32, _COUNT, np.uint32)
    if chosen.drawn is Drawn.SMALLEST:
        # `Generator.integers` draws again in place of 0; the lower 10 bits are another one's whole number.
        words[:_CHOSEN] = 1 << 10
    elif chosen.drawn is Drawn.LARGEST:
        # A whole number below 100 is the upper or the lower 7 bits of a word, of the first one where those are below
        # 100: words that become smaller by and by, at both ends, come to 99 first.
        falling = np.arange(1023, 1023 - _CHOSEN + _LEVEL, -1)
        ends = np.concatenate([np.full(_LEVEL, 1023), falling])
        words[:_CHOSEN] = (ends << 22 | 0xFFF << 10 | ends).astype(np.uint32)
    return words


def _untempered(words: Words) -> Words:
    """Words as the generator keeps them: what it does to each before it gives it is undone.

    ::

        y ^= y >> 11; y ^= y << 7 & 0x9D2C5680; y ^= y << 15 & 0xEFC60000; y ^= y >> 18
    """
    words = words ^ words >> np.uint32(18)
    words = words ^ words << np.uint32(15) & np.uint32(0xEFC60000)
    # Of a shift by less than half of the bits, each turn gets 7 or 11 bits more right.
    made = words
    for _ in range(4):
        made = words ^ made << np.uint32(7) & np.uint32(0x9D2C5680)
    words = made
    for _ in range(2):
        made = words ^ made >> np.uint32(11)
    return made
