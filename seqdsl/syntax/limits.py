"""how large a text may be: known to what reads files, which need not import what reads texts."""

LARGEST_TEXT = 8 * 2**20
"""Bytes of a text: beyond that it is refused before anything of it is read."""
