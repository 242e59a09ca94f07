"""written free run → methods of a class: ``encode``, computed once, ``decode`` for each piece, and ``generate``.

The same for PyTorch and numpy: what they call an array, and which type a state has, is all in which they differ.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seqdsl.lowering.naming import Names
from seqdsl.targets.code import Assign, Return, Run, Text, call, subscripted
from seqdsl.targets.code.unread import without_unread, without_unread_masks
from seqdsl.targets.emit.block_steps import with_blocks
from seqdsl.targets.emit.feeding import feeding
from seqdsl.targets.emit.free_run import write_phases
from seqdsl.targets.emit.generated import Generation, Method, MethodWriting
from seqdsl.targets.emit.several import OWN as SEVERAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.graph import Input
    from seqdsl.passes.free_run import Phases
    from seqdsl.targets.code import Code, Statement
    from seqdsl.targets.emit.emitter import Emitter, Kept
    from seqdsl.targets.emit.feeding import Feeding
    from seqdsl.targets.emit.free_run import Held, Written
    from seqdsl.targets.emit.free_written import Beside

OWN = (
    "start",
    "steps",
    "temperature",
    "stop",
    "generator",
    "seed",
    "generated",
    "ids",
    "prompt",
    "seeds",
    "step",
    "encode",
    "decode",
    "choose_id",
    "choose_probable",
    "zero_steps",
    "dtype",
    "random",
    "length",
    "self",
)
"""What ``generate`` itself calls its arguments and variables: an input of such a name has another one there."""


def write_generation(
    phases: Phases, once: Emitter, step: Emitter, how: MethodWriting
) -> Generation:
    """The methods of a free run, its phases written with an emitter each."""
    written = write_phases(phases, once, step, how.phases)
    # What a step reads of a mask, `encode` returns.
    own = set(once.mask_lengths) - set(map(Text, written.passed))
    written = replace(written, once=without_unread_masks(written.once, own))
    how = with_blocks(how, step)
    return _Methods(phases, written, feeding(phases, written), how).generation()


_GRIDS: tuple[list[str], ...] = ([], ["places"], ["height", "width"])
"""What the axes of a grid are called, by how many it has."""


@dataclass(frozen=True, slots=True)
class _Methods:
    """Makes the methods of what is written.

    Attributes:
        phases: the specifications.
        written: their statements.
        fed: how the inputs are fed.
        how: how the target writes them.
    """

    phases: Phases
    written: Written
    fed: tuple[Feeding, ...]
    how: MethodWriting

    def generation(self) -> Generation:
        """The methods."""
        encode = self._encode()
        local = self._local_names()
        fed = {item.name for item in self.fed}
        whole = self.phases.whole
        inputs = [
            (item.name, self._described(item)) for item in whole.inputs if item.name not in fed
        ]
        inputs += [(item.name, "how many steps are valid, (batch,)") for item in whole.lengths]
        return Generation(
            self.how.array,
            encode,
            self._decode(),
            (*self._encoded(encode, local), *self._nothing_kept(local)),
            self._advance(local),
            tuple((local[name], what) for name, what in inputs),
            tuple(
                replace(
                    item,
                    name=local[item.name],
                    variable=local[item.variable],
                    held=", ".join(self._held(len(item.grid))),
                )
                for item in self.fed
            ),
            self.phases,
            self.written.limits,
            tuple((local[item.whole], item.ahead) for item in self.written.known),
            is_single=self.phases.run.is_single,
            reads_prompt=bool(fed & {item.name for item in self.phases.once.inputs}),
        )

    def _described(self, item: Input) -> str:
        """What an argument is: ``values, (batch, steps, features)``."""
        node = self.phases.whole.nodes[item.block]
        steps = [] if node.steps is None else ["steps"]
        is_ids = item.vocabulary is not None
        held = _GRIDS[len(node.grid)] if is_ids else self._held(len(node.grid))
        axes = ["batch", *steps, *held]
        return f"{'ids' if is_ids else 'values'}, ({', '.join(axes)}{',' * (len(axes) == 1)})"

    def _held(self, places: int) -> list[str]:
        """What the axes of a step's numbers are called."""
        # (batch, channels, height, width) in PyTorch, but (batch, places, features).
        grid = _GRIDS[places]
        features = "channels" if grid[1:] else "features"
        is_first = self.how.channels_first and bool(grid[1:])
        return [features, *grid] if is_first else [*grid, features]

    def _local_names(self) -> dict[str, str]:
        """What ``generate`` calls inputs and variables: as the picture does, where no argument of its own is so."""
        # steps = tokens(40), ids = dense(50): `generate(self, steps_2, *, start, steps)` gives `ids_2[:, -1]`.
        # Dictionaries are read with variables of their own.
        names = Names([*OWN, *(SEVERAL if len(self.fed) > 1 else ())])
        whole = self.phases.whole
        wanted = [item.name for item in whole.arguments]
        wanted += [item.variable for item in self.fed]
        wanted += [*self.written.passed, *(item.name for item in self.written.states)]
        wanted += [item.name.text for item in self._pasts()]
        wanted += [item.whole for item in self.written.known]
        wanted += [self._begin] if self._begin else []
        return {name: names.claim(name) for name in dict.fromkeys(wanted)}

    @property
    def _begin(self) -> str:
        """The number of a piece's first step, where that is read or pieces are cut; else empty."""
        return self.written.begin or ("begin" if self.written.known else "")

    def _wholes(self) -> list[str]:
        """What is known beside what is fed, where it is none of the inputs."""
        names = {item.name for item in self.phases.once.inputs} | self.written.passed.keys()
        wholes = dict.fromkeys(item.whole for item in self.written.known)
        return [name for name in wholes if name not in names]

    def _began(self) -> list[Held]:
        """The states that are something at first."""
        return [item for item in self.written.states if item.first is not None]

    def _pasts(self) -> list[Kept]:
        """What grows with each piece: first what is not empty at first."""
        return [*self.written.begun, *self.written.pasts]

    def _encode(self) -> Method | None:
        heads = [self.how.detached(item) for item in self.written.heads if item is not None]
        began, passed, wholes = self._began(), self.written.passed, self._wholes()
        values: list[Code] = [*heads, *map(Text, passed), *map(Text, wholes)]
        values += filter(None, (item.first for item in began))
        values += [item.name for item in self.written.begun]
        if not values:
            return None
        types = [self.how.array] * len(heads) + [self._passed_kind(name) for name in passed]
        types += [self.how.array] * len(wholes)
        types += [self.how.kind(item.node) for item in began]
        types += [item.kind or self.how.past for item in self.written.begun]
        once = self.phases.once
        takes = (f"{item.name}: {self.how.array}" for item in once.arguments)
        statements = without_unread([*self.written.once, Return(tuple(values))])
        return Method("encode", (self.how.owner, *takes), _types(types), statements)

    def _encoded(self, encode: Method | None, local: dict[str, str]) -> list[Statement]:
        """The call of ``encode``."""
        if encode is None:
            return []
        heads = [item.variable for item in self.fed if item.has_head]
        names = [*heads, *self.written.passed, *self._wholes()]
        names += [item.name for item in self._began()]
        names += [item.name.text for item in self.written.begun]
        inputs = [self._prompt(item, local) for item in self.phases.once.inputs]
        inputs += [local[item.name] for item in self.phases.once.lengths]
        targets = tuple(Text(local[name]) for name in names)
        return [Assign(targets, self._call("encode", inputs))]

    def _prompt(self, item: Input, local: dict[str, str]) -> str:
        """What ``encode`` is given for an input: the prompt, if that is fed, for as many samples."""
        prompt = "prompt" if self.phases.run.is_single else self.how.prompt
        if not prompt or item.feedback is None:
            return local[item.name]
        return prompt if len(self.fed) == 1 else f'prompt["{item.name}"]'

    def _nothing_kept(self, local: dict[str, str]) -> list[Statement]:
        """The states that are zero at first, and what is empty."""
        states = [item for item in self.written.states if item.first is None]
        statements = [self._zero(item, local) for item in states]
        statements += [
            Assign((Text(local[item.name.text]),), item.empty) for item in self.written.pasts
        ]
        if self._begin:
            statements.append(Assign((Text(local[self._begin]),), Text("0")))
        return statements

    def _zero(self, held: Held, local: dict[str, str]) -> Statement:
        """A state that is zero at first."""
        name = (Text(local[held.name]),)
        if self.how.zero is not None and not self.how.is_optional(held.node):
            return Assign(name, self.how.zero(held.node))
        # A layer of a class takes nothing for zero.
        return Assign(name, Text("None"), f"{self.how.kind(held.node)} | None")

    def _call(self, name: str, arguments: Sequence[str]) -> Code:
        """The call of a method."""
        before, first = self.how.prefix
        return call(f"{before}{name}", *first, *arguments)

    def _decode(self) -> Method:
        # def decode(self, z, known, memory, h, past, begin): what is fed, pieces of what is known, what stays, states
        written, array = self.written, self.how.array
        takes = [f"{item.name}: {array}" for item in self.phases.step.inputs]
        takes += [f"{item.piece}: {array}" for item in written.known]
        takes += [f"{name}: {array}" for name in written.given]
        takes += [f"{name}: {self._passed_kind(name)}" for name in written.passed]
        takes += [f"{item.name}: {self._taken_kind(item)}" for item in written.states]
        takes += [f"{item.name.text}: {item.kind or self.how.past}" for item in self._pasts()]
        takes += [f"{written.begin}: int"] if written.begin else []
        types = [array] * len(written.values)
        types += [self.how.kind(item.node) for item in written.states]
        values = (*written.values, *(item.after for item in written.states))
        statements = (*written.step, *self.how.result(values))
        return Method("decode", (self.how.owner, *takes), _types(types), statements)

    def _passed_kind(self, name: str) -> str:
        node = self.written.passed[name]
        return self.how.array if node is None else self.how.kind(node)

    def _taken_kind(self, held: Held) -> str:
        kind = self.how.kind(held.node)
        return f"{kind} | None" if held.first is None and self.how.is_optional(held.node) else kind

    def _advance(self, local: dict[str, str]) -> tuple[Statement, ...]:
        """The call of ``decode``, and the number of the next piece's first step."""
        states, begin = [item.name for item in self.written.states], self.written.begin
        fed = [item.name for item in self.fed]
        read = [*self.written.given, *self.written.passed, *states]
        read += [item.name.text for item in self._pasts()]
        read += [begin] if begin else []
        # y, h = decode(z, known[:, begin : ...], memory, h): what is fed, pieces of what is known, what stays, states
        pieces = [self._piece(item, local) for item in self.written.known]
        arguments = [*(local[name] for name in fed), *pieces, *(local[name] for name in read)]
        given = self._call("decode", arguments)
        variables = [*(item.variable for item in self.fed), *states]
        decoded = Assign(tuple(Text(local[name]) for name in variables), given)
        if not self._begin:
            return (decoded,)
        return (decoded, Run(Text(f"{local[self._begin]} += {local[fed[0]]}.shape[1]")))

    def _piece(self, item: Beside, local: dict[str, str]) -> str:
        """A piece of what is known: of the steps that the piece of what is fed has."""
        # begin    0 1 2 3        ahead 1: with an image in front of Z, what is beside its first step is the second one
        # known    c c c c c
        number, is_step = local[self._begin], self.phases.run.is_single or self.how.is_stepwise
        begin = number + (f" + {item.ahead}" if item.ahead else "")
        piece = f"{begin} + {local[self.fed[0].name]}.shape[1]"
        end = f"{number} + {item.ahead + 1}" if is_step else piece
        return f"{local[item.whole]}[:, {begin} : {end}]"


def statements_of(run: Generation | Method | None) -> tuple[Statement, ...]:
    """The statements of the methods, or of the one of a picture that is called."""
    if run is None:
        return ()
    if isinstance(run, Method):
        return run.statements
    once = () if run.encode is None else run.encode.statements
    return (*once, *run.decode.statements)


def _types(types: Sequence[str]) -> Code:
    return Text(types[0]) if len(types) == 1 else subscripted("tuple", *map(Text, types))
