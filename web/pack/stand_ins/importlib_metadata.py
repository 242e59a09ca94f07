"""`importlib.metadata` where no distribution is installed: in the page there is one archive, and nobody adds to it.

That of Python reads e-mail headers and archives: sixty modules to find that no package registers anything.
"""

from __future__ import annotations


def entry_points(**_: str) -> tuple[()]:
    """What installed packages register: nothing."""
    return ()
