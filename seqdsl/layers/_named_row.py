"""a row that is read by its letter, for people: what the argument sets, in all layers that have it."""

from __future__ import annotations

NAMED_ROW_WORDS = {"values": "the row that it reads as a whole, by its letter, instead of wires"}
