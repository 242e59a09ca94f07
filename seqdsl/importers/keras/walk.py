"""a network, its lengths set → blocks: each call of a layer is read in turn, and all that cannot be is noted."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import keras

from seqdsl.importers.keras import repeated
from seqdsl.importers.keras.carried import carry
from seqdsl.importers.keras.gathered import gathered
from seqdsl.importers.keras.hints import APART, MASKED
from seqdsl.importers.keras.network import Ref
from seqdsl.importers.keras.refusals import Again, Refused
from seqdsl.importers.keras.site import Site
from seqdsl.importers.keras.state import State
from seqdsl.importers.keras.table import COMPUTING, handler
from seqdsl.importers.keras.training import note_training
from seqdsl.importers.keras.values import UNKNOWN, Unknown, Value, leaves, replaced
from seqdsl.layout.wiring import Block

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seqdsl.importers.keras.network import Call, Network, Record

_STAND_IN = 60
"""How long a free axis is taken to be where the layers before it cannot be read."""


class Walk(State):
    """Reads a model at one set of lengths."""

    def read(self, network: Network) -> list[Any]:
        """Read a whole model: its inputs, its calls, and what it gives."""
        refs = [item for item in leaves(network.inputs) if isinstance(item, Ref)]
        given: dict[Ref, Any] = {}
        for ref in refs:
            record = network.records[ref.layer]
            try:
                value = self.sources.add(
                    record, self.names.of(record.path), self.lengths, self.hints
                )
                is_masked = ("", MASKED) in self.hints
                given[ref] = self.masks.from_outside(value) if is_masked else value
            except Refused as problem:
                self.refuse(record, problem)
                given[ref] = UNKNOWN
        self._note_marks(network)
        return leaves(self.run(network, given))

    def _note_marks(self, network: Network) -> None:
        """Note the values that mark padding: what inputs are compared with."""
        blocks = {item.name: block for block, item in self.sources.inputs.items()}
        for call in network.calls:
            if call.of.kind == "NotEqual" and len(call.args) == 2:
                read, mark = call.args
                if isinstance(read, Ref) and isinstance(mark, int | float):
                    self.masks.marks.setdefault(blocks.get(read.layer, -1), mark)

    def run(self, network: Network, given: dict[Ref, Any]) -> Any:
        """Read the calls of a model whose inputs are known, and give its results as they are nested."""
        known = dict(given)
        for ref, item in network.held:
            known[ref] = self.constants.held(item, network.path, network.layer)
        for ref, numbers in network.begun:
            known[ref] = self.constants.start(numbers)
        self.repeats |= Counter(id(_applied(call.of.live)) for call in network.calls)
        for call in self._gathered(network):
            result = self._call(call, known, network.shapes)
            for part, item in enumerate(leaves(result)):
                known[Ref(call.of.name, call.number, part)] = item
        return replaced(
            network.outputs,
            lambda leaf: known.get(leaf, UNKNOWN) if isinstance(leaf, Ref) else leaf,
        )

    def _stand_in(self, shape: tuple[int | None, ...], dtype: str) -> Any:
        """Values in place of those of a layer that cannot be read: what reads them is looked at all the same."""
        if not dtype.startswith("float") or self.each:
            return UNKNOWN
        _, *axes = (_STAND_IN if size is None else size for size in shape)
        steps = axes[0] if len(axes) > 1 else None
        block = Block("unread", "unread", steps)
        return Value(self.ledger.add(block, tuple(axes if steps is None else axes[1:])))

    def _known(self, record: Record) -> Record:
        """A layer by the path by which it was called first: a loop may go on with one that ran before it."""
        if record.live is None or not getattr(record.live, "weights", None):
            return record
        return replace(record, path=self.paths.setdefault(id(record.live), record.path))

    def _call(self, call: Call, known: dict[Ref, Any], shapes: Mapping[Ref, Any]) -> Any:
        record = self._known(call.of)

        def filled(leaf: Any) -> Any:
            if not isinstance(leaf, Ref):
                return leaf
            found = self.unmarked.seen(known.get(leaf, UNKNOWN))
            return self._stand_in(*shapes[leaf]) if found is UNKNOWN and leaf in shapes else found

        args, kwargs = replaced(list(call.args), filled), replaced(dict(call.kwargs), filled)
        self.count += record.kind in COMPUTING
        try:
            apply = handler(record, leaves((args, kwargs)))
            if any(isinstance(item, Unknown) for item in leaves((args, kwargs))):
                return UNKNOWN
            self.live[record.path] = record.live
            site = Site(self, record, args, kwargs)
            if self.each:
                made = repeated.at_each_step(site, apply)
                note_training(self, record)
                return made
            # Reading a wrapper changes what the site tells.
            before = Site(self, record, args, kwargs)
            result = carry(before, apply(site))
            self.unmarked.note(record.kind, (args, kwargs))
            note_training(self, record)
            return result
        except Refused as problem:
            self.refuse(record, problem)
            return UNKNOWN

    def note_computing(self, record: Record) -> None:
        """Count a layer within another one, if it computes."""
        self.count += record.kind in COMPUTING

    def _gathered(self, network: Network) -> Sequence[Call]:
        """The calls of a network, those of layers over each step as one.

        Raises:
            Again: one of these layers is applied by itself as well, in this network or in another one.
        """
        if self.each or ("", APART) in self.hints:
            return network.calls
        calls = gathered(network, self.once.gathered)
        alone, every = ({_weighted(call) for call in of} for of in (calls, network.calls))
        self.alone |= alone - {0}
        self.together |= every - alone
        if self.alone & self.together:
            raise Again("", APART)
        return calls

    def handler(self, record: Record) -> Callable[[Any], Any]:
        """What reads a layer within another one."""
        return handler(record, [])


def _applied(live: Any) -> Any:
    """A layer, or the one that it applies to each step: both have the same weights."""
    return live.layer if isinstance(live, keras.layers.TimeDistributed) else live


def _weighted(call: Call) -> int:
    """The identity of a layer with weights; 0: it has none."""
    live = _applied(call.of.live)
    return id(live) if getattr(live, "weights", None) else 0
