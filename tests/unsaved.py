"""the checks that are told from others by values: all but saving.

Saving and exporting a model takes as long as all other checks together, and needs the same of a layer in whatever
picture it is. All examples and one model of each entry of the catalogue are saved, and some random ones.
"""

from __future__ import annotations

from seqdsl.verify.check_names import CHECKS

UNSAVED = tuple(check for check in CHECKS if check != "saving")
"""In the order in which they run."""

UNTRAINED = tuple(check for check in UNSAVED if check not in {"agreement", "training"})
"""Those of what a model predicts."""
