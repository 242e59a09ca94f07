"""Pictures of inputs whose lengths are arguments of the model."""

from __future__ import annotations

PICTURES = {
    "both directions over windows": """
    Y ... Y   dense(3, log_softmax)
    |     |
    B=...=B   gru(4)
    |     |
    C ... C   conv(5, 3)
    |     |
    X ... X   input(2, lengths=true)
    """,
    "stacked, and a mean of the valid steps": """
        Y
        |
    +---+-+
    |     |
    H-...-H   lstm(4)
    |     |
    G-...-G   lstm(3)
    |     |
    W ... W   embedding(3)
    |     |
    X ... X   tokens(9, lengths=true, padding=end)

    Y = mean
    """,
    "two inputs, the state of one passed to the other, which asks it": """
                Y   Y   Y
                |   |   |
                C   C   C
               /|  /|  /|
    +-+-+-+---+-|-+-|-+ |
    | | | |     |   |   |
    E-E-E-E-----D---D---D
    | | | |     |   |   |
    X X X X     Z   Z   Z

    X = input(2, lengths=true)
    Z = input(3, lengths=true)
    E = gru(4)
    D = gru(4)
    C = attention
    Y = dense(2)
    """,
    "beside one whose padding has a value, from right to left": """
    H<H<H   J-J-J-J
    | | |   | | | |
    X X X   Z Z Z Z

    X = input(2, lengths=true)
    Z = input(2, mask=-1)
    H = rnn(3)
    J = rnn(3)
    """,
    "the state goes from call to call": """
    *--H-...-H--*   lstm(3)
       |     |
       X ... X      input(2, lengths=true)
    """,
    "delayed nodes": """
    Y   Y   Y   Y
    |   |   |   |
    D---D---D---D
   /|  /|  /|  /|
  y Z y Z y Z y Z

    Z = input(3, lengths=true)
    D = gru(3)
    Y = dense(2)
    """,
    "a window for every second step": """
    H=======H=======H   gru(4)
    |       |       |
    C       C       C   conv(5, 3, relu)
    |       |       |
    X   X   X   X   X   input(2, lengths=true)
    """,
    "a window for every second step, padding anywhere": """
          C   C   C   conv(4, 3, padding=causal)
          |   |   |
    X X X X X X X X   input(2, mask=0)
    """,
    "dilated windows around some steps": """
    M
    |
    +---+---+
    |   |   |
    C   C   C   conv(4, 2, dilation=2)
    |   |   |
    X X X X X   input(2, mask=-1)

    M = mean
    """,
    "the last steps": """
          Y Y   dense(2)
          | |
    H-H-H-H-H   gru(3)
    | | | | |
    X X X X X   input(2, lengths=true)
    """,
}
