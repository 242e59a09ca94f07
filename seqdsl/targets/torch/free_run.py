"""free run → methods of the module: ``encode``, computed once, ``decode`` for each piece, and ``generate``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seqdsl.ir.free_members import Keeps
from seqdsl.ir.free_run import NoFreeRun
from seqdsl.ir.operations import Attend, Scan
from seqdsl.passes.free_run import split_free_run
from seqdsl.targets.code import Assign, Return, Run, Text, call, flat, lines, subscripted
from seqdsl.targets.emit.feeding import Fed, feeding
from seqdsl.targets.emit.free_run import FreeWriting, write_phases
from seqdsl.targets.emit.render import macros
from seqdsl.targets.torch.cells import has_parts
from seqdsl.targets.torch.emitter import TorchEmitter
from seqdsl.targets.torch.kept_attention import is_kept, name_pasts, project_once
from seqdsl.targets.torch.operations import operation
from seqdsl.targets.torch.scan import initial_state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.graph import Input, Node
    from seqdsl.model.spec import Block, ModelSpec
    from seqdsl.passes.free_run import Phases
    from seqdsl.size import Size
    from seqdsl.targets.code import Code, Statement
    from seqdsl.targets.emit.emitter import Kept
    from seqdsl.targets.emit.feeding import Feeding
    from seqdsl.targets.emit.free_run import Held, Written


_PAST = "Past"
"""What keeps all steps so far."""


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the module.

    Attributes:
        name: its name.
        takes: its parameters.
        gives: the type of its result.
        statements: its body.
    """

    name: str
    takes: tuple[str, ...]
    gives: Code
    statements: tuple[Statement, ...]

    @property
    def body(self) -> str:
        """Its lines."""
        return "\n".join(line for item in self.statements for line in lines(item, 8))


@dataclass(frozen=True, slots=True)
class Generation:
    """What a template writes of a free run.

    Attributes:
        encode: what is computed once; ``None``: nothing is.
        decode: what is computed for a piece.
        begin: the statements that come before the loop of ``generate``.
        advance: the statements that compute a piece.
        inputs: the parameters of ``generate`` that are not fed.
        fed: the inputs that are, and how.
        phases: the specifications, for what is made of their layers.
        limits: what has rows for so many steps only, and how many.
        has_state: whether a piece gives the state with which the next one begins.
    """

    encode: Method | None
    decode: Method
    begin: str
    advance: Sequence[Statement]
    inputs: tuple[tuple[str, str], ...]
    fed: tuple[Feeding, ...]
    phases: Phases
    limits: tuple[tuple[str, Size], ...]
    has_state: bool

    @property
    def takes(self) -> list[str]:
        """The parameters of ``generate`` for what is not fed."""
        return [f"{name}: Tensor" for name, _ in self.inputs]

    @property
    def choose(self) -> str:
        """The function that chooses ids."""
        return chooser(self.fed[0])

    @property
    def width(self) -> str:
        """How many ids there are."""
        return str(self.fed[0].width)

    def advanced(self, indent: int) -> str:
        """The lines that compute a piece."""
        return "\n".join(line for item in self.advance for line in lines(item, indent))


def write_free_run(spec: ModelSpec, to: TorchEmitter) -> Generation | None:
    """The methods of a free run; ``None`` if nothing is fed back, or the rows of a batch are.

    Args:
        spec: the model.
        to: what was written of it; the layers and functions that the methods need are added.
    """
    try:
        phases = split_free_run(spec, frozenset(Keeps))
    except NoFreeRun:
        return None
    if phases is None:
        return None
    once, step = (_emitter(item, to) for item in (phases.once, phases.step))
    written = write_phases(phases, once, step, _HOW)
    fed = feeding(phases, written)
    to.functions |= {chooser(item) for item in fed if item.is_id}
    return _Methods(phases, written, fed, to).generation()


@dataclass(frozen=True, slots=True)
class _Methods:
    """Makes the methods of what is written.

    Attributes:
        phases: the specifications.
        written: their statements.
        fed: how the inputs are fed.
        to: what was written of the module.
    """

    phases: Phases
    written: Written
    fed: tuple[Feeding, ...]
    to: TorchEmitter

    def generation(self) -> Generation:
        """The methods."""
        encode = self._encode()
        begin = [*self._encoded(encode), *self._nothing_kept()]
        fed = {item.name for item in self.fed}
        inputs = (item for item in self.phases.whole.inputs if item.name not in fed)
        return Generation(
            encode,
            self._decode(),
            "\n".join(line for item in begin for line in lines(item, 8)),
            self._advance(),
            tuple((item.name, _described(item)) for item in inputs),
            self.fed,
            self.phases,
            tuple((name, self.to.size(size)) for name, size in self.written.limits),
            bool(self.written.states),
        )

    def _began(self) -> list[Held]:
        """The states that are something at first."""
        return [item for item in self.written.states if item.first is not None]

    def _encode(self) -> Method | None:
        heads = [item for item in self.written.heads if item is not None]
        began, passed = self._began(), self.written.passed
        begun = self.written.begun
        values = [*heads, *map(Text, passed), *(item.first for item in began if item.first)]
        values += [item.name for item in begun]
        if not values:
            return None
        types = ["Tensor"] * (len(heads) + len(passed)) + [_kind(item.node) for item in began]
        types += [_PAST] * len(begun)
        takes = (f"{item.name}: Tensor" for item in self.phases.once.inputs)
        statements = (*self.written.once, Return(tuple(values)))
        return Method("encode", ("self", *takes), _types(types), statements)

    def _encoded(self, encode: Method | None) -> list[Statement]:
        """The call of ``encode``."""
        if encode is None:
            return []
        heads = [item.variable for item in self.fed if item.has_head]
        names = [*heads, *self.written.passed, *(item.name for item in self._began())]
        names += [item.name.text for item in self.written.begun]
        inputs = [item.name for item in self.phases.once.inputs]
        return [Assign(tuple(map(Text, names)), call("self.encode", *inputs))]

    def _nothing_kept(self) -> list[Statement]:
        """The states that are zero at first, which PyTorch's layers know as None, and what is empty."""
        statements: list[Statement] = [
            Assign((Text(item.name),), Text("None"), f"{_kind(item.node)} | None")
            for item in self.written.states
            if item.first is None
        ]
        statements += [Assign((item.name,), item.empty) for item in self.written.pasts]
        if self.written.begin:
            statements.append(Assign((Text(self.written.begin),), Text("0")))
        return statements

    def _decode(self) -> Method:
        written = self.written
        passed = (*written.given, *written.passed)
        takes = [f"{item.name}: Tensor" for item in self.phases.step.inputs]
        takes += [f"{name}: Tensor" for name in passed]
        takes += [f"{item.name}: {_taken_kind(item)}" for item in written.states]
        takes += [f"{item.name.text}: {_PAST}" for item in (*written.begun, *written.pasts)]
        takes += [f"{written.begin}: int"] if written.begin else []
        types = ["Tensor"] * len(written.values) + [_kind(item.node) for item in written.states]
        values = (*written.values, *(item.after for item in written.states))
        return Method("decode", ("self", *takes), _types(types), (*written.step, Return(values)))

    def _advance(self) -> list[Statement]:
        """The call of ``decode``."""
        written = self.written
        states = [item.name for item in written.states]
        fed = [item.name for item in self.fed]
        kept = [*states, *(item.name for item in (*written.begun, *written.pasts))]
        kept += [written.begin] if written.begin else []
        given = call("self.decode", *fed, *written.given, *written.passed, *kept)
        variables = [item.variable for item in self.fed]
        statements: list[Statement] = [Assign(tuple(map(Text, [*variables, *states])), given)]
        if written.begin:
            # The next piece begins behind this one.
            statements.append(Run(Text(f"{written.begin} += {fed[0]}.shape[1]")))
        return statements


def _taken_kind(held: Held) -> str:
    return f"{_kind(held.node)} | None" if held.first is None else _kind(held.node)


def statements_of(run: Generation | None) -> tuple[Statement, ...]:
    """The statements of the methods."""
    if run is None:
        return ()
    once = () if run.encode is None else run.encode.statements
    return (*once, *run.decode.statements)


def with_steps(spec: ModelSpec, run: Generation | None) -> ModelSpec:
    """A specification with the nodes of both phases, for what is made of all that is run."""
    if run is None:
        return spec
    return replace(spec, nodes=(*spec.nodes, *run.phases.once.nodes, *run.phases.step.nodes))


def is_functional(run: Generation | None) -> bool:
    """Whether ``generate`` calls functions of ``torch.nn.functional``: for one-hot codes."""
    return run is not None and any(item.how is Fed.ONE_HOT for item in run.fed)


def generation(run: Generation | None) -> str:
    """The text of the methods."""
    return "" if run is None else str(macros("torch", "free_run").methods(run)).rstrip()


def chooser(fed: Feeding) -> str:
    """The function of the module that chooses ids."""
    return "choose_probable" if fed.is_probability else "choose_id"


def _described(item: Input) -> str:
    """What an argument is."""
    axes = ", ".join(
        ["batch", *("steps" for _ in item.shape[:1] if len(item.shape) > 1 or item.vocabulary)]
    )
    if item.vocabulary is not None:
        return f"ids, ({axes})" if item.shape else "ids, (batch,)"
    return f"values, ({axes}, features)"


def _emitter(spec: ModelSpec, to: TorchEmitter) -> TorchEmitter:
    """An emitter that adds to the layers and functions of another one."""
    # `encode` and `decode` call the layers that `forward` has: nothing is trained twice.
    made = TorchEmitter(spec, rows=to.rows)
    made.used, made.stacks, made.packed = to.used, to.stacks, to.packed
    made.functions, made.paddings = to.functions, to.paddings
    return made


def _kind(node: Node) -> str:
    """The type of a node's state."""
    return (
        "tuple[Tensor, Tensor]"
        if isinstance(node.operation, Scan) and has_parts(node)
        else "Tensor"
    )


def _types(types: Sequence[str]) -> Code:
    return Text(types[0]) if len(types) == 1 else subscripted("tuple", *map(Text, types))


def _begin(node: Block, to: TorchEmitter) -> Code:
    assert node.initial is not None
    return initial_state(node, node.initial, to)


def _zeros(name: str, node: Node, is_optional: bool, to: TorchEmitter) -> None:
    """What a convolution reads before its first step."""
    assert node.layer is not None
    # As in `forward`, where the zeros are padding: of the first steps a causal window reads nothing else.
    state = next(item for item in to.graph.states if item.block == node.index)
    batch = f"{to.graph.inputs[0].name}.shape[0]"
    sizes = ", ".join(flat(Text(str(to.size(size)))) for size in state.shape)
    zeros = f"next(self.parameters()).new_zeros({batch}, {sizes})"
    to.assign(Text(name), Text(f"{zeros} if {name} is None else {name}" if is_optional else zeros))


def _project(node: Block, to: TorchEmitter) -> None:
    """Project what an attention reads, if it projects it at all."""
    assert isinstance(node.operation, Attend)
    if is_kept(node, to):
        project_once(node, node.operation, to)


def _name_pasts(node: Block, to: TorchEmitter) -> dict[str, Kept]:
    assert isinstance(node.operation, Attend)
    return name_pasts(node, node.operation, to)


_HOW = FreeWriting(operation, _begin, _zeros, _project, _name_pasts)
