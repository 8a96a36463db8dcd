"""Join the training histories of all members."""

from pathlib import Path

import pandas as pd

from degu import tables
from degu.job import log_to


def main(files: list[str], output: str) -> None:
    """Write the joint table; run and member stand in each file's path."""
    runs = ["/".join(Path(file).parts[-4:-1]) for file in files]

    def tabulate(file: str) -> pd.DataFrame:
        return pd.read_table(file).assign(member=Path(file).stem)

    tables.write(tables.of_runs(runs, files, tabulate), output)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    main(snakemake.input.histories, snakemake.output[0])
