"""The simulated world's genome: its FASTA, saturated loci and replicate tracks."""

import gzip
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import norm

from degu import tracks
from degu.job import atomic
from degu.sequences import decode
from degu.simulated import world as simulated
from degu.simulated.world import CELLS, EVERY_IN_GENOME, EVERY_IN_LOCUS

LOCI = {"PKLR": ("K562", "PKLR-48h"), "SORT1": ("HepG2", "SORT1")}  # Cell, element of Kircher.
REPLICATES = (1, 2, 3)
WINDOW = 230
VARIANT_NOISE = 0.05  # Standard deviation of measured variant effects.
MISMATCHES = 3  # Rows a locus whose Ref disagrees with the genome.
LIFT = 1000  # Positions of the later assembly lie this much further.


def draw(
    chromosomes: Mapping[str, int], locus_length: int, rng: np.random.Generator
) -> tuple[dict[str, np.ndarray], dict[str, tuple[str, int]]]:
    """Draw chromosomes with planted motifs, denser in the loci, and two runs of N in each.

    Parameters
    ----------
    chromosomes
        Their lengths.
    locus_length
        Bases of each locus; all loci lie on the first chromosome.
    rng

    Returns
    -------
    genome : dict
        Codes of each chromosome, shape (length,).
    starts : dict
        Chromosome and first base (from 0) of each of `LOCI`.
    """
    genome, starts = {}, {}
    for chrom, length in chromosomes.items():
        codes = simulated.background(1, length, rng)
        simulated.plant(codes, EVERY_IN_GENOME, rng)
        genome[chrom] = codes[0]
        genome[chrom][: length // 50] = 4
        genome[chrom][length // 2 : length // 2 + length // 100] = 4
    first = next(iter(genome))
    for number, locus in enumerate(LOCI):
        start = (2 * number + 1) * len(genome[first]) // (2 * len(LOCI))
        starts[locus] = (first, start)
        simulated.plant(genome[first][None, start : start + locus_length], EVERY_IN_LOCUS, rng)
    return genome, starts


def write_fasta(paths: Mapping[str, Path], genome: Mapping[str, np.ndarray]) -> None:
    """Write `genome`, in lines of 60 bases and partly soft-masked, and its `genome_index`."""
    text, index = "", ""
    for chrom, codes in genome.items():
        text += f">{chrom}\n"
        index += f"{chrom}\t{len(codes)}\t{len(text)}\t60\t61\n"
        letters = decode(codes[None])[0]
        masked = slice(len(letters) // 5, len(letters) * 2 // 7)
        letters = letters[: masked.start] + letters[masked].lower() + letters[masked.stop :]
        text += "".join(letters[i : i + 60] + "\n" for i in range(0, len(letters), 60))
    for key, content in {"genome": text, "genome_index": index}.items():
        with atomic(paths[key]) as temporary:
            temporary.write_text(content)


def satmut(
    paths: Mapping[str, Path],
    genome: Mapping[str, np.ndarray],
    starts: Mapping[str, tuple[str, int]],
    locus_length: int,
    rng: np.random.Generator,
) -> dict:
    """Write `release_*` and `challenge_*` of each locus, and all of them as `kircher`.

    Value is the effect and noise of `VARIANT_NOISE`, to 2 decimals, and Confidence -log10(p) / 50,
    at most 1, as in CAGI5; Coefficient is the same sum as Value, not rounded.

    Returns
    -------
    truth : dict
        As `degu.simulated.files` describes it.
    """
    truth, published = {}, []
    for locus, (cell, element) in LOCI.items():
        chrom, start = starts[locus]
        variants = _variants(genome[chrom], start, locus_length, CELLS.index(cell), rng)
        place = variants[["position", "ref", "alt"]].set_axis(["Pos", "Ref", "Alt"], axis=1)
        place.insert(0, "Chrom", chrom.removeprefix("chr"))
        measured = variants["effect"] + variants["noise"]
        z = measured.abs() / VARIANT_NOISE
        confidence = -(np.log(2) + norm.logsf(z)) / np.log(10) / 50
        table = place.assign(Value=measured.round(2) + 0.0)  # Adding 0 turns -0.0 into 0.0.
        table["Confidence"] = confidence.clip(0, 1).round(2)
        _write_cagi5(paths[f"release_{locus}"], table[variants["release"]])
        _write_cagi5(paths[f"challenge_{locus}"], table[~variants["release"]])
        published.append(place.assign(Coefficient=measured, pValue=2 * norm.sf(z), Element=element))
        truth[locus] = {
            **variants,
            "chrom": chrom,
            "start": start,
            "length": locus_length,
            "cell": cell,
            "mismatches": MISMATCHES,
            "missing": 3 * locus_length - len(variants),
        }
    _write_kircher(paths["kircher"], pd.concat(published, ignore_index=True), rng)
    return truth


def _variants(
    chromosome: np.ndarray, start: int, length: int, output: int, rng: np.random.Generator
) -> pd.DataFrame:
    index = np.repeat(np.arange(start, start + length), 3)
    step = np.tile([1, 2, 3], length)
    kept = rng.random(len(index)) > 0.015
    index, step = index[kept], step[kept]
    ref, alt = chromosome[index], (chromosome[index] + step) % 4
    centre = (WINDOW - 1) // 2
    windows = np.lib.stride_tricks.sliding_window_view(chromosome, WINDOW)[index - centre]
    effect = simulated.variant_effects(windows, centre, alt)[:, output]
    mismatch = np.zeros(len(index), bool)
    mismatch[rng.choice(len(index), MISMATCHES, replace=False)] = True
    neither = (ref + np.where(step == 1, 2, 1)) % 4
    stated = np.where(mismatch, neither, ref)
    return pd.DataFrame(
        {
            "position": index + 1,
            "ref": list(decode(stated[None])[0]),
            "alt": list(decode(alt[None])[0]),
            "effect": effect,
            "noise": VARIANT_NOISE * rng.standard_normal(len(index)),
            "release": rng.random(len(index)) < 0.27,
            "mismatch": mismatch,
        }
    )


def _write_cagi5(path: Path, table: pd.DataFrame) -> None:
    """Write a table under six lines of remarks and with a # before its header."""
    with atomic(path) as temporary:
        temporary.write_text("## simulated\n" * 6 + "#" + table.to_csv(sep="\t", index=False))


def _write_kircher(path: Path, variants: pd.DataFrame, rng: np.random.Generator) -> None:
    """Write substitutions, and a deletion for each hundredth one, on both assemblies."""
    deletions = variants.iloc[::100].assign(Alt="-")
    table = pd.concat([variants, deletions], ignore_index=True)
    barcodes = rng.integers(20, 1000, len(table))
    rna = (30 * barcodes * 2 ** table["Coefficient"]).round().astype(int)
    table.insert(4, "Barcodes", barcodes)
    table.insert(5, "DNA", 30 * barcodes)
    table.insert(6, "RNA", rna)
    lifted = table.assign(Pos=table["Pos"] + LIFT)
    table = pd.concat([table.assign(Release="GRCh37"), lifted.assign(Release="GRCh38")])
    with atomic(path) as temporary:
        text = table.to_csv(sep="\t", index=False)
        temporary.write_bytes(gzip.compress(text.encode(), mtime=0))


def profile(
    paths: Mapping[str, Path], genome: Mapping[str, np.ndarray], rng: np.random.Generator
) -> dict:
    """Write the replicate tracks `profile_*`: gamma noise around the coverage, no values in a gap.

    Returns
    -------
    truth : dict
        As `degu.simulated.files` describes it.
    """
    truth = {}
    for chrom, codes in genome.items():
        mean = simulated.coverage(codes[None])[0]
        gap = len(codes) * 9 // 10
        truth[chrom] = {
            "mean": mean,
            "sd": simulated.coverage_noise(mean),
            "sites": simulated.sites(codes[None]),
            "unmappable": [gap, gap + len(codes) // 30],
            "N": int((codes == 4).sum()),
        }
    sizes = {chrom: len(codes) for chrom, codes in genome.items()}
    for replicate in REPLICATES:
        tracks.write(paths[f"profile_{replicate}"], sizes, _replicate(truth, rng))
    return truth


def _replicate(truth: Mapping[str, dict], rng: np.random.Generator) -> Iterator:
    """Draw gamma noise: never negative, and of exactly the mean and standard deviation wanted."""
    for chrom, known in sorted(truth.items()):
        mean, sd = known["mean"], known["sd"]
        values = np.zeros_like(mean)
        some = mean > 0
        values[some] = rng.gamma((mean[some] / sd[some]) ** 2, sd[some] ** 2 / mean[some])
        first, last = known["unmappable"]
        yield chrom, 0, values[:first]
        yield chrom, last, values[last:]
