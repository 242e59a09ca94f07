"""module that draws random numbers in `forward` → whether what it does depends on them.

Numbers that stay numbers are values like any others, of which the language has none (`choices`). A single number may
decide what is done: `seqdsl.importers.draws` says which numbers are tried.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import torch
from torch.overrides import TorchFunctionMode

from seqdsl.importers import draws
from seqdsl.importers.draws import Drawn
from seqdsl.importers.torch.calls import Call
from seqdsl.importers.torch.nodes import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from torch import nn

    from seqdsl.importers.draws import Chosen, Draws
    from seqdsl.importers.torch.draft import Draft


class Ends(TorchFunctionMode):
    """Makes PyTorch's functions draw the smallest or the largest numbers that they can."""

    def __init__(self, drawn: Drawn) -> None:
        """Draw those."""
        super().__init__()
        self.drawn = drawn

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Call a function, and overwrite what it draws."""
        call = Call(func, args, kwargs or {})
        result = call.run()
        bounds = _BOUNDS.get(call.name)
        if bounds is None or not isinstance(result, torch.Tensor):
            return result
        # rand, randint and the like make a tensor, `uniform_` and the like fill one.
        return result.copy_(torch.as_tensor(bounds(call)[self.drawn is Drawn.LARGEST]))


def _unit(_call: Call) -> tuple[Any, Any]:
    return 0.0, 1 - 2.0**-24


def _uniform(call: Call) -> tuple[Any, Any]:
    return call.get(1, "from", 0.0), call.get(2, "to", 1.0)


def _whole(call: Call) -> tuple[Any, Any]:
    # randint(high, size), randint(low, high, size), x.random_(low, high); the same by name
    ends = [item for item in call.args if isinstance(item, int)][:2]
    named = [call.kwargs[name] for name in ("low", "from", "high", "to") if name in call.kwargs]
    low, high = [0, *ends, *named][-2:] if ends or named else (0, 1 << 24)
    return low, high - 1


def _either(call: Call) -> tuple[Any, Any]:
    # bernoulli(p), x.bernoulli_(p): 1 where the number drawn is below p
    probability = torch.as_tensor(call.get(1, "p", call.get(0, "input")))
    return (probability > 0).float(), (probability >= 1).float()


_BOUNDS: dict[str, Callable[[Call], tuple[Any, Any]]] = {
    "rand": _unit,
    "rand_like": _unit,
    "uniform": _uniform,
    "randint": _whole,
    "randint_like": _whole,
    "random": _whole,
    "bernoulli": _either,
}
"""For each function the smallest and the largest numbers that it draws."""


@contextmanager
def drawing(chosen: Chosen, module: nn.Module) -> Iterator[Draws]:
    """Let all generators draw chosen numbers, and go on afterward where they were."""
    owners = [getattr(type(module).forward, "__globals__", {}), *map(vars, module.modules())]
    with torch.random.fork_rng(devices=[]), draws.generators(chosen, owners, _fresh) as drawn:
        torch.manual_seed(chosen.seed)
        before = torch.get_rng_state()
        try:
            with Ends(chosen.drawn) if chosen.drawn is not Drawn.ANY else nullcontext():
                yield drawn
        finally:
            drawn.any |= not torch.equal(before, torch.get_rng_state())


def _fresh(held: Any, chosen: Chosen) -> Any:
    if isinstance(held, torch.Generator):
        return torch.Generator(held.device).manual_seed(chosen.seed)
    return draws.fresh(held, chosen)


def settled(module: nn.Module, run: Callable[[], Draft]) -> Draft:
    """What a run comes to, whatever numbers it draws.

    Args:
        module: what runs.
        run: runs it once.

    Raises:
        Refused: that depends on them.
    """
    with drawing(draws.FIRST, module) as drawn:
        draft = run()
    if not drawn.any:
        return draft
    told = _told(draft)
    for chosen in draws.OTHERS:
        with drawing(chosen, module):
            if _told(run()) != told:
                raise Refused(draws.REASON.format(call="forward"), draws.WAY)
    return draft


def _told(draft: Draft) -> list[Any]:
    """What was done in a run: which layers were called, and what they read."""
    return [
        (node.word, node.arguments, node.layer, node.operands, node.begins, node.steps)
        for node in draft.nodes.values()
    ] + [result.rows for result in draft.results]
