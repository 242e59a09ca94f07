"""class → frozen dataclass that costs little to import.

Python compiles six methods from text for every frozen dataclass: a third of a millisecond each, a quarter of what
``seqdsl check`` once took for itself. A record has only its ``__init__`` from there, which is all that differs from
class to class, and shares the rest. Type checkers see a frozen dataclass, and hold all code to that;
`dataclasses.replace`, `dataclasses.fields` and `match` work as ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

__all__ = ["record"]

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass as record
else:

    def record(*, frozen: bool) -> Callable[[type], type]:
        """Decorate a class whose instances are never changed."""
        assert frozen, "a record is never changed"
        return _record


def _record(cls: type) -> type:
    made: Any = dataclass(eq=False, repr=False)(cls)
    names = tuple(made.__dataclass_fields__)
    values = attrgetter(*names)

    def equal(self: Any, other: Any) -> Any:
        return values(self) == values(other) if other.__class__ is made else NotImplemented

    def text(self: Any) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({shown})"

    shared = {"__eq__": equal, "__hash__": lambda self: hash(values(self)), "__repr__": text}
    for name, method in shared.items():
        # What a class defines itself stays.
        if name not in cls.__dict__:
            setattr(made, name, method)
    found: type = made
    return found
