"""Measure prediction intervals on the test set, before and after conformal calibration."""

import pandas as pd

from degu import predictions, tables
from degu.job import log_to


def main(
    runs: dict[str, str],
    dropout: dict[str, str],
    coverage: str,
    reliability: str,
    level: float,
    **how: float | str,
) -> None:
    """Write the joint tables of all runs, given by name, and of their passes with dropout."""

    def joint(tabulate) -> pd.DataFrame:
        own = tables.of_runs([*runs], [*runs.values()], tabulate)
        if not dropout:
            return own
        passes = tables.of_runs([*dropout], [*dropout.values()], tabulate)
        return pd.concat([own, passes.replace({"uncertainty": {"epistemic": "dropout"}})])

    tables.write(
        joint(lambda file: tables.coverage(predictions.read(file), level, **how)), coverage
    )
    tables.write(joint(lambda file: tables.reliability(predictions.read(file), **how)), reliability)


if __name__ == "__main__":
    log_to(snakemake.log[0])
    params = snakemake.params
    main(
        runs=dict(zip(params.runs, snakemake.input.predictions, strict=True)),
        dropout=dict(zip(params.dropout_runs, snakemake.input.dropout, strict=True)),
        coverage=snakemake.output.coverage,
        reliability=snakemake.output.reliability,
        level=params.level,
        smallest_std=params.smallest_std,
        quantile=params.quantile,
        groups=params.groups,
    )
