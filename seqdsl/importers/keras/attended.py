"""what an attention written by hand is made of: scores, their softmax, values times it → ids, until all is known.

::

    scores = ops.matmul(query, ops.transpose(keys, (0, 2, 1)))      Scores     (samples, queries, keys)
    weights = ops.softmax(scores)                                   Weights    (samples, queries, keys)
    weighted = weights[..., None] * values[:, None]                 Products   any shape
    context = ops.sum(weighted, axis=2)                             a row, ``attention``

None of the parts is a row of a picture, but each may be moved: they have ids, as values have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.importers.keras.ledger import SAMPLES, Kind
from seqdsl.importers.keras.refusals import Refused
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from seqdsl.importers.keras.ledger import Ledger
    from seqdsl.importers.keras.values import Truth
    from seqdsl.layout.wiring import Part

    Ids = NDArray[np.int64]
    Row = tuple[Part, ...]
    MakeRow = Callable[[], Ids]


@record(frozen=True)
class Scores:
    """Dot products of queries and keys.

    Attributes:
        queries: what each query is.
        keys: for each query what the keys are that it is compared with.
        width: their features.
    """

    queries: tuple[Row, ...]
    keys: tuple[tuple[Row, ...], ...]
    width: int


@record(frozen=True)
class Weights:
    """The softmax of scores.

    Attributes:
        scores: what is compared.
        score: how: ``dot``, or ``additive``.
        factor: what scores are multiplied by.
        path: the layer that has the vector of additive scores; empty: there is none.
        mask: the keys that count, in all samples; ``None``: all do.
        dropout: how many of the weights are lost in training.
        row: makes the row that these are if they are read as values; ``None``: no row is such.
    """

    scores: Scores
    score: str = "dot"
    factor: float = 1.0
    path: str = ""
    mask: Truth | None = None
    dropout: float = 0.0
    row: MakeRow | None = None


@record(frozen=True)
class Products:
    """Values times weights, element by element.

    Attributes:
        weights: the id of the weight of each.
        values: the id of the value of each.
        row: makes the row that these are if they are read as values.
    """

    weights: Ids
    values: Ids
    row: MakeRow


Made = Scores | Weights | Products

_WORDS = {Scores: "dot products", Weights: "the weights of an attention"}
WEIGHTS_READ = (
    "the weights of an attention are read as values, and no row of a picture has them",
    "give the sum of values by the weights alone",
)
_TO_DO = {
    Scores: (
        "of two vectors, use Multiply, and above it Dense(1, use_bias=False) whose weights are all 1, which computes "
        "the same; of an attention, give the sum of values by the weights alone"
    ),
    Weights: WEIGHTS_READ[1],
}


class Attended:
    """The parts of attentions so far."""

    def __init__(self, ledger: Ledger) -> None:
        """Begin without any."""
        self._ledger = ledger
        self._made: dict[int, Made] = {}
        self._rows: dict[int, Ids] = {}

    def add(self, made: Made, shape: tuple[int, ...]) -> Ids:
        """Ids of a part, in a shape whose first axis has the samples, or several chains of each."""
        ids = self._ledger.part(-1, Kind.ATTENDED, None, (int(np.prod(shape)) // SAMPLES,))
        self._made[int(ids[0, 0])] = made
        return ids.reshape(shape)

    def of(self, ids: Ids) -> tuple[Made, Ids] | None:
        """The part whose ids these are, and the place of each among them; ``None``: they are none.

        Raises:
            Refused: some are, and some are not.
        """
        starts = self._starts(ids)
        if not starts:
            return None
        (start, *others) = starts
        places = ids - start
        if others or (places < 0).any() or (places >= self._size(start)).any():
            raise Refused("it reads parts of several attentions together")
        return self._made[start], places

    def again(self, ids: Ids, made: Made) -> Ids:
        """The same ids of a part that differs in something else than what it is made of."""
        (start,) = self._starts(ids)
        fresh = self.add(made, (self._size(start),))
        return ids - start + int(fresh[0])

    def values(self, ids: Ids) -> Ids:
        """Ids of values: those of parts become those of the rows that they are.

        Raises:
            Refused: a part is no row of a picture.
        """
        for start in self._starts(ids):
            row, size = self._row(start), self._size(start)
            own = (ids >= start) & (ids < start + size)
            ids = np.where(own, row[np.clip(ids - start, 0, size - 1)], ids)
        return ids

    def _row(self, start: int) -> Ids:
        if start not in self._rows:
            made = self._made[start]
            if isinstance(made, Scores) or made.row is None:
                raise Refused(
                    f"{_WORDS[type(made)]} are read as values, and no row of a picture has them",
                    _TO_DO[type(made)],
                )
            self._rows[start] = self.values(made.row()).ravel()
        return self._rows[start]

    def _starts(self, ids: Ids) -> list[int]:
        if not self._made or not ids.size:
            return []
        low, high = int(ids.min()), int(ids.max())
        near = [at for at in self._made if at <= high and at + self._size(at) > low]
        return [at for at in near if ((ids >= at) & (ids < at + self._size(at))).any()]

    def _size(self, start: int) -> int:
        return SAMPLES * self._ledger.entry(start).size
