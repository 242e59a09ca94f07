"""JSON lines → JSON lines: the process in which a program runs, one request after the other.

On standard input, a line ``{"limit": seconds on the clock, ...}`` for each request. On standard output first
``{"ready": version, "forks": whether it forks itself}`` or ``{"failed": why}``; then for each request whatever the
program's `Service` sends, and ``{"done": true}``. It ends when standard input does.
"""

from __future__ import annotations

import faulthandler
import gc
import signal
from importlib import import_module
from typing import TYPE_CHECKING

from seqdsl.sandbox.failures import explain
from seqdsl.sandbox.fork_child import can_be_forked, serve_forks
from seqdsl.sandbox.ipc import Channel
from seqdsl.sandbox.program import load

if TYPE_CHECKING:
    from typing import Any

    from seqdsl.sandbox.program import Service


def main(entry: str, preload: str = "", line: str = "", *arguments: str) -> int:
    """Serve requests until standard input ends.

    Args:
        entry: the program's entry point, as `seqdsl.sandbox.program.Program` has it.
        preload: the names of modules, with commas between them.
        line: the number of a socket; then it is not this process that serves, but all that are forked from it there.
        arguments: of the entry point.
    """
    channel = _channel()
    try:
        for module in filter(None, preload.split(",")):
            import_module(module)
        service = load(entry)(*arguments, forking=bool(line))
    # Native libraries fail in many ways; each of them is the parent's to report.
    except BaseException as problem:
        channel.send(failed=explain(problem))
        return 1
    # What these imports made stays for good: no later collection need look at it again.
    gc.collect()
    gc.freeze()
    forks = bool(line) and can_be_forked()
    channel.send(ready=service.version, forks=forks)
    if forks:
        if not serve_forks(int(line)):
            return 0
        channel.close()
        channel = _channel()
        channel.send(ready=service.version)
    for request in channel:
        _serve(channel, service, request)
    return 0


def _channel() -> Channel:
    channel = Channel.take()
    faulthandler.enable(channel.words)
    # The parent, who counts what we take, asks where we are before it ends us. Windows has no such signal.
    if hasattr(faulthandler, "register"):
        faulthandler.register(signal.SIGTERM, channel.words, chain=True)
    return channel


def _serve(channel: Channel, service: Service, request: dict[str, Any]) -> None:
    channel.renew()
    # Ends this process from a thread of C, also when native code hangs or the parent has ended, and
    # says where it was.
    faulthandler.dump_traceback_later(request["limit"], exit=True, file=channel.words)
    try:
        service.handle(request, channel.send)
    finally:
        # Before the next line: it waits for the thread of C, which a forked process does not have.
        channel.end_if_forked()
    faulthandler.cancel_dump_traceback_later()
    channel.send(done=True)
