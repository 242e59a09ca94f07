"""messages of the Language Server Protocol ↔ `seqdsl.editing`: an adapter, without logic of its own.

It converts lines and columns, waits until the user stops typing, and drops work that is about an older text.
"""
