"""A made-up regulatory world whose truth is known: motifs, activity, noise, variants, footprints.

Everything follows from the sites of a sequence. A motif is a word of IUPAC letters; a window that
differs from it costs 2 bits for each wrong capital and 1 bit for each wrong small letter, on the
strand where it costs less. A window of at most `CUTOFF` bits is a site of occupancy 2 ** -bits.
For output o (the first is Dev and K562, the second Hk and HepG2) the log2 activity is

    f_o = baseline_o + gc_o (share of G and C - 1/2)
        + sum over sites of occupancy * effect_o of the motif
        + sum over site pairs, in reach of each other, of occupancy * occupancy' * effect_o,

the standard deviation between replicates is

    sigma_o = base * 2 ** (rise * f_o + extra * sum of the occupancies of the noisy motif),

and the coverage around a base is a background plus a peak with a dip, a footprint, for each site.
All of it is the same on both strands, and none of it is random: the oracles below take any codes.
`degu.simulated.files` draws sequences and noise and writes the raw files of every assay.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

CELLS = ("K562", "HepG2")  # In the order of the outputs.
CUTOFF = 3
REACH = 200  # Bases from its centre at which the peak of a site ends.
EVERY = 80  # Bases a planted motif or pair in the sequences of assays,
EVERY_IN_LOCUS = 30  # in a saturated locus,
EVERY_IN_GENOME = 600  # and in the genome around it.
_NEVER = 20  # Bits of an N: no site holds one, and a sum over a motif still fits one byte.
_ALLOWED = dict(A="A", C="C", G="G", T="T", R="AG", Y="CT", S="CG", W="AT", K="GT", M="AC")
_COMPLEMENT = [3, 2, 1, 0, 4]


@dataclass(frozen=True)
class Motif:
    """A word of IUPAC letters: what a site adds to log2 activity, and the height of its peak."""

    name: str
    word: str
    effects: tuple[float, float]
    opening: float


@dataclass(frozen=True)
class Pair:
    """Joint effect of sites of two motifs if their centres are `shortest` to `longest` apart."""

    first: str
    second: str
    shortest: float
    longest: float
    effects: tuple[float, float]


@dataclass(frozen=True)
class World:
    """The constants of the equations above; `coverage_*` are those of `coverage` and its noise."""

    motifs: tuple[Motif, ...]
    pairs: tuple[Pair, ...]
    baseline: tuple[float, float]
    gc: tuple[float, float]
    noise_base: float
    noise_rise: float
    noise_motif: str
    noise_extra: float
    coverage_background: float
    coverage_floor: float
    coverage_slope: float

    def index(self, name: str) -> int:
        """Return the number of a motif."""
        return [motif.name for motif in self.motifs].index(name)


WORLD = World(
    motifs=(
        Motif("general", "tCGGAAGTGa", (1.0, 0.8), 4.0),
        Motif("first_cell", "aGATAAGRgc", (1.6, 0.1), 6.0),
        Motif("second_cell", "cTTGACCYtagt", (0.1, 1.6), 3.0),
        Motif("left", "acCCACGTGYct", (0.3, 0.2), 2.0),
        Motif("right", "gtCTAACKGAgc", (0.2, 0.3), 2.0),
        Motif("silencer", "tCAGCACSaa", (-0.8, -0.6), 0.0),
        Motif("noisy", "cATTWGCATc", (0.0, 0.0), 1.0),
    ),
    pairs=(
        # Partners that help each other at the right spacing, and quenching at short range.
        Pair("left", "right", 12, 30, (1.4, 1.2)),
        Pair("silencer", "first_cell", 0, 100, (-0.7, 0.0)),
    ),
    baseline=(0.0, -0.5),
    gc=(1.0, -0.6),
    noise_base=0.25,
    noise_rise=0.15,
    noise_motif="noisy",
    noise_extra=1.0,
    coverage_background=0.3,
    coverage_floor=0.05,
    coverage_slope=0.2,
)


def sites(codes: np.ndarray, world: World = WORLD) -> pd.DataFrame:
    """Find every site of every motif on both strands.

    Parameters
    ----------
    codes : uint8 array, shape (n, length)

    Returns
    -------
    DataFrame
        One row a site: `row` of codes, `motif` number, `start` (first base, from 0), `strand`
        (1, or -1 where the reverse complement matches better), `centre` and `occupancy`.
    """
    found = []
    for number, motif in enumerate(world.motifs):
        costs = _costs(motif.word)
        forward, reverse = _bits(codes, costs), _bits(codes, costs[::-1, _COMPLEMENT])
        bits = np.minimum(forward, reverse)
        row, start = np.nonzero(bits <= CUTOFF)
        found.append(
            pd.DataFrame(
                {
                    "row": row,
                    "motif": number,
                    "start": start,
                    "strand": np.where(forward <= reverse, 1, -1)[row, start],
                    "centre": start + (len(motif.word) - 1) / 2,
                    "occupancy": 0.5 ** bits[row, start],
                }
            )
        )
    return pd.concat(found, ignore_index=True)


@cache
def _costs(word: str) -> np.ndarray:
    """Bits that each base (A C G T N) costs at each position of a word."""
    costs = np.empty((len(word), 5), np.uint8)
    for position, letter in enumerate(word):
        costs[position] = 2 if letter.isupper() else 1
        costs[position, ["ACGT".index(base) for base in _ALLOWED[letter.upper()]]] = 0
    costs[:, 4] = _NEVER
    return costs


def _bits(codes: np.ndarray, costs: np.ndarray) -> np.ndarray:
    windows = max(codes.shape[1] - len(costs) + 1, 0)
    bits = np.zeros((len(codes), windows), np.uint8)
    for position, cost in enumerate(costs):
        bits += cost[codes[:, position : position + windows]]
    return bits


def activity(codes: np.ndarray, world: World = WORLD) -> np.ndarray:
    """Return the noiseless log2 activity f of sequences.

    Parameters
    ----------
    codes : uint8 array, shape (n, length)

    Returns
    -------
    float array, shape (n, 2)
    """
    return _activity(codes, sites(codes, world), world)


def noise(codes: np.ndarray, world: World = WORLD) -> np.ndarray:
    """Return the standard deviation sigma between replicates: float, shape (n, 2)."""
    found = sites(codes, world)
    extra = (
        world.noise_extra * _doses(found, len(codes), world)[:, [world.index(world.noise_motif)]]
    )
    return world.noise_base * 2 ** (world.noise_rise * _activity(codes, found, world) + extra)


def _activity(codes: np.ndarray, found: pd.DataFrame, world: World) -> np.ndarray:
    share = np.isin(codes, (1, 2)).mean(axis=1, keepdims=True)
    total = world.baseline + (share - 0.5) * world.gc
    total += _doses(found, len(codes), world) @ [motif.effects for motif in world.motifs]
    for pair in world.pairs:
        total += np.outer(_pair_dose(found, len(codes), pair, world), pair.effects)
    return total


def _doses(found: pd.DataFrame, n: int, world: World) -> np.ndarray:
    doses = np.zeros((n, len(world.motifs)))
    np.add.at(doses, (found.row, found.motif), found.occupancy)
    return doses


def _pair_dose(found: pd.DataFrame, n: int, pair: Pair, world: World) -> np.ndarray:
    first, second = (found[found.motif == world.index(name)] for name in (pair.first, pair.second))
    both = first.merge(second, on="row")
    both = both[(both.centre_x - both.centre_y).abs().between(pair.shortest, pair.longest)]
    return np.bincount(both.row, both.occupancy_x * both.occupancy_y, minlength=n)


def variant_effects(
    codes: np.ndarray, positions: np.ndarray, alts: np.ndarray, world: World = WORLD
) -> np.ndarray:
    """Return f(alt) - f(ref) of one substitution in each sequence.

    Parameters
    ----------
    codes : uint8 array, shape (n, length)
        With the reference base.
    positions : int or int array, shape (n,)
        Position of the substituted base, from 0.
    alts : uint8 array, shape (n,)

    Returns
    -------
    float array, shape (n, 2)
    """
    changed = codes.copy()
    changed[np.arange(len(codes)), positions] = alts
    return activity(changed, world) - activity(codes, world)


def coverage(codes: np.ndarray, world: World = WORLD) -> np.ndarray:
    """Return the noiseless fold change at every base: 0 at N, else a background and footprints.

    A site adds opening * occupancy * footprint(distance to its centre); sites outside the codes
    add nothing, so a window is exact only `REACH` bases away from its ends.

    Parameters
    ----------
    codes : uint8 array, shape (n, length)

    Returns
    -------
    float array, shape (n, length)
    """
    mean = np.full(codes.shape, world.coverage_background)
    for number, group in sites(codes, world).groupby("motif"):
        centre = group.centre.to_numpy()[:, None]
        position = np.ceil(centre - REACH).astype(int) + np.arange(2 * REACH)
        height = world.motifs[number].opening * group.occupancy.to_numpy()[:, None]
        peak = height * footprint(position - centre)
        row = np.broadcast_to(group.row.to_numpy()[:, None], position.shape)
        inside = (position >= 0) & (position < codes.shape[1])
        np.add.at(mean, (row[inside], position[inside]), peak[inside])
    mean[codes == 4] = 0
    return mean


def footprint(distance: np.ndarray) -> np.ndarray:
    """Return a peak 60 bases wide (as a Gaussian's SD) with a dip of 6 where the motif is bound."""
    return np.exp(-0.5 * (distance / 60) ** 2) - 0.7 * np.exp(-0.5 * (distance / 6) ** 2)


def coverage_noise(mean: np.ndarray, world: World = WORLD) -> np.ndarray:
    """Return the standard deviation between replicates: floor + slope * mean, 0 for a mean of 0."""
    return np.where(mean > 0, world.coverage_floor + world.coverage_slope * mean, 0)


def background(n: int, length: int, rng: np.random.Generator) -> np.ndarray:
    """Draw random sequences (n, length), each with its own G and C content from 35 to 65 %."""
    strong = rng.random((n, length)) < rng.uniform(0.35, 0.65, (n, 1))
    coin = rng.integers(2, size=(n, length))
    return np.where(strong, 1 + coin, 3 * coin).astype(np.uint8)


def plant(codes: np.ndarray, every: int, rng: np.random.Generator, world: World = WORLD) -> None:
    """Write motif instances into codes, in place, at random: one motif or pair an `every` bases.

    An instance has a random strand, random bases where its word allows several, and in one case
    of four one position redrawn. Pairs lie 10 to 60 bases apart. One that would not fit is left
    out, and later ones may overwrite earlier ones: `sites` finds those that remain.
    """
    items = [(motif,) for motif in world.motifs]
    items += [
        (world.motifs[world.index(pair.first)], world.motifs[world.index(pair.second)])
        for pair in world.pairs
    ]
    for row in codes:
        for item in rng.integers(len(items), size=rng.poisson(len(row) / every)):
            start = rng.integers(len(row))
            for motif in items[item]:
                instance = _instance(motif, rng)
                if start + len(instance) <= len(row):
                    row[start : start + len(instance)] = instance
                start += rng.integers(10, 61)


def _instance(motif: Motif, rng: np.random.Generator) -> np.ndarray:
    allowed = _costs(motif.word)[:, :4] == 0
    instance = np.argmax(rng.random(allowed.shape) * allowed, axis=1).astype(np.uint8)
    if rng.random() < 0.25:
        instance[rng.integers(len(instance))] = rng.integers(4)
    return instance if rng.random() < 0.5 else 3 - instance[::-1]
