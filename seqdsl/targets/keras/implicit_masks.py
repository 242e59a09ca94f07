"""statements that pass masks by name → the same where Keras hands them on by itself: `mask_zero=True`, `Masking`.

What is written first passes every mask by name (``mask=mask``), which is right wherever a picture reads a mask. Here
each `Embedding` and input at which a mask begins gives it to Keras instead, and what Keras brings along unasked is
compared with what was passed: only where both are the same, the argument goes.

This works on statements and not on the graph: they are what Keras runs. Which layers and operations stand between two
nodes of the graph is decided while these are written, and each of them keeps, changes or loses a mask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.records import record
from seqdsl.targets.code import Assign, Text, call, paths, roots
from seqdsl.targets.keras.mask_flow import NOWHERE, STATISTICS, ZERO_MASKED, name_of
from seqdsl.targets.keras.mask_writing import Attempt, assigned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.targets.code import Statement
    from seqdsl.targets.keras.mask_flow import Carried, Reading
    from seqdsl.targets.keras.mask_writing import Masks


@record(frozen=True)
class Implicit:
    """Statements in which Keras hands masks on.

    Attributes:
        statements: what builds the model.
        words: what masks begin with: ``mask_zero=True``, ``Masking``; empty where all are passed by name.
        zeroes: whether the module's own layer is used that makes padded steps zero.
    """

    statements: tuple[Statement, ...]
    words: tuple[str, ...]
    zeroes: bool


def hand_on(statements: Sequence[Statement], masks: Masks) -> Implicit:
    """Let Keras hand on each mask as far as it means what the picture means."""
    chosen = _chosen(statements, masks)
    written = [*chosen.written[:-1], *_masked_outputs(chosen), chosen.written[-1]]
    unread = _unread(written, masks)
    done = tuple(item for item in written if assigned(item) not in unread)
    return Implicit(done, _words(chosen), ZERO_MASKED in roots(paths(done)))


def _chosen(statements: Sequence[Statement], masks: Masks) -> Attempt:
    """The way to write masks that leaves most to Keras, and brings none where it must not be."""
    plain = Attempt(masks, frozenset(range(len(statements)))).run(statements)
    blocked: frozenset[int] = frozenset()
    # Each round leaves less to Keras. One is usual; there are never more than there are statements.
    while True:
        tried = Attempt(masks, blocked).run(statements)
        strays = list(_strays(plain, tried))
        more = frozenset[int]().union(*strays) if strays else _useless(tried)
        if more - blocked:
            blocked |= more
        else:
            return plain if strays else tried


def _strays(plain: Attempt, tried: Attempt) -> Iterator[frozenset[int]]:
    """For each mask that is not where it must be, or is where it must not: the statements that could be without it."""
    for before, now in zip(plain.flow.readings, tried.flow.readings, strict=True):
        for meant, mask in zip(_meant(before), now.masks, strict=True):
            if meant != mask:
                yield NOWHERE if mask is None else mask.switches
    for (name, was), (_, mask) in zip(plain.values, tried.values, strict=True):
        wanted = tried.masks.wanted.get(name)
        if mask is not None and mask != was and mask.code != wanted:
            yield mask.switches


def _meant(reading: Reading) -> tuple[Carried, ...]:
    """The masks that a layer is to find, by what it finds where all are passed by name."""
    is_counted = reading.layer == STATISTICS
    return (None,) * len(reading.masks) if is_counted else reading.masks


def _useless(tried: Attempt) -> frozenset[int]:
    """The origins of masks that have to be passed by name as before, everywhere."""
    unread = _unread(tried.written, tried.masks)
    found: set[int] = set()
    useful = set(tried.dropped)
    for mask in tried.begun.values():
        found |= mask.origins
        # Where only padded steps become zero, nothing is gained as long as the mask has a variable all the same.
        if name_of(mask.code) in unread:
            useful |= mask.origins & tried.zeroed
    return frozenset(found - useful)


def _masked_outputs(chosen: Attempt) -> Iterator[Statement]:
    """Each output that has padded steps carries its mask: losses and metrics leave these out."""
    for name in dict.fromkeys(chosen.masks.outputs):
        wanted, found = chosen.masks.wanted.get(name), chosen.flow.carried.get(name)
        if wanted is not None and (found is None or found.code != wanted):
            yield Assign((Text(name),), call(call(ZERO_MASKED), name, mask=wanted))


def _words(chosen: Attempt) -> tuple[str, ...]:
    """What masks begin with."""
    tokens = any(name in chosen.masks.tokens for name in chosen.begun)
    inputs = any(name not in chosen.masks.tokens for name in chosen.begun)
    return ("`mask_zero=True`",) * tokens + ("`Masking`",) * inputs


def _unread(written: Sequence[Statement], masks: Masks) -> set[str]:
    """The variables that hold a mask, and that nothing reads but others such."""
    codes = (*masks.tokens.values(), *masks.inputs.values(), *masks.wanted.values())
    names = set(map(name_of, codes)) - {""}
    live: set[str] = set()
    unread: set[str] = set()
    # From the end: `h_mask = mask & mask_2` goes before `mask` is asked about.
    for statement in reversed(written):
        name = assigned(statement)
        if name in names and name not in live:
            unread.add(name)
        else:
            live |= roots(paths([statement]))
    return unread
