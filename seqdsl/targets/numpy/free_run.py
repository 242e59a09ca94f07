"""free run → methods of the class: ``encode``, computed once, ``decode`` for each piece, and ``generate``.

``generate`` refuses arguments that do not fit, as ``predict`` does; the two others are given what fits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seqdsl.ir.free_members import Keeps
from seqdsl.targets.code import Assign, Index, Text, call, lines, tuple_of
from seqdsl.targets.emit.block_steps import block_step
from seqdsl.targets.emit.feeding import Fed
from seqdsl.targets.emit.free_run import write_phases
from seqdsl.targets.emit.generation import statements_of, write_generation
from seqdsl.targets.emit.phases import split
from seqdsl.targets.emit.render import macros
from seqdsl.targets.emit.several import Several
from seqdsl.targets.numpy.free_steps import HOW, emitter_of, piece_emitter, precision, with_names
from seqdsl.targets.numpy.inputs import read_inputs

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.ir.graph import Input
    from seqdsl.model.spec import ModelSpec
    from seqdsl.passes.free_run import Phases
    from seqdsl.targets.code import Statement
    from seqdsl.targets.emit.feeding import Feeding
    from seqdsl.targets.emit.generated import Generation, Method
    from seqdsl.targets.numpy.emitter import NumpyEmitter


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


@dataclass(frozen=True, slots=True)
class BlockRun:
    """The method of a picture that is called, for a piece."""

    method: Method

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All that is computed."""
        return self.method.statements

    def __str__(self) -> str:
        """The text of the method."""
        return str(macros("numpy", "free_run").block(self.method)).rstrip()


def phases_of(spec: ModelSpec, prepare: Callable[[ModelSpec], ModelSpec]) -> Phases | None:
    """The phases of a free run; ``None`` if nothing is fed back, or the rows of a batch are.

    Args:
        spec: the model.
        prepare: what is made of each model before it is written.
    """
    return split(spec, prepare, frozenset(Keeps))


def write_step(phases: Phases | None, to: NumpyEmitter) -> BlockRun | None:
    """The method of a picture that is called, for a piece; ``None`` if it does not go on by itself.

    Args:
        phases: the phases of the picture.
        to: what was written of it.
    """
    if phases is None:
        return None
    once, step = (piece_emitter(item, to, phases) for item in (phases.once, phases.step))
    written = write_phases(phases, once, step, HOW.phases)
    made, to.classes.steps[phases.whole.name] = block_step("decode", phases, written, step, HOW)
    return BlockRun(with_names(made, phases.step.inputs, step))


def write_free_run(phases: Phases | None, to: NumpyEmitter) -> Run | None:
    """The methods of a free run; ``None`` if there is none.

    Args:
        phases: what is computed once, and what for each piece.
        to: what was written of the model; the weights and functions that the methods need are added.
    """
    if phases is None:
        return None
    once, step = (piece_emitter(item, to, phases) for item in (phases.once, phases.step))
    run = write_generation(phases, once, step, HOW)
    checks = _checks(run, to)
    fed = tuple(zip(run.fed, phases.run.fed, strict=True))
    methods = replace(
        run,
        encode=run.encode and with_names(run.encode, phases.once.inputs, once),
        decode=with_names(run.decode, phases.step.inputs, step),
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
    checks = emitter_of(replace(once, inputs=inputs, states=()), to)
    vectors = any(item.vocabulary is None for item in inputs)
    if checks.dtype != _HELD and not vectors:
        checks.statements.append(_started(run, to))
    read_inputs(checks)
    return checks


def _started(run: Generation, to: NumpyEmitter) -> Statement:
    """How precise numbers are where nothing but what is fed first says so."""
    values = [item for item in run.fed if item.how is Fed.VALUE]
    start = "start" if len(run.fed) == 1 else f'start["{values[0].key}"]' if values else ""
    return precision([start] if values else [], to)


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
