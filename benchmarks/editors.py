"""texts → how long an editor waits: from a start or a change to the findings, through the language server.

python -m benchmarks.editors
SEQDSL_LSP="node editors/vscode/dist/server.js --stdio" python -m benchmarks.editors    the one of the extension
"""

from __future__ import annotations

import asyncio
import re
import resource
import statistics
import time

from benchmarks.timing import table
from seqdsl.api import analyze
from seqdsl.editing.findings import diagnostics
from seqdsl.editing.snapshot import snapshot
from tests.lsp.clients import ROOT, Client, with_client

CHANGES = 40
STARTS = 5
PAUSE = 0.02
"""Seconds between a finding and the next key."""


def texts() -> dict[str, str]:
    """An ordinary file, and one of fourteen models."""
    found = []
    for path in sorted((ROOT / "examples").glob("*.seq")):
        text = path.read_text("utf-8")
        analysis = analyze(text, path.name)
        # Files that can stand beside others: one model, no cell, no finding.
        if len(analysis.models) == 1 and not analysis.diagnostics and not analysis.document.cells:
            found.append(re.sub(r"(?m)^model .*$", "", text))
    chosen = found[:: len(found) // 14][:14]
    many = "\n".join(f"model m{number}\n\n{text}" for number, text in enumerate(chosen))
    return {"one model": chosen[0], "14 models": many}


def started(text: str) -> tuple[float, float]:
    """Seconds from the start of a server to the first findings, and processor time of its whole life."""

    async def scenario(client: Client) -> float:
        client.open("file:///a/first.seq", text)
        await client.diagnostics()
        return time.perf_counter()

    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    ended = with_client(scenario)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return ended - began, used


def versions(given: dict[str, str]) -> dict[str, list[str]]:
    """What each file is after each of some changes; and a model while it is drawn, mostly with errors."""
    found = {
        name: [f"{text}# {number}\n" for number in range(CHANGES)] for name, text in given.items()
    }
    text = given["one model"]
    drawn = [text[: len(text) * number // CHANGES] for number in range(1, CHANGES + 1)]
    return found | {"one model, while it is drawn": drawn}


def compiled(given: list[str], *, diagnose: bool) -> float:
    """Seconds of processor time that 19 of 20 texts take at most until their findings, without a server."""
    seconds = []
    for text in given:
        started = time.process_time()
        diagnostics(snapshot(text, diagnose=diagnose))
        seconds.append(time.process_time() - started)
    return late(seconds)


def late(seconds: list[float]) -> float:
    """What 19 of 20 take at most."""
    return sorted(seconds)[len(seconds) * 19 // 20 - 1]


def changed(given: dict[str, list[str]]) -> dict[str, list[float]]:
    """Seconds from each change to its findings, for each file."""

    async def scenario(client: Client) -> dict[str, list[float]]:
        found: dict[str, list[float]] = {}
        for at, (name, texts) in enumerate(given.items()):
            uri = f"file:///a/{at}.seq"
            client.open(uri, "")
            await client.diagnostics()
            found[name] = []
            for version, text in enumerate(texts, start=2):
                started = time.perf_counter()
                client.change(uri, version, text)
                while (await client.diagnostics()).version != version:
                    pass
                found[name].append(time.perf_counter() - started)
                await asyncio.sleep(PAUSE)
        return found

    return with_client(scenario)


def main() -> None:
    """Print a table: medians, and what 19 of 20 changes took at most."""
    given = texts()
    starts = [started(given["one model"]) for _ in range(STARTS)]
    waits, used = (statistics.median(times) for times in zip(*starts, strict=True))
    print(f"start to first findings {waits:.1f} s, processor time {used:.1f} s\n")
    files = versions(given)
    waited = changed(files)
    rows = [
        [
            name,
            f"{1_000 * statistics.median(waited[name]):.0f} ms",
            f"{1_000 * late(waited[name]):.0f} ms",
            f"{1_000 * compiled(typed, diagnose=False):.1f} ms",
            f"{1_000 * compiled(typed, diagnose=True):.1f} ms",
        ]
        for name, typed in files.items()
    ]
    columns = ["change to findings", "19 of 20", "compiled here", "with the mistake behind them"]
    print(table(["file", *columns], rows))


if __name__ == "__main__":
    main()
