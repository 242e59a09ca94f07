"""a call of a module on labels → its nodes: what every operation reads that computes.

PyTorch itself runs the module. Each function of its that is called passes through here: one of the table is read, and
its result overwritten with labels; any other moves its labels, which is checked, or cannot be read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.overrides import TorchFunctionMode

from seqdsl.importers.torch import calls, labels
from seqdsl.importers.torch.flat import Flats
from seqdsl.importers.torch.nodes import EachStep, Kind, Node, Refused
from seqdsl.importers.torch.rows import Nodes, by_sample, numbered, rows_of
from seqdsl.importers.torch.taken import GRID, MIXED, PARTS, Taken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from seqdsl.importers.reading import Difference
    from seqdsl.importers.torch.calls import Call
    from seqdsl.importers.torch.labels import Ids
    from seqdsl.importers.torch.nodes import Operand, Row
    from seqdsl.importers.torch.weights import Weights

    Reader = Callable[["Trace", Call], Any]


class Trace(TorchFunctionMode):
    """A run of a module, as it goes on.

    Attributes:
        nodes: what was read so far.
        weights: where the module has its weights.
        batch: with how many samples it runs.
        padded: the inputs whose padding a tensor tells of, by the tensor's identity (and the tensor, to keep it).
        is_off: whether calls are run without being followed.
        differences: what was noticed in which a picture differs, each once.
    """

    def __init__(
        self, weights: Weights, batch: int, table: Mapping[str, Reader], otherwise: Reader
    ) -> None:
        """Begin without any node."""
        super().__init__()
        self.nodes = Nodes()
        self.weights, self.batch = weights, batch
        self._table, self._otherwise = table, otherwise
        self.modules: list[tuple[str, torch.nn.Module]] = []
        self._padding: frozenset[int] = frozenset()
        self.padded: dict[int, tuple[torch.Tensor, frozenset[int]]] = {}
        self.is_off = False
        self.differences: dict[Difference, None] = {}
        self._flats = Flats(self.nodes, self.node)

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Read one call."""
        if self.is_off:
            return func(*args, **(kwargs or {}))
        # Within this method PyTorch calls its functions directly.
        call = calls.Call(func, args, kwargs or {})
        reader = self._table.get(call.name)
        self._padding = before = self.padding_of(args, kwargs)
        try:
            result = NotImplemented if reader is None else reader(self, call)
            if result is NotImplemented:
                result = self._otherwise(self, call)
        except Refused as problem:
            result = self._refuse(call, problem)
        for tensor in calls.tensors(result) if before else ():
            self.padded[id(tensor)] = (tensor, before)
        return result

    def padding_of(self, *values: Any) -> frozenset[int]:
        """The inputs of whose padding tensors tell."""
        held = (self.padded.get(id(tensor)) for tensor in calls.tensors(values))
        return frozenset(item for found in held if found for item in found[1])

    def _refuse(self, call: Call, problem: Refused) -> Any:
        """Go on behind an operation that cannot be read, with values of its own."""
        ids = [self.read(tensor) for tensor in calls.tensors((call.args, call.kwargs))]
        after = {node for item in ids for node in self.nodes.known(item)}
        result = call.run()
        self.unknown(result, call.name, str(problem), problem.way, after)
        return result

    def unknown(
        self, result: Any, word: str, reason: str, way: str = "", after: Iterable[int] = ()
    ) -> None:
        """Give results that are not in the language values of their own: it matters only if the outputs read them."""
        for tensor in calls.tensors(result):
            if not tensor.dtype.is_floating_point or not tensor.numel():
                continue
            shape = tuple(tensor.shape) or (1,)
            order = numbered(shape[:-1], self.batch)
            node = self.node(word, order.shape, shape[-1], kind=Kind.UNREAD)
            node.notes.update(reason=reason, way=way, after=after)
            self.fill(tensor, node, order, -1 if tensor.ndim else None)

    def read(self, tensor: torch.Tensor) -> Ids:
        """The labels of a tensor; a weight that is read as a value gets its own now."""
        if self.weights.is_new(tensor):
            self._learn(tensor)
        return labels.read(tensor, self.nodes.count)

    def _learn(self, tensor: torch.Tensor) -> None:
        shape = tuple(tensor.shape) or (1,)
        rows = int(np.prod(shape[:-1]))
        node = self.node("learned", (1, rows), shape[-1], layer=self.weights.take(tensor))
        node.arguments = (("0", str(shape[-1])),)
        node.is_vector = rows == 1
        self.fill(tensor.data, node, np.arange(rows)[None], -1 if tensor.ndim else None)

    def take(
        self, tensor: torch.Tensor, axis: int | None = -1, *, in_any_order: bool = False
    ) -> Taken:
        """What an operation reads, whose features are on an axis.

        Args:
            tensor: the tensor.
            axis: the axis; ``None``: each number is a step of one feature.
            in_any_order: whether a flattened grid may have its channels first.

        Raises:
            Refused: it is not alike for all samples, or no whole values.
        """
        ids = self.read(tensor)
        spread = ids[..., None] if axis is None else np.moveaxis(ids, axis, -1)
        lead = spread.shape[:-1]
        local, order = by_sample(self.nodes, spread.reshape(-1, spread.shape[-1]), self.batch, lead)
        local, columns = self._flats.as_features(local, in_any_order=in_any_order)
        return Taken(self.rows(local), local, order, lead, axis, columns)

    def as_features(self, local: Ids) -> tuple[Ids, Ids | None]:
        """Labels of features, with flattened grids in place of grids, and the column of each, as `Taken` has it."""
        return self._flats.as_features(local, in_any_order=True)

    def rows(self, local: Ids, *, grids: bool = False) -> tuple[Row, ...]:
        """What each of several steps reads, of labels (steps, features) of the first sample.

        Raises:
            Refused: they are no whole values.
        """
        rows = rows_of(self.nodes, local)
        for index in {piece.node for row in rows for piece in row if piece.node >= 0}:
            node = self.nodes.all[index]
            reason = PARTS.get(node.kind, GRID if node.grid and not grids else "")
            if reason:
                raise Refused(reason)
        return rows

    def is_part(self, ids: Ids) -> bool:
        """Whether labels are those of a part of an attention, which no layer gives by itself."""
        # Parts are never mixed with values: the first label tells.
        known = np.unique(ids[ids >= 0])
        return bool(len(known)) and self.nodes.of(int(known[0])).kind in PARTS

    def chains(self, ids: Ids) -> tuple[Ids, Ids]:
        """Labels (rows, steps, features) whose rows are taken each by itself → the same by samples.

        Returns:
            Labels of the first sample, (chains, steps, features); rows by sample and chain.
        """
        local, order, _ = self.turned_chains(ids, in_any_order=False)
        return local, order

    def turned_chains(self, ids: Ids, *, in_any_order: bool = True) -> tuple[Ids, Ids, Ids | None]:
        """The same with the column of each feature, as `Taken` has it."""
        flat = ids.reshape(len(ids), -1)
        local, order = by_sample(self.nodes, flat, self.batch, (len(ids),))
        steps = local.reshape(-1, ids.shape[-1])
        made, columns = self._flats.as_features(steps, in_any_order=in_any_order)
        return made.reshape(len(local), *ids.shape[1:]), order, columns

    def node(
        self,
        word: str,
        shape: tuple[int, int],
        features: int,
        *operands: Operand,
        layer: str = "",
        kind: Kind = Kind.LAYER,
        grid: tuple[int, ...] = (),
        **arguments: Any,
    ) -> Node:
        """A new node of the call that is being read.

        Args:
            word: the layer.
            shape: of how many samples it has values, and steps.
            features: how many features each step has.
            operands: what it reads.
            layer: where the model has its weights.
            kind: what its values are.
            grid: the places of each step.
            arguments: the layer's arguments by name, the first as ``_0``; ``None``: not given.
        """
        nodes = self.nodes
        written = tuple(
            (name.lstrip("_"), _text(value))
            for name, value in arguments.items()
            if value is not None
        )
        where = calls.site(self.modules)
        samples, steps = shape
        return nodes.add(
            Node(
                len(nodes.all),
                nodes.count,
                samples,
                steps,
                features,
                kind,
                word,
                written,
                layer,
                operands,
                is_vector=steps == 1,
                site=where,
                grid=grid,
                notes={"padded_by": self._padding},
            )
        )

    def stepwise(
        self, call: Call, taken: Taken, word: str, *, layer: str = "", **arguments: Any
    ) -> torch.Tensor:
        """Read an operation that makes each step of what it reads a step of its own."""
        return self.combined(call, (taken,), word, layer=layer, **arguments)

    def combined(
        self, call: Call, taken: tuple[Taken, ...], word: str, *, layer: str = "", **arguments: Any
    ) -> torch.Tensor:
        """The same of one that reads several tensors of one shape."""
        out: torch.Tensor = call.run()
        # x + positions: (batch, steps, features) and (steps, features)
        # Where one is the same for all samples, as positions are, another one tells the samples.
        first = max(taken, key=lambda item: len(item.order))
        axis = first.axis
        features = 1 if axis is None else out.shape[axis]
        if not all(np.array_equal(item.columns, first.columns) for item in taken):  # type: ignore[arg-type]
            raise Refused(MIXED)
        operands = (EachStep(item.rows) for item in taken)
        node = self.node(word, first.order.shape, features, *operands, layer=layer, **arguments)
        if layer:
            node.notes["columns"] = first.columns
        # What a dense layer gives is in the order of its own weights.
        self.fill(out, node, first.order, axis, None if word == "dense" else first.columns)
        return out

    def fill(
        self,
        out: torch.Tensor,
        node: Node,
        order: Ids,
        axis: int | None = -1,
        columns: Ids | None = None,
    ) -> None:
        """Overwrite a result with the labels of its node.

        Args:
            out: the result.
            node: whose values it holds.
            order: which of its rows each step of each sample is.
            axis: the axis of its features; ``None``: it has none.
            columns: in which column each feature is; ``None``: they are in order.
        """
        shape = list(out.shape)
        if axis is not None:
            del shape[axis]
        ids = np.empty((order.size, node.features), np.int64)
        # (samples, steps, features) to where each row is
        ids[order.reshape(-1)] = np.arange(node.first, node.end).reshape(-1, node.features)
        if columns is not None:
            ids = ids[:, np.argsort(columns)]
        self.place(out, np.moveaxis(ids.reshape(*shape, -1), -1, -1 if axis is None else axis))

    def place(self, out: torch.Tensor, ids: Ids) -> None:
        """Overwrite a result with labels in its shape."""
        made = labels.written(np.ascontiguousarray(ids), out.dtype)
        out.copy_(made.reshape(out.shape))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
