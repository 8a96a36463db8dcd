"""Language models of Hugging Face as teachers, in the user's own environment (`runner`).

It needs torch and transformers, and the package that the model's classes are of.
"""

import importlib
import sys

import numpy as np

# The models of BIO-Distiller (section 3.2): repository, package that registers its classes, letters
# that it reads, and whether its code is in the repository.
READY = {
    "rna_fm": ("multimolecule/rnafm", "multimolecule", "rna", False),
    "rna_msm": ("multimolecule/rnamsm", "multimolecule", "rna", False),
    "utr_lm_mrl": ("multimolecule/utrlm-mrl", "multimolecule", "rna", False),
    "utr_lm_te_el": ("multimolecule/utrlm-te_el", "multimolecule", "rna", False),
    "hyenadna_tiny_1k": ("LongSafari/hyenadna-tiny-1k-seqlen-hf", "transformers", "dna", True),
    "esm2_t6_8m": ("facebook/esm2_t6_8M_UR50D", "transformers", "protein", False),
}
# Sequences that are predicted at once.
AT_ONCE = 32
# Amino acids by the numbers of their codons, with T C A G = 0 1 2 3.
CODONS = "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"


class LanguageTeacher:
    """Encoder whose last hidden layer, averaged over the letters of a sequence, is the features.

    Parameters
    ----------
    asked
        `model`: a key of `READY`, or a repository or folder with `letters`; `revision`.
    sequences
        Letters A C G T N of all sequences.
    """

    def __init__(self, asked: dict, sequences: list):
        ready = asked["model"] in READY
        own = (asked["model"], "transformers", asked.get("letters"), False)
        name, package, letters, trusted = READY[asked["model"]] if ready else own
        try:
            import torch
            import transformers

            importlib.import_module(package)
        except ImportError as error:
            sys.exit(f"{asked['model']} needs torch, transformers and {package}: {error}")
        told = {"revision": asked["revision"], "trust_remote_code": trusted}
        self._tokenizer = transformers.AutoTokenizer.from_pretrained(name, **told)
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._load = lambda: transformers.AutoModel.from_pretrained(name, **told).to(self._device)
        self._encoder, self._head, self._kept = self._load().eval(), None, None
        self._sequences = [spelled(one, letters) for one in sequences]

    def _pooled(self, sequences: list) -> object:
        """Mean of the last hidden layer over tokens that stand for letters, (n, width)."""
        tokens = self._tokenizer(
            sequences, return_tensors="pt", padding=True, return_special_tokens_mask=True
        )
        special = tokens.pop("special_tokens_mask").to(self._device)
        tokens = {key: value.to(self._device) for key, value in tokens.items()}
        hidden = self._encoder(**tokens)[0]
        letters = (1 - special).unsqueeze(-1).to(hidden.dtype)
        return (hidden * letters).sum(1) / letters.sum(1).clamp(min=1)

    def predict(self) -> tuple:
        """Features of all sequences, and outputs of a model that was fine-tuned."""
        import torch

        features, outputs = [], []
        with torch.no_grad():
            for at in range(0, len(self._sequences), AT_ONCE):
                pooled = self._pooled(self._sequences[at : at + AT_ONCE])
                features.append(pooled.float().cpu().numpy())
                if self._head is not None:
                    outputs.append(self._head(pooled).float().cpu().numpy())
        return np.concatenate(features), np.concatenate(outputs) if outputs else None

    def fit(
        self,
        measured: dict,
        classes: bool,
        batch_size: int,
        rate: float,
        epochs: int,
        patience: int,
    ) -> float:
        """Fine-tune a fresh copy with a linear layer on its features, as `KerasTeacher.fit`."""
        import torch

        torch.manual_seed(0)
        self._encoder = self._load()
        targets = torch.tensor(measured["train_targets"], dtype=torch.float32, device=self._device)
        width = self._encoder.config.hidden_size
        self._head = torch.nn.Linear(width, targets.shape[1]).to(self._device)
        parts = [*self._encoder.parameters(), *self._head.parameters()]
        optimizer = torch.optim.AdamW(parts, lr=rate)
        rows, steps = measured["train"], -(-len(measured["train"]) // batch_size)
        falling = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs * steps, 1e-6)
        loss_of = torch.nn.CrossEntropyLoss() if classes else torch.nn.MSELoss()
        best, waited, rng = float("inf"), 0, np.random.default_rng(0)
        for _ in range(epochs):
            self._encoder.train()
            order = rng.permutation(len(rows))
            for at in range(0, len(rows), batch_size):
                own = order[at : at + batch_size]
                optimizer.zero_grad()
                pooled = self._pooled([self._sequences[rows[row]] for row in own])
                loss_of(self._head(pooled), targets[torch.as_tensor(own)]).backward()
                optimizer.step()
                falling.step()
            loss, waited = self._validation(measured, loss_of), waited + 1
            if loss < best:
                best, waited, self._best = loss, 0, self._state()
            if waited >= patience:
                break
        return best

    def _validation(self, measured: dict, loss_of: object) -> float:
        import torch

        self._encoder.eval()
        rows, total = measured["validation"], 0.0
        targets = torch.tensor(measured["validation_targets"], dtype=torch.float32)
        with torch.no_grad():
            for at in range(0, len(rows), AT_ONCE):
                own = rows[at : at + AT_ONCE]
                pooled = self._pooled([self._sequences[row] for row in own])
                truth = targets[at : at + AT_ONCE].to(self._device)
                total += float(loss_of(self._head(pooled), truth)) * len(own)
        return total / len(rows)

    def _state(self) -> list:
        return [
            {key: value.detach().cpu().clone() for key, value in part.state_dict().items()}
            for part in (self._encoder, self._head)
        ]

    def keep(self) -> None:
        """Keep the weights of the best epoch of the last fit."""
        self._kept = self._best

    def restore(self) -> None:
        """Go back to the weights that were kept."""
        for part, state in zip((self._encoder, self._head), self._kept, strict=True):
            part.load_state_dict(state)
        self._encoder.eval()


def spelled(sequence: str, letters: str) -> str:
    """Write a DNA sequence, without N at its ends, in letters of a model: dna, rna, or protein.

    Proteins are translated from the first base on; stops and codons with N are X, and bases behind
    the last whole codon are left out.
    """
    sequence = sequence.strip("N")
    if letters == "rna":
        return sequence.replace("T", "U")
    if letters == "dna":
        return sequence
    numbers = ["TCAG".find(base) for base in sequence]
    codons = [numbers[at : at + 3] for at in range(0, len(numbers) - 2, 3)]
    acids = [CODONS[16 * a + 4 * b + c] if min(a, b, c) >= 0 else "X" for a, b, c in codons]
    return "".join(acids).replace("*", "X")
