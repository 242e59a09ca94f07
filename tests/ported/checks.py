"""a model of the catalog → what has to hold of it: ported with equal numbers, or refused with the right reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from seqdsl.porting.importing import Refused
from seqdsl.porting.outcome import Grade
from tests.ported.running import imported, ported

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ported.catalog import Catalog, Entry

PORTED, REFUSED = 60, 5
"""So many models are ported in each direction at least, and refused for good at most."""


def assert_ported(entry: Entry, target: str, folder: Path, *, in_full: bool = False) -> None:
    """What is written for the target computes what the model computes, to the last digits of double precision."""
    found = imported(entry, folder, in_full=in_full)
    said = "; ".join(item.what for item in found.outcome.differences)
    assert entry.differs in said
    # What differs and is not expected to would pass unseen.
    assert (found.outcome.grade is Grade.EQUAL_BUT) is bool(entry.differs), said
    own = ported(found, target, folder, in_full=in_full)
    assert not own.fault
    assert (own.precision, own.cases > 1) == (entry.precision, True)
    # Keras scales the scores of its attention by a number of single precision.
    assert own.largest < (1e-7 if own.precision == "float64" else 1e-5)


def assert_refused(entry: Entry, folder: Path) -> None:
    """It is refused, for the reason that is known: once seqdsl can read it, it belongs to those that are ported."""
    with pytest.raises(Refused) as caught:
        imported(entry, folder)
    assert entry.reason in str(caught.value)


def assert_other_weights_noticed(entry: Entry, target: str, folder: Path) -> None:
    """A comparison that takes all for equal would pass any port: a port of other weights has a fault."""
    found = imported(entry, folder)
    with np.load(folder / "weights.npz") as stored:
        weights = dict(stored)
    name = min(weights)
    weights[name] = weights[name] + 1e-4
    np.savez(folder / "weights.npz", **weights)
    assert ported(found, target, folder).fault


def assert_enough(catalog: Catalog) -> None:
    """As many are ported as was promised, and few are not for good."""
    refused = [item for item in catalog.entries.values() if item.for_good]
    assert len(catalog.named(ported=True)) >= PORTED
    assert len(refused) <= REFUSED
