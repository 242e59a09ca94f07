"""code of a model that draws random numbers → the same code with numbers that are chosen: the ends of what it may draw.

A number may decide what is done, as in random teacher forcing::

    y = target[:, t] if random.random() < 0.97 else prediction

A run takes one branch alone, so a model that draws is run several times: with the smallest numbers, with the largest,
and from several seeds. A model may have the functions that draw under names of its own (`from random import random`):
so the state of the generators is set, and no function is replaced.
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
        any: whether there were; valid when the run has ended. Callers may set it for generators of other libraries.
    """

    any = False


Fresh = Callable[[Any, Chosen], Any]
"""Value, numbers → a generator like it that draws those; ``None``: the value is no generator."""


def fresh(held: Any, chosen: Chosen) -> Any:
    """A generator to use in place of one of Python's or numpy's; ``None``: ``held`` is neither."""
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
        # A copy of the model draws from copies of its generators: these do not tell whether any was used.
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
    """The state with which the generator gives the chosen words."""
    return _untempered(_words(chosen))


def _words(chosen: Chosen) -> Words:
    """The words that the generator is to give: those after the chosen ones are arbitrary."""
    words = np.random.RandomState(chosen.seed).randint(0, 2**32, _COUNT, np.uint32)
    if chosen.drawn is Drawn.SMALLEST:
        # `Generator.integers` rejects 0 and draws again; the lower 10 bits are a whole number of their own.
        words[:_CHOSEN] = 1 << 10
    elif chosen.drawn is Drawn.LARGEST:
        # A whole number below 100 is the upper or the lower 7 bits of a word, of the first word where they are below
        # 100: of words whose upper and lower bits decrease slowly, the first such number is 99.
        falling = np.arange(1023, 1023 - _CHOSEN + _LEVEL, -1)
        ends = np.concatenate([np.full(_LEVEL, 1023), falling])
        words[:_CHOSEN] = (ends << 22 | 0xFFF << 10 | ends).astype(np.uint32)
    return words


def _untempered(words: Words) -> Words:
    """Words as the generator keeps them: this inverts the tempering, by which it changes each word that it gives.

    ::

        y ^= y >> 11; y ^= y << 7 & 0x9D2C5680; y ^= y << 15 & 0xEFC60000; y ^= y >> 18
    """
    words = words ^ words >> np.uint32(18)
    words = words ^ words << np.uint32(15) & np.uint32(0xEFC60000)
    # A shift by less than half of the bits is inverted 7 or 11 bits at a time.
    made = words
    for _ in range(4):
        made = words ^ made << np.uint32(7) & np.uint32(0x9D2C5680)
    words = made
    for _ in range(2):
        made = words ^ made >> np.uint32(11)
    return made
