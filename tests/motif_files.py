"""Motif files that tests of motifs share."""

import numpy as np

from degu.motifs.meme import Motifs
from degu.simulated.world import _ALLOWED, WORLD


def of_word(word):
    """Motif of a word of IUPAC letters: 0.97 on the letters that a capital allows, else 0.8."""
    rows = []
    for letter in word:
        allowed = ["ACGT".index(base) for base in _ALLOWED[letter.upper()]]
        share = 0.97 if letter.isupper() else 0.8
        row = np.full(4, (1 - share) / (4 - len(allowed)))
        row[allowed] = share / len(allowed)
        rows.append(row)
    return np.array(rows)


PLANTED = {motif.name: of_word(motif.word) for motif in WORLD.motifs}


def with_decoys(number):
    """Motifs of the simulated world, and as many others of words that are drawn."""
    rng = np.random.default_rng(5)
    words = ["".join(rng.choice(list("ACGT"), rng.integers(8, 13))) for _ in range(number)]
    matrices = PLANTED | {f"decoy{at}": of_word(word) for at, word in enumerate(words)}
    return Motifs(matrices, {name: name.upper() for name in matrices}, True)
