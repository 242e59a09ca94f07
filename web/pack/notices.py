"""names of imported packages → the licenses of their distributions, as one text, for what is packed with them.

python web/pack/notices.py TARGET LIBRARY...
"""

from __future__ import annotations

import sys
from importlib.metadata import Distribution, distribution, packages_distributions
from pathlib import Path


def notices(libraries: list[str]) -> str:
    """The licenses of all distributions that some packages are from.

    Raises:
        ValueError: one has no license among its files.
    """
    homes = packages_distributions()
    # Of two packages of one distribution, such as `attr` and `attrs`, there is one license.
    names = sorted({homes[name][0] for name in libraries}, key=str.lower)
    return "\n\n".join(_notice(distribution(name)) for name in names)


def _notice(item: Distribution) -> str:
    texts = [
        str(file.read_text()).strip()
        for file in item.files or ()
        if file.name.upper().startswith(("LICENSE", "COPYING")) and ".dist-info" in file.parts[0]
    ]
    if not texts:
        raise ValueError(f"{item.name} {item.version} has no license")
    return "\n\n".join([f"== {item.name} {item.version}", *texts])


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(f"{notices(sys.argv[2:])}\n", "utf-8")
