"""Raw files of the simulated world, in the formats of the paper's data, and a file of their truth.

The odd rows of the published files are planted as well, and counted. `truth.h5` holds

/world                attributes: `json`, the constants of `degu.simulated.world.World`, and `seed`
/starrseq             name, activity (n, 2) and sigma (n, 2), as the rows of the table
/lentimpra/{cell}     one row a sequence of the design, tables aside: name, element, reverse, codes,
                      activity and sigma (n,), replicates that measured it (0: it is not in Table 4)
                      and in_library (else it is not in Table 3)
/satmut/{locus}       one row a substitution of the tables: position (from 1), ref and alt as
                      stated, effect f(alt) - f(ref) in a window of 230 bases, noise (what the
                      measurement adds to it), release (else challenge), mismatch (ref is not the
                      genome's); attributes chrom, start (from 0), length and cell
/planted              name, true (without noise) and sigma (n,), as the rows of the table
/profile/{chrom}      mean and sd between replicates at every base; attribute unmappable
                      [first, last), where the tracks have no values

and, where sequences have sites, a group `sites`: one row a site, as `degu.simulated.world.sites`
returns them. Counts of what was planted are attributes of the group. HDF5, FASTA, tables and
tracks are the same to the byte for the same seed; workbooks hold the time of writing beside that.
"""

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path

import h5py
import numpy as np
import openpyxl
import pandas as pd

from degu import job
from degu.job import InputError, atomic
from degu.sequences import decode, encode, reverse_complement
from degu.simulated import genome as genomes
from degu.simulated import planted
from degu.simulated import world as simulated
from degu.simulated.genome import LIFT, LOCI, REPLICATES
from degu.simulated.world import CELLS, EVERY
from degu.splits import split_by_group

CHROMOSOMES = {"chr1": 60_000, "chr8": 60_000, "chr9": 60_000, "chrUn_1": 10_000, "chrY": 10_000}
ADAPTORS = ("AGGACCGGATCAACT", "CATTGCGTGAACCGA")
FILES = {
    "starrseq": "starrseq.tsv",
    "lentimpra_sequences": "lentimpra_table3.xlsx",
    "lentimpra_activity": "lentimpra_table4.xlsx",
    "genome": "genome.fa",
    "genome_index": "genome.fa.fai",
    "kircher": "satmut_elements.tsv.gz",
    "planted": "planted.tsv",
    "planted_variants": "planted_variants.tsv",
    "truth": "truth.h5",
    **{f"release_{locus}": f"release_{locus}.tsv" for locus in LOCI},
    **{f"challenge_{locus}": f"challenge_{locus}.tsv" for locus in LOCI},
    **{f"profile_{replicate}": f"profile_{replicate}.bw" for replicate in REPLICATES},
}


def simulate(
    folder: str | Path,
    seed: int,
    starrseq_rows: int = 2000,
    lentimpra_elements: int = 1500,
    chromosomes: Mapping[str, int] = CHROMOSOMES,
    locus_length: int = 300,
    planted_rows: int = 2000,
) -> dict[str, Path]:
    """Draw one world's data and write them.

    Parameters
    ----------
    folder
        Folder of the files of `FILES`.
    seed
        The same seed and sizes give the same data; the size of one assay does not change another.
    starrseq_rows
        Even, at least 200: each sequence stands on both strands.
    lentimpra_elements
        For each cell, at least 100, not counting reversed ones.
    chromosomes
        Their lengths, at least 2000 and ten loci; the loci lie on the first one.
    locus_length
        Bases of a saturated locus, at least 100.
    planted_rows
        Sequences of the table whose test set is noise-free, at least 100.

    Returns
    -------
    paths : dict
        By the keys of `FILES`.

    Raises
    ------
    InputError
        For a size that is too small.
    """
    if starrseq_rows < 200 or starrseq_rows % 2:
        raise InputError(f"starrseq_rows is {starrseq_rows}: an even number from 200 is needed.")
    if lentimpra_elements < 100:
        raise InputError(f"lentimpra_elements is {lentimpra_elements}: at least 100 are needed.")
    if locus_length < 100:
        raise InputError(f"locus_length is {locus_length}: at least 100 are needed.")
    if planted_rows < 100:
        raise InputError(f"planted_rows is {planted_rows}: at least 100 are needed.")
    least = max(2000, 10 * locus_length)
    for chrom, length in chromosomes.items():
        if length < least:
            raise InputError(f"{chrom} has {length} bases: at least {least} are needed.")
    paths = {key: Path(folder) / name for key, name in FILES.items()}

    def rng(part: str) -> np.random.Generator:
        return np.random.default_rng(job.seed("simulated", seed, part))

    world = json.dumps(dataclasses.asdict(simulated.WORLD))
    truth = {"world": {"json": world, "seed": seed}}
    truth["starrseq"] = _starrseq(paths["starrseq"], starrseq_rows, rng("starrseq"))
    truth["lentimpra"] = _lentimpra(paths, lentimpra_elements, rng("lentimpra"))
    genome, starts = genomes.draw(chromosomes, locus_length, rng("genome"))
    genomes.write_fasta(paths, genome)
    truth["satmut"] = genomes.satmut(paths, genome, starts, locus_length, rng("satmut"))
    variants = truth["satmut"][planted.LOCUS]
    truth["planted"] = planted.write(paths, planted_rows, variants, rng("planted"))
    truth["profile"] = genomes.profile(paths, genome, rng("profile"))
    with atomic(paths["truth"]) as temporary, h5py.File(temporary, "w") as file:
        _save(file, truth)
    return paths


def _save(group: h5py.Group, content: Mapping | pd.DataFrame) -> None:
    """Write arrays as data sets, mappings and frames as groups, the rest as attributes."""
    for key, value in content.items():
        if isinstance(value, Mapping | pd.DataFrame):
            _save(group.create_group(key), value)
        elif isinstance(value, np.ndarray | pd.Series):
            values = np.asarray(value)
            text = values.dtype.kind in "OU"
            values = values.astype(object) if text else values
            dtype = h5py.string_dtype() if text else values.dtype
            group.create_dataset(key, data=values, dtype=dtype, compression="gzip")
        else:
            group.attrs[key] = value


def _starrseq(path: Path, rows: int, rng: np.random.Generator) -> dict:
    regions = simulated.background(rows // 2, 249, rng)
    simulated.plant(regions, EVERY, rng)
    unread = rng.choice(len(regions), rows // 100, replace=False)
    regions[unread, :20] = 4
    words = {"train": ("Train", "chr2L"), "validation": ("Val", "chr2R"), "test": ("Test", "chr3R")}
    splits = split_by_group(np.arange(len(regions)), int(rng.integers(2**31)))
    places = [words[split] for split in np.repeat(splits, 2)]
    codes = np.stack([regions, reverse_complement(regions)], axis=1).reshape(rows, -1)
    activity, sigma = simulated.activity(codes), simulated.noise(codes)
    # One measurement a region, which both strands carry, as in the published table.
    drawn = rng.standard_normal((len(regions), activity.shape[1])).repeat(2, axis=0)
    measured = (activity + sigma * drawn).round(6)
    start = 1 + 400 * (np.arange(rows) // 2)
    kinds = np.where(activity.max(axis=1) > 1, "positive_peaks", "negative")
    table = pd.DataFrame(
        {
            "seqnames": [chrom for _, chrom in places],
            "start": start,
            "end": start + 248,
            "ID": "",
            "set": [word for word, _ in places],
            "Sequence": decode(codes),
            "Dev_log2_enrichment": measured[:, 0],
            "Hk_log2_enrichment": measured[:, 1],
        }
    )
    strands = np.tile(["+", "-"], len(regions))
    table["ID"] = [
        f"{row.seqnames}_{row.start}_{row.end}_{strand}_{kind}"
        for row, strand, kind in zip(table.itertuples(), strands, kinds, strict=True)
    ]
    with atomic(path) as temporary:
        table.to_csv(temporary, sep="\t", index=False)
    return {
        "name": table["ID"],
        "activity": activity,
        "sigma": sigma,
        "sites": simulated.sites(codes),
        "rows_with_N": 2 * len(unread),
    }


def _lentimpra(paths: Mapping[str, Path], elements: int, rng: np.random.Generator) -> dict:
    truth, sequences, activities = {}, {}, {}
    for output, cell in enumerate(CELLS):
        design, codes = _design(cell, elements, rng)
        design["activity"] = simulated.activity(codes)[:, output]
        design["sigma"] = simulated.noise(codes)[:, output]
        sequences[f"{cell} large-scale"] = _library(cell, design, codes)
        activities[f"{cell}_summary_data"] = _measured(design, rng)
        columns = ["name", "element", "reverse", "activity", "sigma", "replicates", "in_library"]
        truth[cell] = {
            **design[columns],
            "codes": codes,
            "sites": simulated.sites(codes),
            **_counts(design),
        }
    _write_workbook(paths["lentimpra_sequences"], sequences)
    _write_workbook(paths["lentimpra_activity"], activities)
    return truth


def _design(cell: str, elements: int, rng: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the designed sequences, odd ones among them, and their codes."""
    few = elements // 50
    controls, promoters, peaks = np.split(np.arange(elements), [3 * few, 8 * few])
    category = np.repeat(["control", "promoter", "peak"], [3 * few, 5 * few, len(peaks)])
    number = np.arange(1, elements + 1)
    element = np.array([_name(cell, kind, i) for kind, i in zip(category, number, strict=True)])
    inserts = simulated.background(elements, 200, rng)
    simulated.plant(inserts, EVERY, rng)
    inserts[promoters[:few]] = inserts[rng.choice(peaks, few, replace=False)]

    # The first few have no reverse, the next few no measured forward.
    lone, paired = np.split(rng.permutation(peaks)[few:], [few])
    reversed_ = np.sort(np.concatenate([lone, paired]))
    forward = pd.DataFrame({"name": element, "element": element, "category": category})
    forward = forward.assign(number=number, reverse=False, shared_insert=False)
    forward.loc[promoters[:few], "shared_insert"] = True
    suffix = np.where((cell == "HepG2") & np.isin(number % 30, (0, 7)), "_Reversed_0", "_Reversed")
    backward = forward.assign(name=forward["name"] + suffix, reverse=True).iloc[reversed_]
    design = pd.concat([forward, backward], ignore_index=True)
    inserts = np.concatenate([inserts, reverse_complement(inserts[reversed_])])
    left, right = (np.tile(encode([adaptor]), (len(inserts), 1)) for adaptor in ADAPTORS)

    design["in_library"] = True
    design.loc[controls[:few], "in_library"] = False
    complete = np.flatnonzero(design["element"].isin(element[paired]))
    incomplete = rng.choice(complete, 3 * few, replace=False)
    design["replicates"] = 3
    design.loc[incomplete[few:], "replicates"] = 2
    design.loc[incomplete[:few], "replicates"] = 1
    design.loc[np.concatenate([lone, promoters[-few:]]), "replicates"] = 0
    return design, np.hstack([left, inserts, right])


def _counts(design: pd.DataFrame) -> dict[str, int]:
    """Count the oddities of a design."""
    reverses = design[design["reverse"]]
    measured = design.loc[design["replicates"] > 0, "name"]
    counts = {
        "shared_inserts": design["shared_insert"],
        "reverses": design["reverse"],
        "reverses_0": design["name"].str.endswith("_Reversed_0"),
        "controls": design["category"] == "control",
        "activity_without_sequence": ~design["in_library"],
        "sequence_without_activity": design["replicates"] == 0,
        "one_replicate_missing": design["replicates"] == 2,
        "std_missing": design["replicates"] == 1,
        "reverse_without_forward": ~reverses["element"].isin(measured),
        "reversed_names_ending_in_0": reverses["element"].str.endswith("0"),
        "reversed_names_starting_with_R_e_v": reverses["element"].str.match("[Rev]"),
    }
    return {name: int(rows.sum()) for name, rows in counts.items()}


def _name(cell: str, category: str, number: int) -> str:
    """Name an element; stripping the letters of "_Reversed_0" would maul some of the names."""
    if category == "control":
        return f"Cneg{number}_hg19chr3"
    if category == "promoter":
        return f"ENSG{number:011d}"
    usual = {"K562": "peak", "HepG2": "DNasePeakNoPromoter"}[cell]
    return {10: "Region", 20: "enhancer", 3: "vista"}.get(number % 40, usual) + str(number)


def _library(cell: str, design: pd.DataFrame, codes: np.ndarray) -> pd.DataFrame:
    """Return a sheet of Table 3."""
    table = design[["name", "category"]].copy()
    strand = np.where(design["reverse"], "-", "+")
    somewhere = design["category"] != "control"
    for assembly, shift in {"hg19": 0, "hg38": LIFT}.items():
        if assembly == "hg19" and cell == "K562":
            continue
        start = 1000.0 * design["number"] + shift
        place = {"chr": "chr1", "start": start, "stop": start + 200, "str": strand}
        for key, value in place.items():
            table[f"{key}.{assembly}"] = pd.Series(value, table.index).where(somewhere)
    title = "230nt sequence (15nt 5' adaptor - 200nt element - 15nt 3' adaptor)"
    return table.assign(**{title: decode(codes)})[design["in_library"]]


def _measured(design: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return a sheet of Table 4, its rows in random order."""
    n = len(design)
    activity, sigma, count = (
        design[[key]].to_numpy() for key in ("activity", "sigma", "replicates")
    )
    values = (activity + sigma * rng.standard_normal((n, 3))).round(3)
    values[rng.permuted(np.tile([0, 1, 2], (n, 1)), axis=1) >= count] = np.nan
    table = pd.DataFrame(values, columns=[f"replicate {i} [log2(rna/dna)]" for i in (1, 2, 3)])
    table = table.assign(mean=table.mean(axis=1).round(3), std=table.std(axis=1))
    table.insert(0, "name", design["name"])
    rows = rng.permutation(np.flatnonzero(design["replicates"] > 0))
    return table.iloc[rows]


def _write_workbook(path: Path, sheets: Mapping[str, pd.DataFrame]) -> None:
    """Write sheets whose headers follow one remark more on each; missing values are empty cells."""
    book = openpyxl.Workbook(write_only=True)
    for remarks, (title, table) in enumerate(sheets.items()):
        sheet = book.create_sheet(title)
        for _ in range(remarks):
            sheet.append([f"{title}, simulated"])
        sheet.append(list(table.columns))
        for row in table.astype(object).where(table.notna(), None).itertuples(index=False):
            sheet.append(row)
    with atomic(path) as temporary:
        book.save(temporary)
