"""what a worker runs, as data: an entry point, what to import before it, and the words for its failures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, NamedTuple, Protocol


class Send(Protocol):
    """Sends an answer to whoever asks; its keys are the program's own."""

    def __call__(self, **answer: Any) -> None:
        """Send it now, so that it has arrived whatever happens next."""


class Service(NamedTuple):
    """What an entry point returns.

    Attributes:
        version: what it serves with, for whoever wants to know.
        handle: answers a request by any number of calls of its second argument; what it raises ends the process.
    """

    version: str
    handle: Callable[[dict[str, Any], Send], None]


def _unknown_place(words: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Program:
    """What a worker runs.

    Attributes:
        name: what messages call it.
        entry: ``package.module:function``. It is called once in the worker, with ``arguments`` and the keyword
            ``forking``: whether the process is to be forked, so that it should load all that requests need, and start
            no thread. It returns a `Service`.
        arguments: what ``entry`` is called with.
        preload: modules to import before ``entry`` is called, and thus before any fork.
        environment: variables that the worker gets where the user has set none.
        advice: what to do if it cannot be started.
        locate: makes of the last words of a worker (a traceback of `faulthandler`) a clause that says where it was.
    """

    name: str
    entry: str
    arguments: tuple[str, ...] = ()
    preload: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    advice: str = ""
    locate: Callable[[str], str] = _unknown_place


def load(entry: str) -> Callable[..., Service]:
    """The entry point ``package.module:function``.

    Raises:
        ImportError: there is no such module.
        AttributeError: it has no such function.
    """
    module, _, name = entry.partition(":")
    function: Callable[..., Service] = getattr(import_module(module), name)
    return function
