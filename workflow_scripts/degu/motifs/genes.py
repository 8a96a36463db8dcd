"""Gene sets, and the gene of each sequence, from files of the user's."""

from pathlib import Path

from degu.job import InputError
from degu.reading import text_lines, text_rows


def read_gmt(path: str | Path) -> dict[str, set[str]]:
    """Read gene sets in the GMT format: name, description, genes, with tabs between them.

    Raises
    ------
    InputError
        For a line without genes, or a file without lines.
    """
    sets = {}
    for number, line in enumerate(text_lines(Path(path)), 1):
        name, *rest = line.rstrip("\r\n").split("\t")
        # Enrichr writes a weight behind a comma.
        genes = {gene.split(",")[0] for gene in rest[1:] if gene}
        if not name.strip() and not genes:
            continue
        if not genes:
            raise InputError(
                f"{path}, line {number}: {name[:40]!r} has no genes: a gene set is a line of name, "
                "description and genes, with tabs between them."
            )
        sets[name] = genes
    if not sets:
        raise InputError(f"{path} has no gene sets.")
    return sets


def read_genes(path: str | Path, name: str, gene: str) -> dict[str, str]:
    """Read the gene of each sequence from two columns of a table.

    Raises
    ------
    InputError
        For a column that is not there.
    """
    rows = text_rows(Path(path))
    header = next(rows, [])
    for column in (name, gene):
        if column not in header:
            raise InputError(f"{path} has no column {column!r}: it has {', '.join(header)}.")
    at, of = header.index(name), header.index(gene)
    return {row[at]: row[of] for row in rows if len(row) > max(at, of) and row[of]}
