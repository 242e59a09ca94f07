"""text → what an editor shows of it: findings with fixes, hover, shapes, completion, symbols, renames, colors.

It knows no editor and no protocol, and runs wherever the pure core does: a language server and a page in a browser
only pass on what they get. `seqdsl.editing.snapshot.snapshot` reads a text; all else takes that snapshot. No text
raises, however much of it is still to be typed.

Lines and columns count from 1, in characters; the ``end`` of a range is behind its last character. What is given is
frozen data, of which `seqdsl.editing.data.as_json` makes what JSON has.
"""
