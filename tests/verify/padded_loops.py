"""Pictures of loops that padded steps run through, wherever they are."""

from __future__ import annotations

PICTURES = {
    "a start, which the first valid step reads": """
      Y   Y   Y   Y
      |   |   |   |
      D---D---D---D
     /|  /|  /|  /|
    S Z y Z y Z y Z

    S = input(2)
    Z = input(3, mask=0)
    D = rnn(4)
    Y = dense(2)
    """,
    "members that read delayed nodes alone": """
      G---G---G---G
      |   |   |   |
      Y   Y   Y   Y
      |   |   |   |
      D---D---D---D
     /|  /|  /|  /|
    A | A | A | A |
    | | | | | | | |
    H-|-H-|-H-|-H |
    | | | | | | | |
    y | y | y | y |
      |   |   |   |
      Z   Z   Z   Z

    Z = input(3, mask=0)
    A = dense(2)
    H = rnn(2)
    D = gru(3)
    Y = dense(2, tanh)
    G = gru(2)
    """,
    "ids that a step chooses": """
      Y   Y   Y   Y
      |   |   |   |
      K   K   K   K
      |   |   |   |
      D---D---D---D
     /|  /|  /|  /|
    V | V | V | V |
    | | | | | | | |
    S | y | y | y |
      |   |   |   |
      Z   Z   Z   Z

    S = tokens(5)
    Z = input(3, mask=0)
    V = embedding(3)
    D = gru(3)
    K = dense(5, softmax)
    Y = argmax
    """,
    "windows that look back": """
      Y   Y   Y   Y   Y
      |   |   |   |   |
      D---D---D---D---D
     /|  /|  /|  /|  /|
    F | F | F | F | F |
    | | | | | | | | | |
    P | P | P | P | P |
    | | | | | | | | | |
    y | y | y | y | y |
      |   |   |   |   |
      Z   Z   Z   Z   Z

    Z = input(3, mask=0)
    D = lstm(3)
    F = conv(2, 3, padding=causal, tanh)
    P = concat
    Y = dense(2, tanh)
    """,
    "attention to what is there so far": """
      Y   Y   Y   Y   Y
      |   |   |   |   |
      A   A   A   A   A
      |   |   |   |   |
      +---+---+---+---+
      |   |   |   |   |
      D---D---D---D---D
     /|  /|  /|  /|  /|
    y | y | y | y | y |
      |   |   |   |   |
      Z   Z   Z   Z   Z

    Z = input(3, mask=0)
    D = gru(3)
    A = attention(causal=true)
    Y = dense(2, tanh)
    """,
    "causal attention to another padded row": """
                    Y   Y   Y   Y
                    |   |   |   |
                    D---D---D---D
                   /|  /|  /|  /|
                  C | C | C | C |
                  | | | | | | | |
    E-E-E-E       d | d | d | d |
    | | | |         |   |   |   |
    M M M M         Z   Z   Z   Z

    Z = input(3, mask=0)
    M = input(2, mask=0)
    E = gru(3)
    D = gru(3)
    C = attention(E, causal=true)
    Y = dense(2, tanh)
    """,
    "a warm-up on known steps": """
      Y   Y   Y   Y   Y   Y
      |   |   |   |   |   |
      D---D---D---D---D---D
     /|  /|  /|  /|  /|  /|
    X | X | X | y | y | y |
      |   |   |   |   |   |
      Z   Z   Z   Z   Z   Z

    X = input(2)
    Z = input(3, mask=0)
    D = gru(3)
    Y = dense(2)
    """,
    "a delayed node outside of loops": """
      K   K   K   K
     /|  /|  /|  /|
    h | h | h | h |
      |   |   |   |
      H---H---H---H
      |   |   |   |
      Z   Z   Z   Z

    Z = input(3, mask=0)
    H = gru(3)
    K = dense(2)
    """,
    "rows that begin later": """
          Y   Y   Y
          |   |   |
      D---D---D---D
     /|  /|  /|  /|
    S Z y Z y Z y Z

    S = input(2)
    Z = input(3, mask=0)
    D = rnn(4)
    Y = dense(2)
    """,
    "a warm-up, from whose end on Y is there": """
              Y   Y   Y
              |   |   |
      D---D---D---D---D
     /|  /|  /|  /|  /|
    X | X | y | y | y |
      |   |   |   |   |
      Z   Z   Z   Z   Z

    X = input(2)
    Z = input(3, mask=0)
    D = gru(4)
    Y = dense(2)
    """,
    "padding of two rows, one in front of delayed nodes": """
              Y   Y   Y
              |   |   |
      D---D---D---D---D
     /|  /|  /|  /|  /|
    X | X | y | y | y |
      |   |   |   |   |
      A   A   A   A   A
      |   |   |   |   |
      Z   Z   Z   Z   Z

    X = input(2, mask=0)
    Z = input(3, mask=0)
    A = rnn(2)
    D = gru(4)
    Y = dense(2)
    """,
    "rows that end earlier": """
          G---G---G---G
          |   |   |   |
          Y   Y   Y   Y
          |   |   |   |
      D---D---D---D---D
      |  /|  /|  /|  /|
      | y | y | y | y |
      |   |   |   |   |
      Z   Z   Z   Z   Z

    Z = input(3, mask=0)
    D = gru(3)
    Y = dense(2, tanh)
    G = gru(2)
    """,
    "rows that begin later, of a free length": """
          Y   Y   ...   Y
          |   |         |
      D---D---D---...---D
     /|  /|  /|        /|
    S Z y Z y Z  ...  y Z

    S = input(2)
    Z = input(3, mask=0)
    D = rnn(4)
    Y = dense(2)
    """,
    "a row that reads delayed nodes alone, and begins later": """
                  Y   Y   Y   Y
                  |   |   |   |
              D---D---D---D---D
             /|  /|  /|  /|  /|
            S | A | A | A | A |
              | | | | | | | | |
              | H-|-H-|-H-|-H |
              | | | | | | | | |
              | y | y | y | y |
              |   |   |   |   |
              Z   Z   Z   Z   Z

    S = input(2)
    Z = input(3, mask=0)
    A = dense(2)
    H = rnn(2)
    D = gru(3)
    Y = dense(2, tanh)
    """,
    "a row that goes on behind the loop": """
          Y   Y   Y   Y
          |   |   |   |
          D---D---D---D---D
         /|  /|  /|  /|   |
        S | y | y | y |   |
          |   |   |   |   |
          Z   Z   Z   Z   Z

    S = input(2)
    Z = input(3, mask=0)
    D = gru(3)
    Y = dense(2, tanh)
    """,
    "rows that begin later, padded at the end": """
          Y   Y   Y
          |   |   |
      D---D---D---D
     /|  /|  /|  /|
    S Z y Z y Z y Z

    S = input(2)
    Z = input(3, mask=0, padding=end)
    D = rnn(4)
    Y = dense(2)
    """,
    "padding in front of delayed nodes": """
      Y   Y   Y   Y   Y   Y
      |   |   |   |   |   |
      D---D---D---D---D---D
     /|  /|  /|  /|  /|  /|
    X | X | X | y | y | y |
      |   |   |   |   |   |
      Z   Z   Z   Z   Z   Z

    X = input(2, mask=0)
    Z = input(3, mask=0)
    D = gru(3)
    Y = dense(2)
    """,
    "rows that are never there at the same time": r"""
                            C   C
                            |   |
            B---B---B---B---B---B
            |   |               |
        A---A---A               c
        |   |  /|
        X   X b X

    X = input(3, mask=0)
    A = gru(2)
    B = gru(2)
    C = dense(2)
    """,
    "padding in front of delayed nodes, of a free length": """
      Y   Y   Y   ...   Y
      |   |   |         |
      D---D---D---...---D
     /|  /|  /|        /|
    X | X | y |  ...  y |
      |   |   |         |
      Z   Z   Z   ...   Z

    X = input(2, mask=0)
    Z = input(3)
    D = gru(3)
    Y = dense(2)
    """,
    "rows that begin a free number of steps later": """
                          Y   ...   Y
                         /|        /|
                        Z |  ...  Z |
                          |         |
        D-D-...-D---------D---...---D
        | |     |         |         |
        X X ... X         y   ...   y

    X = input(2, mask=0)
    D = gru(3)
    Z = input(3, mask=0)
    Y = dense(2)
    """,
    "rows that begin a free number of steps later, over a row that all read": """
                      Y ...   Y
                      |       |
      D-...---D-------D-...---D
     /|      /|      /|      /|
    X | ... X |     y | ... y |
      |       |       |       |
      A-...---A-------A-...---A
      |       |       |       |
      Z ...   Z       V ...   V

    X = input(2)
    D = gru(3)
    A = rnn(2)
    Z = input(3)
    V = input(3, mask=0)
    Y = dense(2)
    """,
    "a bus of padded steps beside what is fed back": """
                  Y   Y   Y
                  |   |   |
                  D---D---D
                  |   |   |
                  M   M   M
                 /|  /|  /|
        +-+-+---+-|-+-|-+ |
        | | |     |   |   |
        X X X     y   y   y

    X = input(2, mask=0)
    D = gru(2)
    M = mean
    Y = dense(2)
    """,
    "a bus of padded steps beside a start, in padded steps": """
                    Y     Y     Y
                    |     |     |
                    D-----D-----D
                    |     |     |
                    C     C     C
                   /|    /|    /|
                  Z |   Z |   Z |
                    |     |     |
                    M     M     M
                   /|    /|    /|
        +-+-+-----+-|---+-|---+ |
        | | |       |     |     |
        X X X       S     y     y

    S = input(2)
    X = input(2, mask=0)
    Z = input(2, mask=0)
    D = gru(2)
    C = add
    M = mean
    Y = dense(2)
    """,
    "a bus of padded steps, led to each node by itself": r"""
              Y     Y     Y
              |     |     |
              D-----D-----D
              |     |     |
              M     M     M
             /|\   /|\   /|\
            + | | + | | + | |
    +-+-+---+-|-|-+-|-|-+ | |
    | | |     | |   | |   | |
    X X X     y Z   y Z   y Z

    X = input(2, mask=0)
    Z = input(2, mask=0)
    D = gru(2)
    M = max
    Y = dense(2)
    """,
    "wires that the last nodes alone have, beside a bus and a start": r"""
                          Y   Y   Y
                          |   |   |
                          D---D---D
                          |   |   |
                          M   M   M
                         /|  /|  /|\
                +-+-----+-|-+-|-+ | |
                | |       |   |   | |
                X X       S   y   y Z

    S = input(2)
    X = input(2, mask=0)
    Z = input(2, mask=0, padding=end)
    D = rnn(2)
    M = mean
    Y = dense(2)
    """,
    "a bus in the place of another node's wire": r"""
                          Y     Y
                          |     |
                          D-----D
                          |     |
                          M     M
                          |\   /|
                +-+-------|-|-+ |
                | |       | |   |
                X X       y Z   y

    X = input(2, mask=0)
    Z = input(2)
    D = rnn(2)
    M = max
    Y = dense(2)
    """,
    "a wire that the first node alone has, beside a start": r"""
        Y     Y     Y
        |     |     |
        D-----D-----D
        |     |     |
        M     M     M
        |\    |     |\
        | |   |     | |
        S Z   y     y Z

    S = input(2)
    Z = input(2, mask=0)
    D = rnn(2)
    M = mean
    Y = dense(2)
    """,
    "a node that reads what is fed back alone, behind others": r"""
        Y     Y     Y
        |     |     |
        D-----D-----D
        |     |     |
        M     M     M
        |\    |\    |
        | |   | |   |
        y Z   y Z   y

    Z = input(2, mask=0)
    D = rnn(2)
    M = mean
    Y = dense(2)
    """,
}
