"""PyTorch model memory-network-hops: many-to-one, residual, attention."""

import torch
from torch import Tensor, nn


class MemoryNetworkHops(nn.Module):
    r"""Map a sequence and a vector to a vector.

                    Y
                    |
                    B
                    |\
                    D |
                    |/
                    A
                    |\
                    C |
        V   V   V   |/
        |   |   |   |
        | M | M | M Q
        |/  |/  |/  |
        X   X   X   Z

        X = input(6, name=facts)
        Z = input(7, name=question)
        M = dense(5, bias=false, name=keys)
        V = dense(5, bias=false, name=contents)
        Q = dense(5, bias=false, name=asked)
        C = attention(V, keys=M)
        A = add
        D = attention(V, keys=M)
        B = add
        Y = dense(9, softmax)

    Shapes, without the batch:
        input facts: (3, 6) float32
        input question: (7,) float32
        output y: (9,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.keys = nn.Linear(6, 5, bias=False)
        self.asked = nn.Linear(7, 5, bias=False)
        self.contents = nn.Linear(6, 5, bias=False)
        self.dense_y = nn.Linear(5, 9)

    def forward(self, facts: Tensor, question: Tensor) -> Tensor:
        keys = self.keys(facts)
        asked = self.asked(question)
        contents = self.contents(facts)
        weights = torch.softmax(asked.unsqueeze(1) @ keys.transpose(1, 2), dim=-1)
        attention_c = (weights @ contents)[:, 0]
        add_a = attention_c + asked
        weights_2 = torch.softmax(add_a.unsqueeze(1) @ keys.transpose(1, 2), dim=-1)
        attention_d = (weights_2 @ contents)[:, 0]
        add_b = attention_d + add_a
        return torch.softmax(self.dense_y(add_b), dim=-1)


def build_model() -> MemoryNetworkHops:
    """Build the model, with random weights."""
    return MemoryNetworkHops()


if __name__ == "__main__":
    model = build_model()
    print(model)
    facts = torch.randn(2, 3, 6)
    question = torch.randn(2, 7)
    with torch.no_grad():
        outputs = model(facts, question)
    print("y", tuple(outputs.shape))
