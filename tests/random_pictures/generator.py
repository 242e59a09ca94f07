"""seed → picture: towers side by side that grow row by row, each row a way of reading the rows below it."""

from __future__ import annotations

from math import inf
from random import Random

from seqdsl.layout.canvas import Cells, overlay, straight
from tests.random_pictures import joins, links, states
from tests.random_pictures.called import PART, Asked, Drawn, Library
from tests.random_pictures.feedback import Feedback, looks_back
from tests.random_pictures.grids import grid_source
from tests.random_pictures.layers import (
    SOURCES,
    Layer,
    Parameters,
    constant,
    is_padded,
    marked,
    padded,
    possible,
    source,
)
from tests.random_pictures.letters import Letters
from tests.random_pictures.looped import EVERY, random_looped
from tests.random_pictures.router import routed
from tests.random_pictures.settling import Settler
from tests.random_pictures.shapes import (
    BREAK,
    Block,
    Break,
    Lane,
    Part,
    Seen,
    Strip,
    Tower,
)
from tests.random_pictures.starts import begin, can_start, decoder
from tests.random_pictures.text import Row, write


def random_picture(seed: int) -> str:
    """A well-drawn picture, the same for a seed on every machine."""
    if seed % EVERY == EVERY - 1:
        return random_looped(seed)
    return Sketch(Random(seed)).draw()


def random_calls(seed: int) -> str:
    """A file of random pictures that call each other, the one that no other calls at its end."""
    library = Library(Random(f"called {seed}"), draw_part)
    last = Sketch(Random(f"caller {seed}"), library).draw()
    return "\n".join([*library.texts, last])


def draw_part(rng: Random, library: Library, name: str, asked: Asked) -> Drawn | None:
    return Sketch(rng, library, asked).draw_part(name)


class Sketch:
    """A picture in the making."""

    def __init__(
        self, rng: Random, library: Library | None = None, asked: Asked | None = None
    ) -> None:
        """Begin with an empty page.

        Args:
            rng: the numbers.
            library: the other pictures of the file, where this one may call others.
            asked: what the picture takes and gives, where others call it.
        """
        self.rng, self.library, self.asked = rng, library, asked
        self.parameters = Parameters(rng)
        # What reads nothing came later: what else is drawn stays as it was.
        self.marks = Random(f"marks {rng.getstate()[1][:4]}")
        self.later = Random(f"constant {rng.getstate()[1][:4]}")
        # The same holds of state that passes from call to call.
        self.carried = Random(f"carried {rng.getstate()[1][:4]}")
        # And of what is fed back, and of rows that are named.
        self.looped = Random(f"looped {rng.getstate()[1][:4]}")
        # And of inputs whose steps hold grids.
        self.gridded = Random(f"gridded {rng.getstate()[1][:4]}")
        # And of padding that lengths tell, or within steps that hold grids.
        self.padded = Random(f"padded {rng.getstate()[1][:4]}")
        self.letters = Letters(rng, self.parameters)
        self.rows: list[Row] = []
        self.towers: list[Tower] = []
        self.ended: list[Tower] = []

    def draw(self) -> str:
        """Draw all rows, and write them."""
        self._draw_rows()
        rows = Feedback(self.looped, self.rows, self.letters).draw()
        name = "whole" if self.library is not None and self.library.texts else ""
        return write(self.rng, rows, self.letters, self.parameters, name)

    def draw_part(self, name: str) -> Drawn | None:
        """The picture as others call it; ``None`` if it does not give what they ask for."""
        assert self.asked is not None
        self._draw_rows()
        tops = self.ended + self.towers
        blocks = [block for row in self.rows for block in row.blocks]
        # The nodes of a row that read different blocks are several, of which any may be an output.
        apart = [block for block in blocks if block.cuts or _is_of_parts(block)]
        if len(tops) != 1 or apart:
            return None
        (tower,) = tops
        strip = tower.strip
        is_like = strip == self.asked.strip if self.asked.is_row else strip.is_vector
        if not is_like or tower.masked or tower.vocabulary:
            return None
        wide = ""
        if self.rng.random() < 0.5:
            wide, tower = "wide", self._widened(tower)
        text = write(self.rng, self.rows, self.letters, self.parameters, name)
        lengths = {word: k for word, k in self.letters.lengths.items() if k is not None}
        values = self.parameters.values | lengths
        return Drawn(text, tower.width, values, wide, self._is_causal(self.asked))

    def _is_causal(self, asked: Asked) -> bool:
        """Whether each step of what the picture gives is made of this step of its input and of earlier ones."""
        blocks = [block for row in self.rows for block in row.blocks if block.reads]
        # Padded steps do not go to a row that reads some steps only.
        if not all(block.is_wired for block in blocks):
            return False
        causal = () if self.library is None else self.library.causal
        return asked.is_row and all(
            block.strip == asked.strip and (looks_back(block, causal) or _is_causal_window(block))
            for block in blocks
        )

    def _widened(self, tower: Tower) -> Tower:
        """A last row of as many features as a parameter says: any number of them fits."""
        self.towers = [tower]
        width = self.parameters.values["wide"] = self.rng.randint(1, 5)
        columns = tower.strip.columns
        seen = links.seen_steps(tower, tower.strip, 1, single=True)
        part = Part([straight(columns)], {*columns}, tower.strip, seen, tower.pitch, [tower])
        made = Layer("dense", ("wide", "tanh"), int(width))
        block = self.letters.block(made, seen, tower.strip, set(self.letters.known))
        self._emit([block], [part], {})
        _note_reading(part, block)
        self._replace(part, block)
        return self.towers[0]

    def _draw_rows(self) -> None:
        if self.asked is None:
            self._sources()
        else:
            self._source(self.asked)
        for _ in range(self.rng.choice([1, 1, 2, 2, 3, 3, 4, 5])):
            self._grow()
        for _ in range(20):
            if not any(self._unfinished(tower) for tower in self.towers):
                break
            self._grow(last=True)
        else:
            raise AssertionError("a wire is never taken up")

    # Sources

    def _source(self, asked: Asked) -> None:
        """The bottom row of a picture that others call: the one input."""
        strip, made = asked.strip, asked.source
        self.letters.lengths |= {
            item.name: strip.steps for item in strip.breaks if item.elided is not None
        }
        block = self.letters.block(made, Seen((), strip.is_vector), strip, set())
        if made.kind == "tokens":
            block.vocabulary = made.arguments[0]
        self.towers.append(Tower(strip, {c: Lane(block) for c in strip.columns}, 4))
        self._emit([block], [], {})

    def _sources(self) -> None:
        """The bottom row: inputs side by side."""
        column, number = 0, self.rng.choice([1, 1, 1, 2, 2, 3])
        blocks = []
        for place in range(number):
            strip, pitch, column = self._strip(column, place in (0, number - 1), place == 0)
            like = blocks[-1].width if blocks and self.rng.random() < 0.5 else 0
            made = source(self.rng, self.parameters, is_vector=strip.is_vector, width=like)
            made = marked(self.marks, made, is_vector=strip.is_vector)
            # An input is there: it says for how many samples. A length of its own nothing would tell.
            if blocks and not strip.is_free and self.later.random() < 0.25:
                width = made.width if like or made.kind == "input" else 0
                made = constant(self.later, steps=strip.steps, width=width)
            made = self._held(made, blocks[-1:])
            made = padded(self.padded, made, is_vector=strip.is_vector)
            neighbour = blocks[-1].letter if blocks else ""
            block = self.letters.block(made, Seen((), strip.is_vector), strip, {neighbour})
            block.masked = is_padded(made) and not strip.is_vector
            if made.kind == "tokens":
                block.vocabulary = made.arguments[0]
            blocks.append(block)
            self.towers.append(Tower(strip, {c: Lane(block) for c in strip.columns}, pitch))
            column += self.rng.choice([4, 6, 10])
        self._emit(blocks, [], {})

    def _held(self, made: Layer, beside: list[Block]) -> Layer:
        """The source as it is, or one of grids; often of those that stand beside it."""
        rng = self.gridded
        near = beside[0] if beside and beside[0].kind == "input" and beside[0].grid else None
        if rng.random() > (0.7 if near else 0.2) or made.kind not in ("input", "tokens"):
            return made
        like = near is not None and rng.random() < 0.8
        grid, width = (near.grid, near.width) if near and like else ((), 0)
        return grid_source(rng, self.parameters, grid, width)

    def _strip(self, column: int, at_end: bool, is_first: bool) -> tuple[Strip, int, int]:
        """Columns for an input, perhaps with ellipses; and the column after it."""
        rng = self.rng
        pitch = rng.choice([2, 2, 3, 4, 4, 5, 5, 6])
        count = rng.choice([1, 1, 2, 3, 3, 4, 4, 5, 6, 8, 8])
        places: set[int] = set()
        if rng.random() < (0.6 if any(tower.strip.breaks for tower in self.towers) else 0.35):
            inner = list(range(1, count))
            if is_first:
                inner.append(0)
            if at_end and not is_first:
                inner.append(count)
            if inner:
                places = set(rng.sample(inner, 1 if rng.random() < 0.8 else min(2, len(inner))))
        columns: list[int] = []
        breaks: list[Break] = []
        for place in range(count + 1):
            if place in places:
                start = column if not columns else columns[-1] + pitch
                breaks.append(Break(start, twin=len(places) > 1))
                column = start + BREAK + 1
            if place < count:
                columns.append(column)
                column += pitch
        strip = Strip(tuple(columns), tuple(breaks))
        return self._named(strip), pitch, strip.edges[1]

    def _named(self, strip: Strip) -> Strip:
        """Name one of the ellipses of a strip, and perhaps set its length."""
        if len(strip.breaks) != 1 or self.rng.random() < 0.4:
            return strip
        name = next((word for word in "nmtk" if word not in self.letters.lengths), "")
        if not name:
            return strip
        elided = self.rng.choice([None, 0, 6, 12])
        self.letters.lengths[name] = len(strip.columns) + elided if elided is not None else None
        return Strip(strip.columns, (Break(strip.breaks[0].start, name, elided),))

    # Growing

    def _unfinished(self, tower: Tower) -> bool:
        return bool(tower.live) or any(lane.block.kind in SOURCES for lane in tower.lanes.values())

    def _grow(self, *, last: bool = False) -> None:
        """One more row: of two towers together, or of each for itself."""
        if not self.towers:
            return
        parts: list[Part] = []
        towers = list(self.towers)
        while towers:
            tower = towers.pop(0)
            part = self._of_two(tower, towers[0], last) if towers else None
            if part is not None:
                towers.pop(0)
            else:
                part = self._part(tower, last)
            parts += [part] if part is not None else []
        if parts:
            self._settle(parts, last=last)
        elif any(tower.live for tower in self.towers):
            # What is led past a row stands over a wire, not over its node.
            self.rows.append(Row(straight(c for tower in self.towers for c in tower.live)))

    def _of_two(self, left: Tower, right: Tower, last: bool) -> Part | None:
        """A part that goes on from two neighbours, if it can: one starts the other, or a row reads both."""
        rng = self.rng
        if can_start(left) and rng.random() < 0.3:
            part = self._part(right, last, busy=True)
            if part is not None and begin(part, left, "left"):
                return part
        elif can_start(right) and rng.random() < 0.15:
            part = self._part(left, last, busy=True)
            if part is not None and begin(part, right, "right"):
                return part
        # Rows over two stretches of time are rare enough where they can be drawn.
        elided = left.strip.breaks and right.strip.breaks and left.width == right.width
        if rng.random() < (0.1 if elided else 0.6):
            return None
        after = self.towers.index(right) + 1
        limit = self.towers[after].strip.edges[0] if after < len(self.towers) else inf
        equal = left.width == right.width and rng.random() < (0.9 if elided else 0.5)
        join = joins.join_time if equal else rng.choice(joins.PAIRS)
        part = join(rng, left, right, limit)
        return part if part is not None and possible(part.seen) else None

    def _part(self, tower: Tower, last: bool, *, busy: bool = False) -> Part | None:
        """A row over one tower; ``None`` if it ends or passes instead, which a ``busy`` one does not."""
        rng = self.rng
        unfinished = self._unfinished(tower)
        if last and not unfinished and not busy:
            self._end(tower)
            return None
        if not last and not busy and rng.random() < 0.15:
            if not unfinished and rng.random() < 0.5:
                self._end(tower)
            else:
                self._pass(tower)
            return None
        low, high = self._room(tower)
        if tower is self.towers[-1] and rng.random() < 0.3:
            part = routed(rng, tower, low)
            if part is not None:
                return part
        if tower is self.towers[-1] and can_start(tower) and rng.random() < 0.3:
            return decoder(rng, tower)
        makers = [links.merge, links.merge, *links.ALONE] if tower.skips else links.ALONE
        for maker in rng.sample(makers, len(makers)):
            part = maker(rng, tower, (low, high))
            if part is not None and possible(part.seen) and self._takes_all(part):
                step_by_step = part.seen.whole or not tower.strip.breaks
                part.is_aligned = maker in (links.fork, links.merge) or (
                    maker is links.pick and step_by_step
                )
                return part
        raise AssertionError("nothing can be drawn over this tower")

    def _takes_all(self, part: Part) -> bool:
        """Whether every wire is taken up."""
        return all({*tower.bound, *tower.skips} <= part.enters for tower in part.ended)

    def _end(self, tower: Tower) -> None:
        self.towers.remove(tower)
        self.ended.append(tower)

    def _pass(self, tower: Tower) -> None:
        """Lead some of a tower's nodes past the next row."""
        whole = tower.masked or tower.skips
        tower.keep(tower.strip.columns if whole else links.choose_bound(self.rng, tower))

    def _room(self, tower: Tower) -> tuple[float, float]:
        """The columns that a tower may take without meeting its neighbours."""
        place = self.towers.index(tower)
        first, last = tower.strip.edges
        # Half of what lies between two towers is for each: both may grow in the same row.
        left, right = first - 8.0, last + 16.0
        if place:
            left = (self.towers[place - 1].strip.edges[1] + first) / 2 + 2
        if place + 1 < len(self.towers):
            right = (self.towers[place + 1].strip.edges[0] + last) / 2 - 2
        return left, right

    # Settling

    def _settle(self, parts: list[Part], *, last: bool) -> None:
        """Choose the layers of a row's parts, draw them, and go on from them."""
        row = Settler(
            self.rng, self.letters, self.parameters, parts, self._free(parts, last), self.library
        )
        row.settle()
        self._emit(row.blocks, parts, row.extra)
        for part, block in zip(parts, row.blocks, strict=True):
            _note_reading(part, block)
            self._replace(part, block)
        taken = {c for tower in self.towers for c in tower.strip.columns}
        for column, lane in row.taps.items():
            roomy = not taken & set(range(column - 6, column + 7))
            pitch = self.rng.choice([2, 3, 4, 5]) if roomy else 2
            self.towers.append(Tower(Strip((column,)), {column: lane}, pitch))
        self.towers.sort(key=lambda tower: tower.strip.edges)

    def _free(self, parts: list[Part], last: bool) -> frozenset[int]:
        """The columns in which a state may leave a row: nothing else stands or passes there."""
        if last:
            return frozenset()
        ended = {id(tower) for part in parts for tower in part.ended}
        rest = [tower.strip.edges for tower in self.towers if id(tower) not in ended]
        taken = [(first - 1, end + 3) for first, end in rest]
        for part in parts:
            first, end = part.strip.edges
            beside = [column for column in part.skips if column > end]
            taken.append((first - 1, max([end, *beside]) + 1))
            taken += [(part.start[0] - 1, part.start[0] + 1)] if part.start else []
        low, high = min(first for first, _ in taken) - 6, max(end for _, end in taken) + 6
        return frozenset(
            column
            for column in range(low, high)
            if not any(first <= column <= end for first, end in taken)
        )

    def _replace(self, part: Part, block: Block) -> None:
        """Put the part's block on top of the towers that it goes on from."""
        place = self.towers.index(part.ended[0])
        lanes = {column: Lane(block) for column in part.strip.columns}
        self.towers[place] = Tower(part.strip, lanes, part.pitch, part.skips)
        for tower in part.ended[1:]:
            self.towers.remove(tower)

    def _emit(self, blocks: list[Block], parts: list[Part], extra: Cells) -> None:
        """Draw the wires of the parts, the wires that pass, and the row of nodes."""
        height = max((len(part.rows) for part in parts), default=0)
        ended = {id(tower) for part in parts for tower in part.ended}
        passing = [c for tower in self.towers if id(tower) not in ended for c in tower.live]
        gaps = [
            [straight(part.enters) for _ in range(height - len(part.rows))] + part.rows
            for part in parts
        ]
        for cells in overlay([*gaps, [straight(passing) for _ in range(height)]]):
            self.rows.append(Row(cells))
        nodes: Cells = {}
        for block in blocks:
            nodes |= states.draw(block, self._names(block))
        nodes |= {column: sign for column, sign in extra.items() if column not in nodes}
        beside = [column for part in parts for column in part.skips]
        cells = nodes | straight([*passing, *beside])
        for block in blocks:
            # What is called takes and gives no state.
            if self.asked is None:
                cells |= states.state_end(self.carried, block, cells)
        self.rows.append(Row(cells, tuple(blocks)))

    def _names(self, block: Block) -> frozenset[Break]:
        """The ellipses of a block whose name is drawn."""
        named = [item for item in block.strip.breaks if item.name]
        return frozenset(named if block.kind in SOURCES else ())


def _is_causal_window(block: Block) -> bool:
    return block.kind == "conv" and block.is_aligned and "padding=causal" in block.call


def _is_of_parts(block: Block) -> bool:
    read = {id(other) for other in block.reads}
    # Of what is called for each node on a bus, each node is a block.
    several = len(read) > 1 or block.kind.startswith(PART)
    return several and not block.is_aligned and not block.strip.is_vector


def _note_reading(part: Part, block: Block) -> None:
    """Note which blocks are read, and whether they are inputs."""
    lanes = [
        lane
        for tower in part.ended
        for column, lane in (*tower.lanes.items(), *tower.skips.items())
        if column in part.enters
    ]
    for lane in lanes:
        lane.block.is_read = True
    block.on_source = all(lane.block.kind in ("input", "tokens") for lane in lanes)
    block.reads += [lane.block for lane in lanes]
    block.is_aligned, block.seen = part.is_aligned and part.start is None, part.seen.width
    block.is_wired = part.seen.wired
