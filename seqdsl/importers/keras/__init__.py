"""Keras 3 models and their ``.keras`` files → `seqdsl.importers.reading.Reading`.

Workers import `read` here; nothing else does, as it imports Keras.
"""
