"""Saturation mutagenesis: measured single-nucleotide variants with the sequences around them."""

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from degu.genome import Fetch, Genome, chromosome, fasta
from degu.job import InputError, log
from degu.reading import check_counts, check_unique, numbers, pick, positions, table, text_rows
from degu.variants.scored import both_alleles

CENTRES = ("variant", "element")
_ASSEMBLY = "GRCh37"
_HEADER = re.compile(r"(?P<name>[^|]+)\|(?P<chrom>[^:]+):(?P<start>\d+)-(?P<stop>\d+)")
_PART = re.compile(r"^(?:release|challenge)_")
_PLACE = ["Chrom", "Pos", "Ref", "Alt"]
_MEASURES = {"Confidence": "confidence", "pValue": "p_value"}
# Titles of the effect, of its confidence, and of the element where a file has several.
_SOURCES = {
    "kircher": ["Coefficient", "pValue", "Element", "Release"],
    "cagi5": ["Value", "Confidence", "regulatory_element"],
    "release": ["Value", "Confidence"],
    "challenge": ["Value", "Confidence"],
}


def load(
    files: Mapping[str, Path],
    loci: Mapping[str, str],
    *,
    window: int = 230,
    centre: str = "variant",
    deletions: bool = False,
    expect: Mapping[str, int] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read variants and cut a window of hg19 around each (Methods, "CAGI5").

    With a window of 230 around the variant this is [Pos - 115, Pos + 115) in BED coordinates, and
    the variant has 114 bases before it. All sequences are of the genome's forward strand.

    Parameters
    ----------
    files
        Variants, one of: "kircher", the table of all elements of Kircher et al. (its GRCh37 rows);
        "cagi5", released CAGI5 variants with a column regulatory_element (.csv); any number of
        "release_ELEMENT" and "challenge_ELEMENT", the CAGI5 tables of an element.
        Reference, one of: "genome", an indexed FASTA; "elements", a FASTA of elements with headers
        >ELEMENT|CHROM:START-STOP, both ends included and counted from 1.
    loci
        The element (in the variants' file) that stands for a locus, such as {"LDLR": "LDLR.2"}.
    window
        Bases of a sequence.
    centre
        "variant": each window has its variant in the middle. "element": all variants of an element
        share the window in its middle; needs "elements" with an element of that name.
    deletions
        Whether those of one base are kept (alt is "-"), which the paper leaves out. What follows
        moves up, so that both alleles have one length.
    expect
        Variants that loci must have, such as {"PKLR": 1409}.

    Returns
    -------
    variants : DataFrame
        Columns locus, chrom, pos (from 1), ref, alt, value (log2 effect), confidence (CAGI5) or
        p_value (Kircher et al.), ref_sequence, alt_sequence, index (of the variant in them, from
        0); loci in the order asked for, sorted by pos and alt.
    counts : DataFrame
        A row a locus: rows, of these dropped as deletion unless they are kept, outside (the window
        is not all in the element, or the variant not in the window) and mismatch (another base
        than the reference's), and the variants that are left.

    Raises
    ------
    InputError
        For a file that is not as described, an unknown element, a variant twice, a window past
        the end of a chromosome, or another count than expected.
    """
    if centre not in CENTRES:
        raise InputError(f"centre is {centre!r}: allowed are {', '.join(CENTRES)}.")
    if window < 1:
        raise InputError(f"window is {window}: at least 1 base is needed.")
    known = _variants(files)
    elements = {} if "genome" in files else read_elements(pick(files, "elements"))
    fetch = Genome(files["genome"]).fetch if "genome" in files else _of_elements(elements)
    kept, counts = {}, {}
    for locus, element in loci.items():
        rows = known[known["element"] == element]
        if rows.empty:
            raise InputError(
                f"Locus {locus!r}: there are no variants of {element!r}; the elements are "
                f"{', '.join(sorted(set(known['element']))) or 'none'}."
            )
        if centre == "element":
            start = _middle(elements, element, window)
        else:
            start = rows["pos"] - 1 - (window - 1) // 2
        kept[locus], counts[locus] = _cut(rows.assign(start=start), fetch, window, deletions)
        if kept[locus].empty:
            raise InputError(f"Locus {locus!r} has no variant left of these: {counts[locus]}.")
    counts = pd.DataFrame.from_dict(counts, orient="index").rename_axis("locus")
    check_counts(counts["variants"].to_dict(), expect, None)
    variants = pd.concat(kept, names=["locus"]).reset_index("locus").reset_index(drop=True)
    return variants, counts


def read_elements(path: Path) -> dict[str, tuple[str, int, str]]:
    """Read a FASTA of elements as {name: (chrom, start from 0, sequence)}.

    Raises
    ------
    InputError
        For a header that is not >ELEMENT|CHROM:START-STOP or does not fit its sequence.
    """
    elements = {}
    for header, sequence in fasta(path):
        match = _HEADER.fullmatch(header)
        if match is None:
            raise InputError(f"{path}: the header {header!r} is not ELEMENT|CHROM:START-STOP.")
        start, stop = int(match["start"]), int(match["stop"])
        if stop - start + 1 != len(sequence):
            raise InputError(
                f"{path}: {header!r} has {len(sequence)} bases, its ends say {stop - start + 1}."
            )
        elements[match["name"]] = (chromosome(match["chrom"]), start - 1, sequence)
    if not elements:
        raise InputError(f"{path} has no sequence: a FASTA of elements is needed.")
    return elements


def _of_elements(elements: Mapping[str, tuple[str, int, str]]) -> Fetch:
    def fetch(chrom: str, start: int, stop: int) -> str | None:
        for place, first, sequence in elements.values():
            if place == chrom and first <= start and stop <= first + len(sequence):
                return sequence[start - first : stop - first]
        return None

    return fetch


def _middle(elements: Mapping[str, tuple[str, int, str]], element: str, window: int) -> int:
    if element not in elements:
        raise InputError(
            f"A window in the middle of {element!r} needs it in the file 'elements', which has "
            f"{', '.join(elements) or 'not been given'}."
        )
    _, start, sequence = elements[element]
    if window > len(sequence):
        raise InputError(
            f"The window of {window} bases is longer than {element!r} of {len(sequence)}."
        )
    return start + (len(sequence) - window) // 2


def _cut(
    rows: pd.DataFrame, fetch: Fetch, window: int, deletions: bool
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Give the variants of a locus their sequences, and count those that get none."""
    counts = {"rows": len(rows)}
    rows = rows[(rows["alt"] != "-") | deletions].sort_values(["pos", "alt"], ignore_index=True)
    counts["deletion"] = counts["rows"] - len(rows)
    rows["index"] = rows["pos"] - 1 - rows["start"]
    # The bases that a deletion takes away come in at the end.
    genome = [
        fetch(chrom, start, start + window + (alt == "-")) if 0 <= at < window else None
        for chrom, start, at, alt in zip(
            rows["chrom"], rows["start"], rows["index"], rows["alt"], strict=True
        )
    ]
    rows["genome"] = genome
    counts["outside"] = int(rows["genome"].isna().sum())
    rows = rows.dropna(subset="genome")
    agrees = [g[at] == ref for g, at, ref in rows[["genome", "index", "ref"]].to_numpy()]
    counts["mismatch"] = agrees.count(False)
    rows = rows[np.array(agrees, bool)]
    pairs = [
        both_alleles(genome, at, ref, alt.strip("-"), window)
        for genome, at, ref, alt in rows[["genome", "index", "ref", "alt"]].to_numpy()
    ]
    sequences = pd.DataFrame(pairs, rows.index, ["ref_sequence", "alt_sequence"])
    kept = rows.drop(columns=["element", "start", "genome", "index"])
    return pd.concat([kept, sequences, rows["index"]], axis=1), counts | {"variants": len(rows)}


def _variants(files: Mapping[str, Path]) -> pd.DataFrame:
    """Return the rows of all elements: element, chrom, pos, ref, alt, value and its confidence."""
    parts = {}
    for key, path in files.items():
        source, _, name = key.partition("_")
        if source in _SOURCES and bool(name) == (source in ("release", "challenge")):
            parts[key] = _read(Path(path), _SOURCES[source], name)
    measures = {part.columns[-1] for part in parts.values()}
    if len(measures) != 1:
        raise InputError(
            "Variants are needed from 'kircher', or from 'cagi5', 'release_ELEMENT' and "
            f"'challenge_ELEMENT'; given are {', '.join(files) or 'none'}."
        )
    variants = pd.concat(parts.values())
    place = ["element", "chrom", "pos", "ref", "alt"]
    check_unique(variants, place, " + ".join(str(files[key]) for key in parts))
    return variants


def _read(path: Path, titles: list[str], name: str) -> pd.DataFrame:
    """Read one table; where it has no column for them, its rows are all of the element `name`."""
    where = str(path)
    frame = table(text_rows(path), where, "Chrom", [*_PLACE, *titles])
    value, measure, *element = titles
    if "Release" in element:
        frame = frame[frame["Release"] == _ASSEMBLY]
    placed = np.isfinite(numbers(frame, ["Pos"], where, missing=True)[:, 0])
    if not placed.all():
        log.info("%s: %d rows without a position are left out.", path, (~placed).sum())
        frame = frame[placed]
    values = numbers(frame, [value, measure], where)
    for title, allowed in (("Ref", "ACGT"), ("Alt", "ACGT-")):
        wrong = ~frame[title].isin([*allowed])
        if wrong.any():
            row = wrong.idxmax()
            raise InputError(
                f"{where}, row {row}: {title!r} is {frame.at[row, title]!r}, one of "
                f"{', '.join(allowed)} is needed."
            )
    return pd.DataFrame(
        {
            "element": frame[element[0]].str.replace(_PART, "", regex=True) if element else name,
            "chrom": frame["Chrom"].map(chromosome),
            "pos": positions(frame, "Pos", where),
            "ref": frame["Ref"],
            "alt": frame["Alt"],
            "value": values[:, 0],
            _MEASURES[measure]: values[:, 1],
        }
    )
