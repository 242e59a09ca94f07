"""free run → methods of the class: ``encode``, computed once, ``decode`` for each piece, and ``generate``.

``generate`` refuses arguments that do not fit, as ``predict`` does; the two others are given what fits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seqdsl.ir.operations import Scan
from seqdsl.targets.code import Assign, Index, Text, call, lines, paths, roots, tuple_of
from seqdsl.targets.emit.feeding import Fed
from seqdsl.targets.emit.free_run import FreeWriting
from seqdsl.targets.emit.generated import MethodWriting
from seqdsl.targets.emit.generation import split, statements_of, write_generation
from seqdsl.targets.emit.render import macros
from seqdsl.targets.numpy.emitter import NumpyEmitter, free_name
from seqdsl.targets.numpy.inputs import read_inputs
from seqdsl.targets.numpy.operations import operation
from seqdsl.targets.numpy.scan import initial_state

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seqdsl.ir.graph import Input, Node
    from seqdsl.model.spec import Block, ModelSpec
    from seqdsl.targets.code import Code, Statement
    from seqdsl.targets.emit.feeding import Feeding
    from seqdsl.targets.emit.generated import Generation, Method


@dataclass(frozen=True, slots=True)
class Run:
    """The methods, and what ``generate`` computes by itself.

    Attributes:
        methods: the methods.
        prompt: makes what is fed first of ``start``.
        code: makes one-hot codes of ids, where they are fed.
        choose: the function that chooses ids.
    """

    methods: Generation
    prompt: Statement
    code: Statement | None
    choose: str

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All that is computed."""
        own = (self.prompt,) if self.code is None else (self.prompt, self.code)
        return (*statements_of(self.methods), *self.methods.begin, *own)

    def __str__(self) -> str:
        """The text of the methods."""
        return str(macros("numpy", "free_run").methods(self.methods, self)).rstrip()

    def prompted(self, indent: int) -> str:
        """The lines that make what is fed first."""
        return "\n".join(lines(self.prompt, indent))

    def coded(self, indent: int) -> str:
        """The lines that make codes."""
        return "" if self.code is None else "\n".join(lines(self.code, indent))


def write_free_run(spec: ModelSpec, to: NumpyEmitter) -> Run | None:
    """The methods of a free run; ``None`` if nothing is fed back, or the rows of a batch are.

    Args:
        spec: the model.
        to: what was written of it; the weights and functions that the methods need are added.
    """
    phases = split(spec)
    if phases is None:
        return None
    once, step = (_emitter(item, to) for item in (phases.once, phases.step))
    run = write_generation(phases, once, step, _HOW)
    checks = _checks(run, to)
    (fed,), (item,) = run.fed, phases.run.fed
    choose = "choose_probable" if fed.is_probability else "choose_id"
    choose = to.function(choose) if fed.is_id else ""
    methods = replace(
        run,
        encode=run.encode and _with_names(run.encode, phases.once.inputs, once),
        decode=_with_names(run.decode, phases.step.inputs, step),
        begin=(*checks.statements, *run.begin),
    )
    name = Text(fed.name)
    codes = Index(call("np.eye", to.size(fed.width), dtype=checks.dtype), fed.name)
    code = Assign((name,), codes) if fed.how is Fed.ONE_HOT else None
    return Run(methods, Assign((name,), _prompt(item, fed, checks)), code, choose)


def _emitter(spec: ModelSpec, to: NumpyEmitter) -> NumpyEmitter:
    """An emitter that adds to the weights and functions of another one."""
    # `encode` and `decode` read the weights that `predict` does.
    made = to.within(spec)
    made.used = to.used
    return made


def _with_names(method: Method, inputs: Iterable[Input], to: NumpyEmitter) -> Method:
    """A method that begins with the names that it reads: the weights, and what all numbers are made of."""
    read = roots(paths(method.statements))
    first: list[Statement] = []
    if to.weights_name in read:
        first.append(
            Assign((Text(to.weights_name),), Text(f"self.{free_name('weights', to.graph)}"))
        )
    if to.dtype in read:
        vectors = (item.name for item in inputs if item.vocabulary is None)
        first.append(_precision(vectors, to))
    return replace(method, statements=(*first, *method.statements))


def _precision(names: Iterable[str], to: NumpyEmitter) -> Statement:
    """What all numbers are made of, of a model without weights."""
    return Assign((Text(to.dtype),), call(to.function("dtype_of"), *names))


def _checks(run: Generation, to: NumpyEmitter) -> NumpyEmitter:
    """What has written the statements that refuse inputs which ``encode`` cannot be given."""
    # steps = tokens(40): generate(self, steps_2, *, start, steps) checks `steps_2`.
    once, fed = run.phases.once, {item.name for item in run.phases.run.fed}
    others = [item.name for item in run.phases.whole.inputs if item.name not in fed]
    local = dict(zip(others, [name for name, _ in run.inputs], strict=True))
    # What is fed is checked as the prompt that it is.
    given = (item for item in once.inputs if item.name in local)
    inputs = tuple(replace(item, name=local[item.name]) for item in given)
    checks = _emitter(replace(once, inputs=inputs, states=()), to)
    vectors = [item.name for item in inputs if item.vocabulary is None]
    if checks.dtype != _HELD and not vectors:
        # Nothing else says how precise the numbers are.
        checks.statements.append(_precision(["start"] if run.fed[0].how is Fed.VALUE else [], to))
    read_inputs(checks)
    return checks


_HELD = "self.dtype"


def _prompt(item: Input, fed: Feeding, to: NumpyEmitter) -> Code:
    """What is fed first: a call of ``_prompt`` within one that checks what it gives."""
    axes = 2 if fed.is_id else 3
    start = call(to.function("prompt"), "start", axes)
    if fed.is_id:
        count = to.size(fed.width)
        return call(to.function("tokens"), '"start"', start, tuple_of("None"), count)
    shape = tuple_of("None", to.size(item.shape[-1]))
    return call(to.function("vectors"), '"start"', start, shape, to.dtype)


def _kind(node: Node) -> str:
    """The type of a node's state."""
    return "State" if isinstance(node.operation, Scan) else "Array"


def _begin(node: Block, to: NumpyEmitter) -> Code:
    assert node.initial is not None
    return initial_state(node, node.initial, to)


def _zeros(name: str, node: Node, is_optional: bool, to: NumpyEmitter) -> None:
    """What a convolution reads before its first step."""
    # As in `predict`, where the zeros are padding: of the first steps a causal window reads nothing else.
    state = next(item for item in to.graph.states if item.block == node.index)
    batch = f"len({to.graph.inputs[0].name})"
    shape = tuple_of(batch, *map(to.size, state.shape))
    if is_optional:
        # Only the first piece has nothing before it.
        to.assign(Text(name), call(to.function("or_zeros"), name, shape, to.dtype))
    else:
        to.assign(Text(name), call("np.zeros", shape, to.dtype))


_HOW = MethodWriting("Array", _kind, FreeWriting(operation, _begin, _zeros))
