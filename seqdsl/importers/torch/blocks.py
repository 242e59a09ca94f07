"""settled draft → wiring: blocks in the order in which they are computed, each with its layer's name and its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.importers.torch.draft import is_whole, last_step, read_by
from seqdsl.importers.torch.nodes import EachStep, Kind, Refused
from seqdsl.importers.torch.rows import ZEROS
from seqdsl.ir.carry import Carry
from seqdsl.ir.direction import Direction
from seqdsl.layers import find_layer
from seqdsl.layout.windows_of_zeros import with_zeros_passed_on
from seqdsl.layout.wiring import Begun, Block, Bus, Passed, Source, Steps, Wiring
from seqdsl.records import record
from seqdsl.runtime.scattered_weights import held_apart

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from seqdsl.importers.torch.draft import Draft, Result
    from seqdsl.importers.torch.names import Names
    from seqdsl.importers.torch.nodes import Begins, Node, Operand, Row


_OF_MEMORY = (
    "read its output h; as an initial state, pass h and c both as they are, or compute both from h"
)


@record(frozen=True)
class Drawn:
    """A wiring, and where the model has the weights of its layers.

    Attributes:
        wiring: the wiring.
        places: the place of each layer that has weights, by its name.
        columns: the order of input features of layers in the model, as `Reading.columns` has it.
    """

    wiring: Wiring
    places: Mapping[str, str]
    columns: Mapping[str, tuple[int, ...]]


def drawn(draft: Draft, names: Names, lengths: Mapping[str, int]) -> Drawn:
    """The wiring of a draft.

    Raises:
        Refused: it has something that the language has not.
    """
    return _Blocks(draft, names).drawn(lengths)


class _Blocks:
    def __init__(self, draft: Draft, names: Names) -> None:
        self.draft, self.names = draft, names
        self.blocks: list[Block] = []
        self.at: dict[int, int] = {}
        self.places: dict[str, str] = {}
        self.columns: dict[str, tuple[int, ...]] = {}

    def drawn(self, lengths: Mapping[str, int]) -> Drawn:
        draft = self.draft
        order = [node for node in _in_order(draft) if node.kind is Kind.LAYER]
        # Of a loop a block reads some that come later.
        self.at = {node.index: place for place, node in enumerate(order)}
        self.blocks = [self._block(node) for node in order]
        # Finals and memories have no block: they are read from that of their row.
        inputs = tuple(self.at[index] for index in draft.inputs)
        taken: set[int] = set()
        readers = draft.readers()
        outputs = tuple(self._output(result, taken, readers) for result in draft.results)
        wiring = Wiring(tuple(self.blocks), inputs, outputs, dict(lengths))
        columns = {name: order for name, order in self.columns.items() if order}
        return Drawn(with_zeros_passed_on(wiring), self.places, columns)

    def _block(self, node: Node) -> Block:
        layer = self._layer(node)
        steps = None if node.is_vector else node.steps
        operands = tuple(self._operand(operand) for operand in node.operands)
        initial = None if node.begins is None else self._initial(node, node.begins)
        carry = node.notes.get("carry", Carry.NONE)
        return Block(layer, self._call(node), steps, operands, node.direction, initial, carry)

    def _call(self, node: Node) -> str:
        # In the order in which they are listed: however they came about, equal calls are written alike.
        definition = find_layer(node.word)
        if definition is None:
            # A cell of the file.
            return node.call
        order = [item.name for item in definition.signature.arguments]
        node.arguments = tuple(sorted(node.arguments, key=lambda item: _rank(item[0], order)))
        tied = dict(node.arguments).get("tied")
        if tied is None:
            return node.call
        # The embedding is named, whose matrix it is.
        return node.call.replace(f"tied={tied}", f"tied={self.names.of(tied)}")

    def _layer(self, node: Node) -> str:
        if node.layer:
            name = self.names.of(node.layer, _shown(node))
            if not node.layer.endswith(".tied"):
                self.places[name] = node.layer
                self._note_columns(name, node)
            return name
        if "name" in node.notes:
            return self.names.of_input(node.notes["name"])
        # A dropout has the name of its module, a sum that of what it does.
        is_own = node.site.is_layer and node.word in node.site.kind.lower()
        return self.names.claim(node.site.module if is_own else node.word)

    def _note_columns(self, name: str, node: Node) -> None:
        columns = node.notes.get("columns")
        order = () if columns is None else tuple(columns.tolist())
        # One set of weights: what it reads is in one order wherever it is applied.
        if self.columns.setdefault(name, order) != order:
            raise Refused(f"`{node.layer}` reads grids that are flattened in several orders")

    def _operand(self, operand: Operand) -> Steps | Bus:
        if isinstance(operand, EachStep):
            wide = _widths(operand)
            return Steps(tuple(self._side_by_side(row, wide) for row in operand.rows))
        return Bus(tuple(self._single(row) for row in operand.rows))

    def _side_by_side(self, row: Row, wide: tuple[int, ...]) -> tuple[Any, ...]:
        found: list[Any] = []
        for piece in row:
            if piece.node != ZEROS:
                found.append(self._source(piece.node, piece.step))
                continue
            # Zeros as wide as two values of the other steps are in place of both.
            left = piece.count
            while left > 0 and len(found) < len(wide):
                left -= wide[len(found)]
                found.append(None)
            if left:
                raise Refused("some features of a step are zero, and not those of a whole value")
        return tuple(found)

    def _single(self, row: Row) -> Source:
        if len(row) != 1 or row[0].node == ZEROS:
            raise Refused(
                "it reads all steps of a row, of which some are zero or several values side by side"
            )
        return self._source(row[0].node, row[0].step)

    def _source(self, index: int, step: int) -> Source:
        # B=B=B---+   the final state of both directions leaves at its end
        node = self.draft.nodes[index]
        if node.kind is Kind.FINAL:
            return Source(self.at[node.notes["of"]], final=True)
        if node.kind is Kind.MEMORY:
            raise Refused("the memory c of an LSTM is read as a value", _OF_MEMORY)
        return Source(self.at[index], step)

    def _initial(self, node: Node, begins: Begins) -> Passed | Begun:
        given = self._passed(node, begins)
        if given is not None:
            return Passed(given)
        # One value for h and c of an LSTM is written once; two are side by side.
        if begins.c is None or begins.c == begins.h:
            return Begun(tuple(map(self._whole, begins.h)))
        if not begins.h or not begins.c:
            raise Refused("only one of its initial states h and c is given, the other is zero")
        parts: tuple[Row, ...] = (begins.h, begins.c)
        if node.direction is Direction.BIDIRECTIONAL:
            # PyTorch has h of both directions, then c; here the forward direction comes first: h, c, h, c.
            (h, back_h), (c, back_c) = _halves(begins.h), _halves(begins.c)
            parts = (h, c, back_h, back_c)
        return Begun(tuple(self._whole(piece) for part in parts for piece in part))

    def _whole(self, piece: object) -> Source:
        return self._single((piece,))  # type: ignore[arg-type]

    def _passed(self, node: Node, begins: Begins) -> int | None:
        """The block whose whole final state a row begins with."""
        nodes = self.draft.nodes
        if len(begins.h) != 1 or begins.h[0].node == ZEROS:
            return None
        end = nodes[begins.h[0].node]
        of = nodes[end.notes["of"]] if end.kind is Kind.FINAL else end
        is_end = of is not end or begins.h[0].step == last_step(of)
        if of.word != node.word or not is_end or not is_whole(self.draft, begins.h[0]):
            return None
        return self.at[of.index] if begins.c is None or self._is_memory(begins.c, of) else None

    def _is_memory(self, row: Row, of: Node) -> bool:
        """Whether a row is all that an LSTM remembers behind its last step."""
        memory = self.draft.nodes.get(row[0].node) if len(row) == 1 else None
        if memory is None or memory.kind is not Kind.MEMORY or memory.notes.get("is_inner"):
            return False
        return bool(memory.notes["of"] == of.index)

    def _output(self, result: Result, taken: set[int], readers: Mapping[int, set[int]]) -> int:
        """The block that is a result: its own, or one more that gives what others read, too."""
        # An input that is given back, and what others read as well, need an `output` of their own.
        own = _own(self.draft, result)
        if own is not None and own not in taken and self._is_given(own, readers[own]):
            taken.add(own)
            return self.at[own]
        rows = EachStep(result.rows)
        steps = None if result.is_vector else len(result.rows)
        block = Block(self.names.claim("result"), "output", steps, (self._operand(rows),))
        self.blocks.append(block)
        return len(self.blocks) - 1

    def _is_given(self, own: int, readers: Collection[int]) -> bool:
        """Whether a node is a result by itself: nothing reads it, unless it is fed back."""
        others = (
            self.draft.nodes[reader].notes.get("of", reader) for reader in readers if reader >= 0
        )
        is_fed = all(self.at[reader] <= self.at[own] for reader in others)
        return is_fed and own not in self.draft.inputs


def _shown(node: Node) -> str:
    """The path by which a layer is called: of one whose weights are apart, that of the first."""
    apart = held_apart(node.layer)
    if not apart:
        return node.layer
    first = next(iter(apart.values())).path
    # self.score.weight is that of self.score, a bare self.w has no layer.
    return str(node.notes.get("called") or first.removesuffix(".weight"))


def _halves(row: Row) -> tuple[Row, Row]:
    """The values of both directions, each of one half of a state.

    Raises:
        Refused: a value reaches over the middle.
    """
    middle, width = sum(piece.count for piece in row) // 2, 0
    for place, piece in enumerate(row):
        if width == middle:
            return row[:place], row[place:]
        width += piece.count
    raise Refused(
        "its states h and c begin both directions, each as one value",
        "compute the state of each direction by itself",
    )


def _rank(name: str, order: list[str]) -> int:
    return int(name) if name.isdigit() else len(order) + order.index(name)


def _own(draft: Draft, result: Result) -> int | None:
    """The node whose steps, all in order, a result is."""
    # [(h, 0), (h, 1), (h, 2)] of three steps is h itself; two of them, or in another order, are a copy.
    first = result.rows[0][0].node if result.rows[0] else ZEROS
    node = draft.nodes.get(first)
    if node is None or node.kind is not Kind.LAYER or node.steps != len(result.rows):
        return None
    is_own = all(
        len(row) == 1 and (row[0].node, row[0].step) == (first, step) and is_whole(draft, row[0])
        for step, row in enumerate(result.rows)
    )
    return first if is_own else None


def _widths(operand: EachStep) -> tuple[int, ...]:
    """How wide the values are that stand side by side, where none of them is zero."""
    for row in operand.rows:
        if row and all(piece.node != ZEROS for piece in row):
            return tuple(piece.count for piece in row)
    return ()


def _in_order(draft: Draft) -> list[Node]:
    """The nodes, each behind those that it reads but for what is fed back: of a loop, what an iteration calls first."""
    done: dict[int, Node] = {}
    ahead = list(draft.nodes.values())
    while ahead:
        # The first that may come, and from the start again: where nothing is folded, the order stays as it is.
        node = next((node for node in ahead if _may_come(node, done)), None)
        if node is None:
            node = _first_of_loop(ahead, done)
        done[node.index] = node
        ahead.remove(node)
    return list(done.values())


def _may_come(node: Node, done: Mapping[int, Node]) -> bool:
    needed = {piece.node for piece in read_by(node) if piece.node != ZEROS}
    return needed <= done.keys() and node.notes.get("of", node.index) in {*done, node.index}


def _first_of_loop(ahead: Sequence[Node], done: Mapping[int, Node]) -> Node:
    """The first node of a loop that waits for nothing but its own members: they were called in this order."""
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(node.index for node in ahead)
    for node in ahead:
        needed = {piece.node for piece in read_by(node)} | {node.notes.get("of", node.index)}
        graph.add_edges_from((of, node.index) for of in needed - done.keys() if of != ZEROS)
    whole = nx.condensation(graph)
    members = [whole.nodes[at]["members"] for at in whole if not whole.in_degree(at)]
    return next(node for node in ahead if any(node.index in of for of in members))
