"""DNA and RNA as codes: A C G T = 0 1 2 3 and N = 4, one byte a base; U is T."""

from collections.abc import Mapping, Sequence

import numpy as np

from degu.job import InputError

ALPHABET = "ACGTN"
UNKNOWN = ALPHABET.index("N")
# IUPAC codes of several bases, such as a few of GRCh38, are unknown, like N.
AMBIGUOUS = str.maketrans(dict.fromkeys("RYSWKMBDHVryswkmbdhv", "N"))
_CODE = np.full(256, 255, np.uint8)
for _code, _letter in enumerate(ALPHABET):
    _CODE[[ord(_letter), ord(_letter.lower())]] = _code
_CODE[[ord("U"), ord("u")]] = ALPHABET.index("T")
_LETTER = np.frombuffer(ALPHABET.encode(), np.uint8)
_COMPLEMENT = np.array([3, 2, 1, 0, 4], np.uint8)
_ONE_HOT = np.eye(5, 4, dtype=np.float32)
# Bases in a row that two sequences share where they overlap.
K = 40
# Odd, so that products of different codes stay different modulo 2 ** 64.
_BASE = np.uint64(0x9E3779B97F4A7C15)


def encode(sequences: Sequence[str], names: Sequence[str] | None = None) -> np.ndarray:
    """Encode sequences of one length.

    Parameters
    ----------
    sequences
        Letters A C G T N in either case; U, of RNA, is T.
    names
        Name of each sequence in errors; its number (from 1) by default.

    Returns
    -------
    codes : uint8 array, shape (n, length)

    Raises
    ------
    InputError
        For no sequence, an empty one, another length than the first one's, or another letter.
    """

    def name(row: int) -> str:
        return f"sequence {row + 1}" if names is None else f"sequence {names[row]!r}"

    if len(sequences) == 0:
        raise InputError("There are no sequences: at least one is needed.")
    lengths = np.fromiter(map(len, sequences), np.int64, len(sequences))
    length = int(lengths[0])
    if length == 0:
        raise InputError(f"{name(0)} is empty: at least one base is needed.")
    if (lengths != length).any():
        row = int(np.argmax(lengths != length))
        _check_letters(sequences[row], name(row))
        raise InputError(
            f"{name(row)} has {lengths[row]} bases, but {name(0)} has {length}: "
            "all sequences of a data set need the same length (`length` pads or cuts those of a "
            "table)."
        )
    # A letter outside Latin-1 becomes '?', one byte as well, and is reported below.
    letters = np.frombuffer("".join(sequences).encode("latin-1", "replace"), np.uint8)
    codes = _CODE[letters].reshape(len(sequences), length)
    if (codes == 255).any():
        row = int(np.argwhere(codes == 255)[0, 0])
        _check_letters(sequences[row], name(row))
    return codes


def _check_letters(sequence: str, name: str) -> None:
    for position, letter in enumerate(sequence, 1):
        if letter.upper() not in f"{ALPHABET}U":
            raise InputError(
                f"{name} has {letter!r} at position {position}: allowed are A, C, G, T, U and N."
            )


def fit(sequences: Sequence[str], length: str | Mapping[str, str]) -> list[str]:
    """Make sequences equally long.

    Parameters
    ----------
    sequences
        Letters.
    length
        {"pad": side}: N up to the longest sequence, on the "left", on the "right", or on "both"
        sides (an odd one on the right); or "centre": as much of the middle as the shortest has.

    Returns
    -------
    sequences : list of str
    """
    if length == "centre":
        shortest = min(map(len, sequences))
        starts = [(len(sequence) - shortest) // 2 for sequence in sequences]
        return [s[start : start + shortest] for s, start in zip(sequences, starts, strict=True)]
    longest = max(map(len, sequences))
    share = {"left": 1.0, "both": 0.5, "right": 0.0}[length["pad"]]
    lefts = [int(share * (longest - len(sequence))) for sequence in sequences]
    return [("N" * left + s).ljust(longest, "N") for s, left in zip(sequences, lefts, strict=True)]


def decode(codes: np.ndarray) -> list[str]:
    """Return the letters of codes of shape (n, length): the inverse of `encode`."""
    return [row.tobytes().decode() for row in _LETTER[codes]]


def one_hot(codes: np.ndarray) -> np.ndarray:
    """Return float32 one-hot rows of shape (..., 4), channels A C G T; N is all zeros."""
    return _ONE_HOT[codes]


def reverse_complement(codes: np.ndarray) -> np.ndarray:
    """Return the opposite strand of codes of shape (..., length), read 5' to 3'."""
    return _COMPLEMENT[codes[..., ::-1]]


def kmers(codes: np.ndarray, k: int = K) -> np.ndarray:
    """Hash every k-mer of sequences, on the strand that is given.

    Parameters
    ----------
    codes : uint8 array, shape (n, length)
    k
        Bases of a k-mer.

    Returns
    -------
    hashes : uint64 array, shape (n, length - k + 1)
        Equal k-mers have equal hashes; none for sequences that are shorter.
    """
    windows = max(0, codes.shape[1] - k + 1)
    hashed = np.zeros((len(codes), windows), np.uint64)
    for at in range(k):
        hashed = hashed * _BASE + codes[:, at : at + windows] + np.uint64(1)
    return hashed


def fingerprints(codes: np.ndarray) -> np.ndarray:
    """Hash whole sequences, equal ones and reverse complements alike, padded or not.

    Parameters
    ----------
    codes : uint8 array, shape (n, length)

    Returns
    -------
    hashes : uint64 array, shape (n,)
    """
    strands = np.stack([codes, reverse_complement(codes)])
    hashed = np.zeros(strands.shape[:2], np.uint64)
    for bases in np.moveaxis(strands, -1, 0):
        hashed = np.where(bases == UNKNOWN, hashed, hashed * _BASE + bases + np.uint64(1))
    return hashed.min(axis=0)


def shuffle(codes: np.ndarray, seed: int) -> np.ndarray:
    """Permute the positions within each sequence, each one by its own draw.

    Base composition is kept, order is not: the large shift of the paper (Methods,
    "Out-of-distribution sequences").
    """
    return np.random.default_rng(seed).permuted(codes, axis=1)


def dinucleotide_shuffle(codes: np.ndarray, seed: int | np.random.Generator) -> np.ndarray:
    """Shuffle each sequence and keep the count of every dinucleotide in it.

    Each result is a uniformly drawn Eulerian path through the sequence's dinucleotides
    (Altschul and Erickson, 1985); first and last base stay in place.

    Parameters
    ----------
    codes : uint8 array, shape (n, length)
    seed
        Seed of the generator that all n draws share, or the generator.

    Returns
    -------
    codes : uint8 array, shape (n, length)
    """
    rng = np.random.default_rng(seed)
    return np.stack([_euler_shuffle(row, rng) for row in codes])


def _euler_shuffle(row: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    successors = [row[1:][row[:-1] == base] for base in range(5)]
    last = _last_exits(successors, int(row[-1]), rng)
    for base, following in enumerate(successors):
        if len(following) == 0:
            continue
        order = rng.permutation(len(following))
        if base != row[-1]:
            # The exit that leads on towards the end must be the last one taken.
            order = np.append(order[order != last[base]], last[base])
        successors[base] = following[order]
    shuffled = np.empty_like(row)
    shuffled[0] = row[0]
    used = [0] * 5
    for position in range(1, len(row)):
        base = shuffled[position - 1]
        shuffled[position] = successors[base][used[base]]
        used[base] += 1
    return shuffled


def _last_exits(successors: list[np.ndarray], end: int, rng: np.random.Generator) -> dict[int, int]:
    """Draw, for every base but the last, a final exit such that all exits lead to the last base."""
    others = [base for base in range(5) if base != end and len(successors[base])]
    while True:
        exits = {base: int(rng.integers(len(successors[base]))) for base in others}
        if all(_leads_to(end, base, exits, successors) for base in others):
            return exits


def _leads_to(end: int, base: int, exits: dict[int, int], successors: list[np.ndarray]) -> bool:
    for _ in range(5):
        if base == end:
            return True
        base = int(successors[base][exits[base]])
    return base == end
