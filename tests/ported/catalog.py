"""models that people write → a catalog: what each one is read with, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Build = Callable[[], Any]


@dataclass(frozen=True)
class Entry:
    """A model of the catalog.

    Attributes:
        name: its name in the catalog.
        build: builds it, as the function that `seqdsl port` calls.
        inputs: what `--input` says.
        differs: words of what the report has to say that differs; empty: nothing does.
        reason: words of why it is refused; empty: it is ported.
        precision: in which it computes: the single precision of its code's own numbers stays.
        for_good: whether the language will not have it; else it is refused until seqdsl can do it.
    """

    name: str
    build: Build
    inputs: tuple[str, ...] = ()
    differs: str = ""
    reason: str = ""
    for_good: bool = False
    precision: str = "float64"


@dataclass
class Catalog:
    """The models of one framework, by name; each module adds its own."""

    entries: dict[str, Entry] = field(default_factory=dict)

    def ported(self, *inputs: str, differs: str = "") -> Callable[[Build], Build]:
        """Note a model that is carried to the other framework, with equal numbers."""
        return self._noted(inputs=inputs, differs=differs)

    def refused(self, reason: str, *inputs: str) -> Callable[[Build], Build]:
        """Note a model that is refused for good."""
        return self._noted(inputs=inputs, reason=reason, for_good=True)

    def waiting(self, reason: str, *inputs: str) -> Callable[[Build], Build]:
        """Note a model that is refused until seqdsl can do it."""
        return self._noted(inputs=inputs, reason=reason)

    def add(self, entry: Entry) -> None:
        """Note a model that is written elsewhere."""
        assert entry.name not in self.entries, entry.name
        self.entries[entry.name] = entry

    def _noted(self, **said: Any) -> Callable[[Build], Build]:
        def note(build: Build) -> Build:
            self.add(Entry(build.__name__, build, **said))
            return build

        return note

    def named(self, *, ported: bool) -> list[str]:
        """The names of the models that are ported, or of those that are refused."""
        return [name for name, item in self.entries.items() if (not item.reason) is ported]


KERAS = Catalog()
TORCH = Catalog()
