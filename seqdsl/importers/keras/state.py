"""what a walk through a model knows so far: its blocks, inputs, masks, and all that cannot be read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from typing import TYPE_CHECKING, Any

from seqdsl.importers.keras.attended import Attended
from seqdsl.importers.keras.constants import Constants
from seqdsl.importers.keras.ledger import Ledger
from seqdsl.importers.keras.masks import Masks
from seqdsl.importers.keras.names import Names
from seqdsl.importers.keras.source_lines import defined_at
from seqdsl.importers.keras.sources import Sources
from seqdsl.importers.keras.unmarked import Unmarked
from seqdsl.importers.reading import Difference, Unread

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from seqdsl.importers.keras.cell_weights import Placed
    from seqdsl.importers.keras.network import Network, Record, Ref
    from seqdsl.importers.keras.once import Once
    from seqdsl.importers.keras.refusals import Refused
    from seqdsl.importers.keras.within import Kept

    Ids = NDArray[np.int64]


class State(ABC):
    """What is known while a model is read at one set of lengths.

    Attributes:
        hints: how layers are to be read, of which that is known from an earlier walk: path and word.
        lengths: the numbers of free axes of inputs, by the input's number and the axis.
        ledger: the blocks so far.
        names: the identifiers of layers.
        sources: the inputs among the blocks.
        masks: which of their steps are padding, and who looks at that.
        constants: the rows that nothing enters.
        finals: the ids of the final state of each recurrent block.
        attended: the parts of attentions that are written by hand.
        paths: the path of each layer with weights, by its identity.
        vectors: the rows that are trained queries, by the paths of the layers of one unit that have them.
        unread: all that cannot be read, in order.
        differences: what differs.
        live: the layers that were read, by their paths.
        called: the texts of pictures that rows call, by their names.
        cells: the texts of cells of its own that rows run, by their names.
        parted: where the arrays of such a row are, by the layer's path.
        within: where the weights of a layer of a called picture are, by the names of row and layer: the model that the
            picture is of, and the place in it.
        repeats: how often each layer is called, at most in one model, by its identity.
        followed: how often the code of each layer was followed, by what it was called with.
        alone: the layers with weights that are applied by themselves, by their identities.
        together: those that are part of a model of one step (see `seqdsl.importers.keras.gathered`).
        is_shared: whether a picture is called that is a model applied several times.
        unmarked: the values that have lost the masks that Keras kept with them.
        rows: the values of rows that compute each step, by all that decides them.
        drawn_as: the names of the pictures that models are, by the identity of each.
        kept: the masks of the model's results, once it is read.
        once: what is read once, and not at each of the lengths.
        count: how many calls compute.
        each: whether calls are those of a model that is applied at each step: values have an axis of steps more.
    """

    def __init__(
        self,
        hints: frozenset[tuple[str, str]],
        lengths: Mapping[tuple[int, int], int],
        once: Once,
    ) -> None:
        """Begin to read at lengths."""
        self.hints, self.lengths = hints, lengths
        self.ledger, self.names = Ledger(), Names()
        self.sources = Sources(self.ledger)
        self.masks = Masks(self.ledger, self.sources)
        self.constants = Constants(self.ledger, self.names)
        self.finals: dict[int, tuple[Ids, ...]] = {}
        self.attended = Attended(self.ledger)
        self.ledger.as_values = self.attended.values
        self.vectors: dict[str, int] = {}
        self.unread: dict[str, Unread] = {}
        self.differences: dict[Difference, None] = {}
        self.live: dict[str, Any] = {}
        self.paths: dict[int, str] = {}
        self.called: dict[str, str] = {}
        self.cells: dict[str, str] = {}
        self.parted: dict[str, list[Placed]] = {}
        self.within: dict[str, tuple[Any, str]] = {}
        self.once = once
        self.repeats: Counter[int] = Counter()
        self.followed: Counter[Any] = Counter()
        self.alone: set[int] = set()
        self.together: set[int] = set()
        self.unmarked = Unmarked()
        self.rows: dict[tuple[object, ...], Ids] = {}
        self.drawn_as: dict[int, str] = {}
        self.is_shared = False
        self.kept: tuple[Kept, ...] = ()
        self.count = 0
        self.each = False

    @abstractmethod
    def run(self, network: Network, given: dict[Ref, Any]) -> Any:
        """Read the calls of a model whose inputs are known, and give its results as they are nested."""

    @abstractmethod
    def handler(self, record: Record) -> Callable[[Any], Any]:
        """What reads a layer within another one.

        Raises:
            Refused: the language has nothing for it.
        """

    @abstractmethod
    def note_computing(self, record: Record) -> None:
        """Count a layer within another one, if it computes."""

    def refuse(self, record: Record, problem: Refused) -> None:
        """Note that a layer cannot be read, and why; the first reason counts."""
        line = problem.line or record.line or defined_at(record.live)
        self.unread.setdefault(
            record.path, Unread(record.path, record.kind, problem.reason, line, problem.way)
        )

    def differs(self, where: str, what: str, *, numbers: bool = False) -> None:
        """Note a difference, once."""
        self.differences[Difference(where, what, numbers)] = None
