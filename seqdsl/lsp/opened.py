"""texts that a client has open → their snapshots, made once for each version, and the work that is still to be done."""

from __future__ import annotations

import asyncio
from time import process_time
from typing import TYPE_CHECKING

from seqdsl.editing.fixes import SECONDS, different, search_fixes
from seqdsl.editing.snapshot import snapshot
from seqdsl.lsp.convert import Converter

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from pygls.workspace import TextDocument, Workspace

    from seqdsl.editing.data import Fix
    from seqdsl.editing.snapshot import Snapshot


class Opened:
    """All texts that a client has open, by their addresses."""

    def __init__(self) -> None:
        """Begin with none."""
        self._snapshots: dict[str, tuple[str, Snapshot]] = {}
        self._fixes: dict[str, tuple[Snapshot, tuple[Fix, ...]]] = {}
        self._waiting: dict[str, asyncio.Task[None]] = {}

    def snapshot(
        self, workspace: Workspace, uri: str, *, diagnose: bool = False
    ) -> tuple[Snapshot, Converter]:
        """What a text is at this moment.

        Args:
            workspace: the texts of the client.
            uri: the address of this one.
            diagnose: whether the one mistake behind several findings is to be looked for.
        """
        document: TextDocument = workspace.get_text_document(uri)
        text, known = document.source, self._snapshots.get(uri)
        # By the text, not by its version: clients may send none.
        is_known = known is not None and known[0] == text
        if known is None or not is_known or (diagnose and not known[1].is_diagnosed):
            before = None if known is None else known[1]
            found = snapshot(text, _name(document), before, diagnose=diagnose)
            self._snapshots[uri] = known = text, found
        return known[1], Converter(known[1].lines, document.position_codec)

    def later(self, uri: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do work about a text, in place of what is still to be done about an older one."""
        self.drop(uri)
        task = asyncio.get_running_loop().create_task(work())
        task.add_done_callback(_report)
        self._waiting[uri] = task

    def drop(self, uri: str) -> None:
        """Drop what is still to be done about a text."""
        if (task := self._waiting.pop(uri, None)) is not None:
            task.cancel()

    def close(self, uri: str) -> None:
        """Forget a text."""
        self.drop(uri)
        self._snapshots.pop(uri, None)
        self._fixes.pop(uri, None)

    def is_current(self, uri: str, found: Snapshot) -> bool:
        """Whether a text is still what a snapshot is of."""
        known = self._snapshots.get(uri)
        return known is not None and known[1] is found

    async def fixes(self, uri: str, found: Snapshot) -> tuple[Fix, ...]:
        """The fixes of a text; messages are read between two steps of the search, and may end it."""
        known = self._fixes.get(uri)
        if known is not None and known[0] is found:
            return known[1]
        until = process_time() + SECONDS
        fixes: list[Fix] = []
        for fix in search_fixes(found):
            if fix is not None:
                fixes.append(fix)
            await asyncio.sleep(0)
            if not self.is_current(uri, found):
                return ()
            if process_time() > until:
                break
        self._fixes[uri] = found, different(fixes)
        return self._fixes[uri][1]


def _report(task: asyncio.Task[None]) -> None:
    """Report an exception of deferred work: no request waits for it, so it would be lost."""
    if not task.cancelled() and (error := task.exception()) is not None:
        context = {"message": "a text could not be answered", "exception": error, "task": task}
        task.get_loop().call_exception_handler(context)


_ENDINGS = {"markdown": ".md", "python": ".py", "seq": ".seq"}


def _name(document: TextDocument) -> str:
    """What a text is called: with the ending of its language, which a text that was never saved lacks."""
    name = document.filename or "model"
    ending = _ENDINGS.get(document.language_id or "", "")
    return name if not ending or name.endswith(ending) else f"{name}{ending}"
