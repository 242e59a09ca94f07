"""operands → views, where the call before tells what delayed nodes read before the first step of their letters.

::

      y y ... y       concat_time([carried_state(%Y), %Y[0:+n - 1 of n]]) where zeros would stand in front otherwise
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.ir.expressions import CarriedState, Repeat, Slice
from seqdsl.lowering.compose import Composer
from seqdsl.lowering.strided_access import StridedAccess, ZeroSteps

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.ir.expressions import Expression
    from seqdsl.lowering.operands import Operand
    from seqdsl.lowering.strided_access import Access
    from seqdsl.size import Size


class CarryingComposer(Composer):
    """Builds views that begin with what the call before left.

    Attributes:
        carried: what that is, by the block of the letter.
    """

    def __init__(self, carried: Mapping[int, CarriedState], *args: Any, **options: Any) -> None:
        """Compose as without; in the place of some zeros is what is ``carried``."""
        super().__init__(*args, **options)
        self.carried = carried

    def view(self, operand: Operand, steps: Size | None) -> Expression:
        """What an operand is for a block of ``steps`` steps: for one node, what the call before left by itself."""
        if steps is None and operand.bus is None and not operand.wired:
            (access,) = operand.accesses
            assert isinstance(access, ZeroSteps) and access.before is not None
            return self.carried[access.before]
        return super().view(operand, steps)

    def sequence(self, accesses: Sequence[Access]) -> Expression:
        """What an operand gives to a sequence, zero where nothing is wired and nothing carried."""
        states = [self._before(access) for access in accesses]
        if not any(states):
            return super().sequence(accesses)
        # A gather counts over steps of blocks; what the call before left is a part by itself.
        parts = zip(states, accesses, strict=True)
        return self.placed([(state or self._read(access), access.count) for state, access in parts])

    def _read(self, access: Access) -> Expression | None:
        return self.part(access) if isinstance(access, StridedAccess) else None

    def _before(self, access: Access) -> Expression | None:
        """What the call before left for the steps of an access; ``None``: it has nothing to do with these."""
        if isinstance(access, StridedAccess) or access.before is None:
            return None
        state = self.carried.get(access.before)
        return None if state is None else _last(state, access.count)


def _last(state: CarriedState, count: Size) -> Expression:
    """The last ``count`` steps of the call before, as a sequence."""
    steps = state.steps
    if steps is None:
        return Repeat(state, count)
    if count == steps:
        return state
    # One row reads two steps back, another one three: the state has three.
    return Slice(state, steps - count, count, 1, steps)
