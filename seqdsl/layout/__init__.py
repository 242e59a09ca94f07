"""rows and wires → picture text: places what is to be drawn, and routes its wires.

`seqdsl.layout.picture` says what is drawn, `seqdsl.layout.write` gives its text.
"""
