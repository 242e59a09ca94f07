"""PyTorch model music-notes-durations: one-to-many, feedback."""

import torch
from torch import Tensor, nn


class MusicNotesDurations(nn.Module):
    """Map a vector ``mood`` to sequences ``m`` and ``r``.

              M   M   M   M     argmax
              |   |   |   |
              P   P   P   P     dense(12, softmax, name=note)
              | R | R | R | R   argmax
              | | | | | | | |
              | Q | Q | Q | Q   dense(5, softmax, name=duration)
              |/  |/  |/  |/
        +-----H---H---H---H     gru(8)
        |    /|  /|  /|  /|
        F   V | V | V | V |
        |   | W | W | W | W     embedding(3)
        |   | | | | | | | |
        S   m r m r m r m r

        S = input(3, name=mood)
        V = embedding(4)
        F = dense(8, tanh)

    Shapes, without the batch:
        input mood: (3,) float32
        output m: (4,)
        output r: (4,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_f = nn.Linear(3, 8)
        self.gru_h = nn.GRU(7, 8, batch_first=True)
        self.embedding_w = nn.Embedding(5, 3)
        self.embedding_v = nn.Embedding(12, 4)
        self.duration = nn.Linear(8, 5)
        self.note = nn.Linear(8, 12)

    def forward(self, mood: Tensor) -> tuple[Tensor, Tensor]:
        dense_f = torch.tanh(self.dense_f(mood))
        r = torch.zeros(mood.shape[0], dtype=torch.int, device=mood.device)
        m = torch.zeros(mood.shape[0], dtype=torch.int, device=mood.device)
        gru_h_start = dense_f.unsqueeze(0)
        gru_h_state = gru_h_start
        r_steps = []
        m_steps = []
        for _ in range(4):
            embedding_w = self.embedding_w(r)
            embedding_v = self.embedding_v(m)
            joined = torch.cat((embedding_v, embedding_w), dim=-1)
            gru_h, gru_h_state = self.gru_h(joined.unsqueeze(1), gru_h_state)
            gru_h = gru_h.squeeze(1)
            duration = torch.softmax(self.duration(gru_h), dim=-1)
            r = duration.argmax(dim=-1).int()
            note = torch.softmax(self.note(gru_h), dim=-1)
            m = note.argmax(dim=-1).int()
            r_steps.append(r)
            m_steps.append(m)
        r = torch.stack(r_steps, dim=1)
        m = torch.stack(m_steps, dim=1)
        return m, r


def build_model() -> MusicNotesDurations:
    """Build the model, with random weights."""
    return MusicNotesDurations()


if __name__ == "__main__":
    model = build_model()
    print(model)
    mood = torch.randn(2, 3)
    with torch.no_grad():
        outputs = model(mood)
    for name, output in zip(["m", "r"], outputs, strict=True):
        print(name, tuple(output.shape))
