"""PyTorch model policy-action-before: many-to-many aligned, feedback."""

import torch
from torch import Tensor, nn


class PolicyActionBefore(nn.Module):
    """Map a sequence to 2 sequences.

          A   A   A   A     argmax
          |   |   |   |
          P   P   P   P     dense(4, name=policy)
          | V | V | V | V   dense(1, name=value)
          |/  |/  |/  |/
          H---H---H---H     gru(8)
         /|  /|  /|  /|
        W | W | W | W |     embedding(3)
        | F | F | F | F     dense(6, relu)
        | | | | | | | |
        a X a X a X a X     input(5, name=observation)

    Shapes, without the batch:
        input observation: (4, 5) float32
        output a: (4,)
        output value: (4, 1)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_f = nn.Linear(5, 6)
        self.gru_h = nn.GRU(9, 8, batch_first=True)
        self.embedding_w = nn.Embedding(4, 3)
        self.policy = nn.Linear(8, 4)
        self.value = nn.Linear(8, 1)

    def forward(self, observation: Tensor) -> tuple[Tensor, Tensor]:
        dense_f = torch.relu(self.dense_f(observation))
        a = torch.zeros(
            observation.shape[0],
            dtype=torch.int,
            device=observation.device,
        )
        gru_h_state = None
        gru_h_steps = []
        a_steps = []
        dense_f_steps = dense_f.unbind(1)
        for step in range(4):
            embedding_w = self.embedding_w(a)
            joined = torch.cat((embedding_w, dense_f_steps[step]), dim=-1)
            gru_h, gru_h_state = self.gru_h(joined.unsqueeze(1), gru_h_state)
            gru_h = gru_h.squeeze(1)
            policy = self.policy(gru_h)
            a = policy.argmax(dim=-1).int()
            gru_h_steps.append(gru_h)
            a_steps.append(a)
        gru_h = torch.stack(gru_h_steps, dim=1)
        a = torch.stack(a_steps, dim=1)
        value = self.value(gru_h)
        return a, value


def build_model() -> PolicyActionBefore:
    """Build the model, with random weights."""
    return PolicyActionBefore()


if __name__ == "__main__":
    model = build_model()
    print(model)
    observation = torch.randn(2, 4, 5)
    with torch.no_grad():
        outputs = model(observation)
    for name, output in zip(["a", "value"], outputs, strict=True):
        print(name, tuple(output.shape))
