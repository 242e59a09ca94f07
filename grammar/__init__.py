"""The grammar of ``.seq`` files, as package data (installed as ``seqdsl.grammar``)."""
