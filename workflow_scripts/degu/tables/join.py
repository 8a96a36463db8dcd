"""Tables as files: one a run, and those of all runs joined into one."""

import gzip
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from degu.job import InputError, atomic

# Labels of a run in the path of its tables.
RUN = ("dataset", "recipe", "fraction")
# The same where a run scores variants.
SCORED = ("variants", *RUN)


def write(table: pd.DataFrame, path: str | Path) -> None:
    """Write a table as TSV, gzip if its name ends so."""
    with atomic(path) as temporary:
        table.to_csv(temporary, sep="\t", index=False)


def read(paths: Sequence[str | Path], names: Sequence[str] = RUN) -> pd.DataFrame:
    """Read tables of runs as one, as `join` would write it; no row where there is no table.

    Members are numbers or "ensemble": text.
    """
    tables = [
        pd.read_table(path, dtype={"member": str}).assign(
            **dict(zip(names, labels_of(path, len(names)), strict=True))
        )
        for path in paths
    ]
    if not tables:
        return pd.DataFrame(columns=[*names])
    table = pd.concat(tables, ignore_index=True)
    if "fraction" in table:
        table["fraction"] = table["fraction"].astype(float)
    return table[[*names, *table.columns.drop([*names])]]


def labels_of(path: str | Path, number: int) -> list[str]:
    """Labels in a path: its last parts, the file's name without its ending among them."""
    path = Path(path)
    return [*path.parts[:-1], path.name.split(".tsv")[0]][-number:]


def join(paths: Sequence[str | Path], names: Sequence[str], path: str | Path) -> None:
    """Join tables of runs, whose labels stand in their paths and become the first columns.

    Rows are copied as they are, one file after the other, so that memory does not grow with them.

    Parameters
    ----------
    paths
        Tables with the same columns; gzip if a name ends so.
    names
        Names of the labels: those of the last parts of a path, the file's name without its ending
        among them.
    path
        Table to write.

    Raises
    ------
    InputError
        For no table, or one with other columns than the first.
    """
    if not paths:
        raise InputError(f"There is nothing to join into {path}: no run of the config feeds it.")
    header = None
    with atomic(path) as temporary, _open(temporary, "wt") as joined:
        for part in map(Path, paths):
            with _open(part, "rt") as file:
                columns = file.readline()
                if header is None:
                    header = columns
                    joined.write("\t".join([*names, columns]))
                if columns != header:
                    raise InputError(
                        f"{part} has the columns {columns.split()}, but {paths[0]} has "
                        f"{header.split()}: tables of all runs have the same columns."
                    )
                prefix = "\t".join([*labels_of(part, len(names)), ""])
                joined.writelines(prefix + line for line in file)


def _open(path: Path, mode: str):
    return gzip.open(path, mode) if path.suffix == ".gz" else path.open(mode)
