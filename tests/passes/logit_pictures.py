"""Pictures whose outputs end in an activation in every way that is told apart, for the tests of logits."""

ACTIVATIONS = ("softmax", "log_softmax", "sigmoid")

PICTURES = {
    # The last two steps of a masked row, of free length.
    "masked": """
      Y Y   output
      | |
D ... D D   dense(4, softmax)
|     | |
H=...=H=H   gru(3)
|     | |
X ... X X   input(2, mask=0)
""",
    "vector": """
Y   dense(4, log_softmax)
|
X   input(3)
""",
    "function": """
Y Y Y   activation(softmax)
| | |
D D D   dense(4)
| | |
X X X   input(3)
""",
    "windows": """
  Y Y Y   conv(4, 3, softmax)
  | | |
X X X X X   input(3)
""",
    "window rows": """
  Y   Y   dense(4, sigmoid)
 /|  /|
X X X X   input(3)
""",
    # One letter is an output, and is read below another.
    "shared": """
      Z
      |
D     D
|     |
X     W

X = input(3)
W = input(3)
D = dense(4, softmax)
Z = dense(2, sigmoid)
""",
    "read": """
Y Z
| |
| H
|/
D
|
X

X = input(3)
D = dense(4, softmax)
H = dense(5, tanh)
Z = dense(2, log_softmax)
Y = output
""",
    # What ends in an activation reads what ends in another one.
    "on top": """
Y   A
|  /|
| | Z
|/  |
D   E
|   |
X   W

X = input(3)
W = input(3)
D = dense(4, softmax)
E = dense(4)
Z = activation(tanh)
A = activation(log_softmax)
Y = output
""",
    "read function": """
Y Z
| |
| H
|/
A
|
D
|
X

X = input(3)
D = dense(4)
A = activation(sigmoid)
H = dense(5, tanh)
Z = dense(2, softmax)
Y = output
""",
    # A masked row that ends in an activation and is read by a recurrent one, which needs its mask.
    "read masked": """
Y   Y   Y
|   |   | Z
|   |   | |
| R-|-R-|-R
|/  |/  |/
D   D   D
|   |   |
X   X   X

X = input(3, mask=0)
D = dense(4, softmax)
R = gru(2)
Z = dense(2, sigmoid)
Y = output
""",
    # Two sequences one after the other, with steps without a wire between them.
    "joined": """
Y Y Y Y Y   output
| |   | |
D D   D D   dense(4, softmax)
| |   | |
X X   X X   input(3)
""",
    # The sigmoids of two rows side by side are the sigmoid of both.
    "beside": """
 Y
 |\\
 D E
 | |
 X W

X = input(3)
W = input(2)
D = dense(4, sigmoid)
E = dense(2, sigmoid)
Y = output
""",
    # When it runs free, `Z` is fed with probabilities, and so is a row that reads those of the step before.
    "fed": """
Y Y ... Y   dense(2, sigmoid)
| |     |
H-H-...-H   gru(3)
| |     |
Z Z ... Z   input(2, feedback=Y)
""",
    "fed function": """
Y Y Y   activation(sigmoid)
| | |
D D D   dense(2)
| | |
Z Z Z   input(2, feedback=Y)
""",
    "own step before": """
Y   Y   Y
|\\  |\\  |\\
| X | X | X
|   |   |
S   y   y

X = input(2)
S = input(3)
Y = dense(3, sigmoid)
""",
    "own function before": """
Y   Y   Y
|   |   |
A   A   A
|\\  |\\  |\\
| X | X | X
|   |   |
S   y   y

X = input(3)
S = input(3)
A = add
Y = activation(sigmoid)
""",
    "function of itself": """
Y Y Y   activation(sigmoid)
| | |
S y y

S = input(3)
""",
    # What is called ends in it, and another row reads what it gives as drawn.
    "called": """
model answer

S   dense(4, softmax)
|
X   input(5)

model tags

P   P   dense(2, sigmoid)
|   |
| O | O
|/  |/
Y   Y   answer
|   |
H   H   gru(5)
|   |
X   X   input(3)
""",
}
