"""the catalogue: every topology, the most likely first.

Add one by drawing it with three steps, the middle step's columns marked by the ruler below; the tests stretch
it to many lengths, compare its topology with what is inferred, and verify its models.
"""

from __future__ import annotations

from seqdsl.catalogue.aligned import ALIGNED
from seqdsl.catalogue.blocks import STACKED
from seqdsl.catalogue.fusion import FUSION
from seqdsl.catalogue.grids import FROM_GRIDS
from seqdsl.catalogue.heads import HEADS
from seqdsl.catalogue.many import FROM_SEQUENCE, TO_SEQUENCE
from seqdsl.catalogue.next_step import NEXT_STEP
from seqdsl.catalogue.one import FROM_VECTOR
from seqdsl.catalogue.pairs import PAIRS

CATALOGUE = (
    *FROM_VECTOR,
    *FROM_SEQUENCE,
    *NEXT_STEP,
    *ALIGNED,
    *TO_SEQUENCE,
    *PAIRS,
    *FUSION,
    *HEADS,
    *FROM_GRIDS,
    *STACKED,
)
"""All entries; of those that fit a pair of shapes, the earlier is the likelier."""

BY_NAME = {entry.name: entry for entry in CATALOGUE}
