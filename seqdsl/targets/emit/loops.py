"""body of a loop → a Python loop over its steps, the same for all targets whose models compute as they are called.

y = start                                               what the first step reads
decoder_state = encoder_state
outputs = []
for _ in range(4):
    decoder, decoder_state = ...(y, decoder_state)      a step of each member
    y = ...(decoder)
    outputs.append(y)
y = ...(outputs)                                        the whole sequence, for what reads it
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from seqdsl.ir.changes import map_operation, map_sizes
from seqdsl.ir.expressions import Step, walk
from seqdsl.ir.operations import Attend, Scan, read_by
from seqdsl.layers import layer_def
from seqdsl.passes.loop_body import STEP, is_held, read_in_padding
from seqdsl.size import Size
from seqdsl.targets.code import For, Index, Text, call, flat, listing, method, paths, roots
from seqdsl.targets.emit.carried import carry_of, give, taken
from seqdsl.targets.emit.loop_length import length
from seqdsl.targets.emit.padding import axes_of, name_mask, named_mask, over_step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from seqdsl.ir.expressions import Expression
    from seqdsl.model.spec import Block
    from seqdsl.passes.loop_body import Body, Delay, History
    from seqdsl.targets.code import Code, Statement
    from seqdsl.targets.emit.emitter import Emitter
    from seqdsl.targets.emit.loop_steps import Steps


def write_loop(body: Body, how: Steps, to: Emitter) -> None:
    """Write the statements of a loop, with what is there before it and after it."""
    _Loop(body, how, to).write()


def loop_writer(bodies: Mapping[int, Body], how: Steps) -> Callable[[int, Any], bool]:
    """What writes the loop that a node stands for, and says whether there is one."""

    def write(index: int, to: Any) -> bool:
        if index in bodies:
            write_loop(bodies[index], how, to)
        return index in bodies

    return write


class _Loop:
    def __init__(self, body: Body, how: Steps, to: Emitter) -> None:
        self.body, self.how, self.to = body, how, to
        # All loops of a model call it the same.
        self.name = to.step = to.step or to.names.claim("step")
        self.nodes = tuple(map(self._at_step, body.nodes))
        self.states: dict[int, Code] = {}
        self.lists: dict[int, Code] = {}
        # The variables of a value of several steps before, the oldest first.
        self.chains: dict[int, list[Code]] = {}
        # Whether a step is valid, by the node of which it is one.
        self.valid: dict[int, Code] = {}
        self.zeroed = read_in_padding(body)

    def _at_step(self, node: Block) -> Block:
        """A node of the body, whose expressions have the step by its name."""
        operation = map_operation(node.operation, self._local)
        return replace(node, operation=operation)

    def _local(self, expression: Expression) -> Expression:
        return map_sizes(expression, lambda size: size.subs({str(STEP): Size.of(self.name)}))

    def write(self) -> None:
        to = self.to
        self._before()
        whole, to.statements = to.statements, []
        kept = [dict(cache) for cache in to.caches()]
        for node in self.nodes:
            self._node(node)
        for member in self.body.collected:
            value = to.values[self._number(member)]
            to.run(method(self.lists[member], "append", value))
        for delay in self.body.delays:
            self._go_on(delay)
        inner, to.statements = to.statements, whole
        # What was written in the loop holds for one of its steps.
        for cache, before in zip(to.caches(), kept, strict=True):
            cache.clear()
            cache.update(before)
        to.apart.clear()
        is_read = any(self.name in _words(item) for item in inner)
        target = self.name if is_read else "_"
        steps = call("range", length(self.body.count, to))
        to.statements.append(For(target, steps, tuple(inner)))
        self._after()

    def _number(self, member: int) -> int:
        return next(number for number, index in self.body.members.items() if index == member)

    # Before the loop: what does not depend on it, what is zero or known at the first step, states.

    def _before(self) -> None:
        to, how = self.to, self.how
        for expression in self.body.outer:
            how.emit(expression, to)
        for node in self.nodes:
            if node.index in self.body.members:
                name_mask(to.graph.nodes[self.body.member(node.index)], to, how.masks)
        for delay in self.body.delays:
            self._begin_delay(delay)
        for history in self.body.histories:
            self._begin_history(history)
        self._begin_nodes()
        for member in self.body.collected:
            name = to.graph.nodes[member].name
            self.lists[member] = to.name(f"{name}_steps", listing())
        if how.apart is not None:
            self._take_apart(how.apart)

    def _begin_nodes(self) -> None:
        """Write what a memory comes to, once for all steps, and the states that the first step begins with."""
        to, how = self.to, self.how
        for node in self.nodes:
            if how.project is not None and self._reads_memory(node):
                how.project(node, to)
            if isinstance(node.operation, Scan):
                is_masked = self.body.member(node.index) in to.masks
                taken_of = to.graph.nodes[self.body.member(node.index)]
                self.states[node.index] = how.begin(node, taken(taken_of, to), is_masked, to)

    def _reads_memory(self, node: Block) -> bool:
        """Whether a node attends to what is there before the loop, as a whole."""
        return isinstance(node.operation, Attend) and node.operation.memory in self.body.outer

    def _take_apart(self, apart: Callable[[Code], Code]) -> None:
        """Give each sequence that is read step by step a variable of its steps."""
        to = self.to
        read = {
            item.of
            for node in self.body.nodes
            for view in read_by(node.operation)
            for item in walk(view)
            if isinstance(item, Step) and str(STEP) in item.index.names
        }
        for expression in self.body.outer:
            value = self.how.emit(expression, to)
            if expression in read and value not in to.apart:
                # x_steps = x.unbind(1), of which a step is x_steps[step]
                wanted = value.text if isinstance(value, Text) else "all"
                to.apart[value] = to.name(f"{wanted}_steps", apart(value))

    def _begin_delay(self, delay: Delay) -> None:
        node = self._of(delay.of)
        if delay.in_place:
            value = self._start(delay.start[0], node)
            self.to.values[delay.node] = self.to.assign(Text(node.name), value)
            return
        # The value of three steps before is at first that for step 0; those for steps 1 and 2 come after it.
        chain = [
            self.to.name(f"{node.name}_before", self._start(start, node)) for start in delay.start
        ]
        self.chains[delay.node] = chain
        self.to.values[delay.node] = chain[0]

    def _start(self, start: Expression | None, node: Block) -> Code:
        is_ids = layer_def(node.kind).gives_ids
        if start is None:
            return self.how.no_ids(node.grid, self.to) if is_ids else self._zeros(node)
        # Ids have no axis of features: a lookup reads them as they are.
        see = self.how.masks.emit_ids if is_ids else self.how.emit
        return see(self._local(start), self.to)

    def _zeros(self, node: Block) -> Code:
        return self.how.zeros(None, node.features, node.grid, self.to)

    def _begin_history(self, history: History) -> None:
        stand, to = self.to.graph.nodes[history.node], self.to
        # Neither windows of steps nor attention read grids.
        if history.window is None:
            value = self.how.zeros(Size.of(0), stand.features, (), to)
        elif history.before is None:
            value = self.how.zeros(history.window, stand.features, (), to)
        else:
            # A window drops its oldest step before it takes a new one: at first there is one too many.
            one = self.how.zeros(Size.of(1), stand.features, (), to)
            value = self.how.emit(history.before, to)
            value = self.how.joined([one, value])
        wanted = "past" if history.window is None else "window"
        to.values[history.node] = to.name(wanted, value)

    # In the loop.

    def _node(self, node: Block) -> None:
        to, how = self.to, self.how
        for history in self.body.histories:
            if history.reader == node.index:
                self._put_behind(history)
        mask = to.masks.get(self.body.members.get(node.index, -1))
        valid = None if mask is None else named_mask(Index(mask, f":, {self.name}"), to)
        if valid is not None:
            self.valid[node.index] = valid
        if isinstance(node.operation, Scan):
            value = how.emit(node.operation.operand, to)
            is_zero = how.step(node, value, self.states[node.index], valid, to)
        else:
            is_zero = False
            how.operation(node, to)
            self._keep(node)
        if valid is not None and not is_zero and node.index in self.zeroed:
            value = how.masks.zeroed(to.values[node.index], valid, axes_of(node))
            to.values[node.index] = to.assign(Text(node.name), value)

    def _keep(self, node: Block) -> None:
        """Give a node that only passes on an earlier value a variable of its own."""
        # p is y of the step before: while it is read, and carried on to the next step, y becomes that of this step.
        to = self.to
        value = to.values[node.index]
        earlier = {flat(name) for names in self._variables() for name in names}
        if value != Text(node.name) and roots(paths([value])) & earlier:
            to.values[node.index] = to.assign(Text(node.name), value)

    def _variables(self) -> Iterator[Sequence[Code]]:
        """The variables of the values of earlier steps."""
        for delay in self.body.delays:
            yield self.chains.get(delay.node, [self.to.values[delay.node]])

    def _put_behind(self, history: History) -> None:
        to = self.to
        kept = to.values[history.node]
        older = kept if history.window is None else Index(kept, ":, 1:")
        value = self.how.emit(self._local(history.of), to)
        mask = next((to.masks[one] for one in self.body.members.values() if one in to.masks), None)
        if mask is not None and is_held(history, self.body):
            # A window reads zero at a padded step, and not what was there before.
            here = named_mask(Index(mask, f":, {self.name}"), to)
            value = self.how.masks.zeroed(value, here, axes_of(to.graph.nodes[history.node]))
        to.assign(kept, self.how.joined([older, self.how.one_step(value)]))

    def _go_on(self, delay: Delay) -> None:
        """Write that the value of this step is that of the step before from now on."""
        chain = self.chains.get(delay.node)
        value = self.to.values[delay.of]
        if delay.is_held and chain is not None:
            # In a padded step what was there last stays.
            valid, axes = self.valid[delay.of], axes_of(self._of(delay.of))
            if axes:
                valid = Index(valid, over_step(axes))
            value = self.how.where(valid, value, chain[-1])
        if chain is not None:
            self.to.unpack(tuple(chain), _listed([*chain[1:], value]))
        elif value != Text(self._of(delay.of).name):
            # One variable is both: it is given the value.
            self.to.assign(Text(self._of(delay.of).name), value)

    def _of(self, number: int) -> Block:
        return next(node for node in self.nodes if node.index == number)

    # After the loop.

    def _after(self) -> None:
        to = self.to
        for member in self.body.collected:
            name = Text(to.graph.nodes[member].name)
            to.values[member] = to.assign(name, self.how.stacked(self.lists[member]))
        for number, state in self.states.items():
            member = self.body.member(number)
            last: Code | None = to.values[number]
            if member in self.body.collected:
                last = Index(to.values[member], ":, -1")
            # The last step of a masked member may be padding: then its output is zero.
            self.how.end(to.graph.nodes[member], state, None if member in to.masks else last, to)
            if carry_of(self._of(number)).is_given:
                give(to.graph.nodes[member], self.how.parts(self._of(number), state), to)
        for history in self.body.histories:
            if history.state_of is not None:
                # Of a window of three steps, the next call reads the last two.
                window = Index(to.values[history.node], ":, 1:")
                give(to.graph.nodes[history.state_of], (window,), to)


def _listed(items: list[Code]) -> Code:
    return items[0] if len(items) == 1 else Text(", ".join(map(flat, items)))


def _words(statement: Statement) -> set[str]:
    return roots(paths([statement]))
