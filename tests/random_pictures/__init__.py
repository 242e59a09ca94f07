"""seed → a random well-drawn picture: the language held against the compiler, whatever people think of drawing.

By construction a picture draws only what the language page calls well drawn, so every one of them compiles.
"""

from __future__ import annotations

from tests.random_pictures.generator import random_calls, random_picture

__all__ = ["random_calls", "random_picture"]
