"""PyTorch model entailment-decomposable: many-to-one, attention."""

import torch
from torch import Tensor, nn


class EntailmentDecomposable(nn.Module):
    r"""Map 2 sequences to a vector.

                      Y         dense(3, softmax)
                      |
                      H         dense(6, relu)
                      |
            +---------+---+
            |             |
            U             V
            |             |
        +---+---+     +---+
        |   |   |     |   |
        A   A   A     B   B
        |\  |\  |\    |\  |\
        C | C | C |   D | D |
        |/  |/  |/    |/  |/
        P   P   P     Q   Q
        |   |   |     |   |
        X   X   X     Z   Z

        X = input(5, name=premise)
        Z = input(5, name=hypothesis)
        P = dense(6, relu)
        Q = dense(6, relu)
        C = attention(Q)
        D = attention(P)
        A = dense(7, relu)
        B = dense(7, relu)
        U = add
        V = add

    Shapes, without the batch:
        input premise: (3, 5) float32
        input hypothesis: (2, 5) float32
        output y: (3,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_p = nn.Linear(5, 6)
        self.dense_q = nn.Linear(5, 6)
        self.dense_a = nn.Linear(12, 7)
        self.dense_b = nn.Linear(12, 7)
        self.dense_h = nn.Linear(14, 6)
        self.dense_y = nn.Linear(6, 3)

    def forward(self, premise: Tensor, hypothesis: Tensor) -> Tensor:
        dense_p = torch.relu(self.dense_p(premise))
        dense_q = torch.relu(self.dense_q(hypothesis))
        weights = torch.softmax(dense_p @ dense_q.transpose(1, 2), dim=-1)
        attention_c = weights @ dense_q
        weights_2 = torch.softmax(dense_q @ dense_p.transpose(1, 2), dim=-1)
        attention_d = weights_2 @ dense_p
        joined = torch.cat((attention_c, dense_p), dim=-1)
        dense_a = torch.relu(self.dense_a(joined))
        joined_2 = torch.cat((attention_d, dense_q), dim=-1)
        dense_b = torch.relu(self.dense_b(joined_2))
        add_u = dense_a.sum(dim=1)
        add_v = dense_b.sum(dim=1)
        joined_3 = torch.cat((add_u, add_v), dim=-1)
        dense_h = torch.relu(self.dense_h(joined_3))
        return torch.softmax(self.dense_y(dense_h), dim=-1)


def build_model() -> EntailmentDecomposable:
    """Build the model, with random weights."""
    return EntailmentDecomposable()


if __name__ == "__main__":
    model = build_model()
    print(model)
    premise = torch.randn(2, 3, 5)
    hypothesis = torch.randn(2, 2, 5)
    with torch.no_grad():
        outputs = model(premise, hypothesis)
    print("y", tuple(outputs.shape))
