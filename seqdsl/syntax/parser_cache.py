"""the grammar's tables → a file of the user's own, so that they are computed once and not at every start.

Lark writes the file and checks by a hash that it belongs to this grammar, this Lark and this Python; a file that it
cannot read or write is as if there were none. Python unpickles what is in it, so it is only read if both the file and
its folder belong to the user, and no other user can write to either.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

SWITCH = "SEQDSL_NO_CACHE"
"""An environment variable: set, nothing is read from or written to the user's cache folder."""


def tables_file(grammar: str = "grammar") -> str | None:
    """Where Lark may keep the tables of a grammar; ``None`` if there is no safe place."""
    if os.environ.get(SWITCH):
        return None
    try:
        folder = _caches() / "seqdsl"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = folder / f"{grammar}-{sys.version_info[0]}.{sys.version_info[1]}.pickle"
        safe = _is_ours(folder) and (not os.path.lexists(file) or _is_ours(file))
    except (OSError, RuntimeError):
        # No home, or none that can be written.
        return None
    return str(file) if safe else None


def _caches() -> Path:
    """The folder of all the user's caches, as each system has it."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    given = os.environ.get("XDG_CACHE_HOME", "")
    return Path(given) if Path(given).is_absolute() else Path.home() / ".cache"


def _is_ours(path: Path) -> bool:
    """Whether a folder or a file is the user's, not a link, and closed to all others for writing."""
    if sys.platform == "win32":
        return True  # The profile of a user is closed by itself.
    if not hasattr(os, "geteuid"):
        # In a browser there are no users, and no other page sees the files of this one.
        return True
    # A folder that was once open to others may still hold a file, or a link, that one of them left there.
    status = path.lstat()
    return (
        status.st_uid == os.geteuid()
        and not stat.S_ISLNK(status.st_mode)
        and not status.st_mode & 0o022
    )
