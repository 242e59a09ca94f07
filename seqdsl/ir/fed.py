"""graph → problems: whether what is fed back into its inputs is a step of them, and there in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.compare import Misfit
from seqdsl.ir.free_run import NoFreeRun, find_free_run
from seqdsl.ir.inline import inlined
from seqdsl.ir.problems import Problem, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.ir.compare import Sizes
    from seqdsl.ir.graph import Graph, Input, Node


def feedback_problems(graph: Graph, sizes: Sizes) -> Iterator[Problem]:
    """Inputs that are fed with anything but a step of their own."""
    problems = [problem for item in graph.inputs for problem in _problems(item, graph, sizes)]
    yield from problems
    if problems:
        return
    try:
        find_free_run(inlined(graph)[0])
    except NoFreeRun as error:
        yield Problem(Rule.ENDS, graph.nodes[error.node].name, error.fault.value)
    except Misfit:
        # Shapes that do not fit are told of each node.
        return


# Y Y Y     input(4, feedback=Y): `Y` is a sequence of 4 features, which is fed back into `Z`, step by step
# H-H-H
# Z Z Z
def _problems(item: Input, graph: Graph, sizes: Sizes) -> Iterator[Problem]:
    if item.feedback is None:
        return
    if not 0 <= item.feedback.block < len(graph.nodes):
        yield Problem(Rule.ENDS, item.name, "there is no such node to feed it")
        return
    source, fed = graph.nodes[item.feedback.block], graph.nodes[item.block]
    if source.steps is None or fed.steps is None:
        yield Problem(Rule.ENDS, item.name, "only a sequence is fed back into a sequence")
        return
    if not _is_same_grid(source, fed, sizes):
        yield Problem(Rule.ENDS, item.name, "it is fed with steps of other places")
    # Scores of a vocabulary, of which the best is chosen, or values as they are.
    wanted = fed.features if item.vocabulary is None else item.vocabulary
    if not sizes.same(source.features, wanted):
        yield Problem(Rule.ENDS, item.name, f"it is fed with {source.features} features")
    if item.feedback.is_chosen and item.vocabulary is not None:
        yield Problem(Rule.ENDS, item.name, "ids are always chosen: `choose` is for one-hot codes")


def _is_same_grid(source: Node, fed: Node, sizes: Sizes) -> bool:
    places = zip(source.grid, fed.grid, strict=False)
    return len(source.grid) == len(fed.grid) and all(sizes.same(*pair) for pair in places)
