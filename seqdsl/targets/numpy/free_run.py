"""free run → methods of the class: ``encode``, computed once, ``decode`` for each piece, and ``generate``.

``generate`` refuses arguments that do not fit, as ``predict`` does; the two others are given what fits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seqdsl.ir.free_members import Keeps
from seqdsl.ir.layers import gives_ids
from seqdsl.ir.operations import Attend, Scan
from seqdsl.targets.code import Assign, Index, Text, call, lines, paths, roots, tuple_of
from seqdsl.targets.emit.feeding import Fed
from seqdsl.targets.emit.free_run import FreeWriting
from seqdsl.targets.emit.generated import MethodWriting
from seqdsl.targets.emit.generation import statements_of, write_generation
from seqdsl.targets.emit.kept_attention import is_kept, name_pasts
from seqdsl.targets.emit.phases import split
from seqdsl.targets.emit.render import macros
from seqdsl.targets.emit.several import Several
from seqdsl.targets.numpy.emitter import NumpyEmitter, free_name
from seqdsl.targets.numpy.expressions import emit
from seqdsl.targets.numpy.inputs import read_inputs
from seqdsl.targets.numpy.kept_attention import project_once
from seqdsl.targets.numpy.masks import SPELLING, emit_ids
from seqdsl.targets.numpy.operations import operation
from seqdsl.targets.numpy.scan import initial_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from seqdsl.ir.graph import Input, Node
    from seqdsl.model.spec import Block, ModelSpec
    from seqdsl.passes.free_run import Phases
    from seqdsl.targets.code import Code, Statement
    from seqdsl.targets.emit.feeding import Feeding
    from seqdsl.targets.emit.generated import Generation, Method


@dataclass(frozen=True, slots=True)
class Run:
    """The methods, and what ``generate`` computes by itself.

    Attributes:
        methods: the methods.
        prompts: makes what is fed first of ``start``, for each input.
        codes: makes one-hot codes of ids, where they are fed.
        choosers: for each input, the function that chooses ids; empty: it is fed with values.
    """

    methods: Generation
    prompts: tuple[Statement, ...]
    codes: tuple[Statement, ...]
    choosers: tuple[str, ...]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All that is computed."""
        run = self.methods
        return (*statements_of(run), *run.begin, *self.prompts, *self.codes)

    def __str__(self) -> str:
        """The text of the methods."""
        several = ""
        if len(self.prompts) > 1:
            made = macros("numpy", "free_several").generate(Several.of(self.methods), self)
            several = str(made).rstrip()
        return str(macros("numpy", "free_run").methods(self.methods, self, several)).rstrip()

    @property
    def choose(self) -> str:
        """The function that chooses the ids of the first input."""
        return self.choosers[0]

    def prompted(self, indent: int) -> str:
        """The lines that make what is fed first."""
        return "\n".join(line for item in self.prompts for line in lines(item, indent))

    def coded(self, indent: int) -> str:
        """The lines that make codes."""
        return "\n".join(line for item in self.codes for line in lines(item, indent))


def write_free_run(
    spec: ModelSpec, to: NumpyEmitter, prepare: Callable[[ModelSpec], ModelSpec]
) -> Run | None:
    """The methods of a free run; ``None`` if nothing is fed back, or the rows of a batch are.

    Args:
        spec: the model.
        to: what was written of it; the weights and functions that the methods need are added.
        prepare: what is made of each model before it is written.
    """
    phases = split(spec, prepare, frozenset(Keeps))
    if phases is None:
        return None
    once, step = (_emitter(item, to) for item in (phases.once, phases.step))
    run = write_generation(phases, once, step, _HOW)
    checks = _checks(run, to)
    fed = tuple(zip(run.fed, phases.run.fed, strict=True))
    methods = replace(
        run,
        encode=run.encode and _with_names(run.encode, phases.once.inputs, once),
        decode=_with_names(run.decode, phases.step.inputs, step),
        begin=(*checks.statements, *run.begin),
    )
    return Run(
        methods,
        tuple(_prompted(feed, item, phases, checks) for feed, item in fed),
        tuple(_code(feed, checks) for feed, _ in fed if feed.how is Fed.ONE_HOT),
        tuple(_chooser(feed, to) for feed, _ in fed),
    )


def _chooser(fed: Feeding, to: NumpyEmitter) -> str:
    """The function that chooses ids, if they are."""
    if not fed.is_id:
        return ""
    return to.function("choose_probable" if fed.is_probability else "choose_id")


def _code(fed: Feeding, to: NumpyEmitter) -> Statement:
    """``z = np.eye(9, dtype=weights.dtype)[z]``."""
    codes = Index(call("np.eye", to.size(fed.width), dtype=to.dtype), fed.name)
    return Assign((Text(fed.name),), codes)


def _emitter(spec: ModelSpec, to: NumpyEmitter) -> NumpyEmitter:
    """An emitter that adds to the weights and functions of another one."""
    # `encode` and `decode` read the weights that `predict` does.
    made = to.within(spec)
    made.used, made.parts = to.used, to.parts
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
    whole = run.phases.whole
    others = [item.name for item in whole.arguments if item.name not in fed]
    local = dict(zip(others, [name for name, _ in run.inputs], strict=True))
    # What is fed is checked as the prompt that it is.
    given = (item for item in once.inputs if item.name in local)
    inputs = tuple(replace(item, name=local[item.name]) for item in given)
    checks = _emitter(replace(once, inputs=inputs, states=()), to)
    vectors = any(item.vocabulary is None for item in inputs)
    if checks.dtype != _HELD and not vectors:
        checks.statements.append(_started(run, to))
    read_inputs(checks)
    return checks


def _started(run: Generation, to: NumpyEmitter) -> Statement:
    """How precise numbers are where nothing but what is fed first says so."""
    values = [item for item in run.fed if item.how is Fed.VALUE]
    start = "start" if len(run.fed) == 1 else f'start["{values[0].key}"]' if values else ""
    return _precision([start] if values else [], to)


_HELD = "self.dtype"


def _prompted(fed: Feeding, item: Input, phases: Phases, to: NumpyEmitter) -> Statement:
    """What is fed first: a call of ``_prompt`` within one that checks what it gives."""
    # z = _tokens("start", _prompt(start, 2), (None,), 9), or prompt["z"] = ... of several, each with its own start
    start, name, target = "start", '"start"', "prompt" if phases.run.is_single else fed.name
    if len(phases.run.fed) > 1:
        start, target = f'start["{fed.key}"]', f'prompt["{fed.key}"]'
        name = f'"the start of {fed.key}"'
    read = call(to.function("prompt"), start, fed.axes)
    if fed.is_id:
        value = call(to.function("tokens"), name, read, tuple_of("None"), to.size(fed.width))
    else:
        shape = tuple_of("None", *map(to.size, item.shape[1:]))
        value = call(to.function("vectors"), name, read, shape, to.dtype)
    return Assign((Text(target),), value)


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
        dtype = 'np.dtype("int32")' if gives_ids(node.kind) else to.dtype
        to.assign(Text(name), call(to.function("or_zeros"), name, shape, dtype))
    else:
        to.assign(Text(name), call("np.zeros", shape, to.dtype))


def _project(node: Block, to: NumpyEmitter) -> None:
    """Project what an attention reads, if it projects it at all."""
    assert isinstance(node.operation, Attend)
    if is_kept(node, to):
        project_once(node, node.operation, to)


def _last_valid(value: Code, mask: Code, before: Code | None, to: NumpyEmitter) -> Code:
    """A value whose padded steps are what was last valid."""
    start = () if before is None else (before,)
    return call(to.function("last_valid"), value, mask, *start)


_HOW = MethodWriting(
    "Array",
    _kind,
    FreeWriting(
        operation,
        _begin,
        _zeros,
        emit,
        emit_ids,
        SPELLING,
        _last_valid,
        ":, -1",
        _project,
        name_pasts,
    ),
    past="_Past",
)
