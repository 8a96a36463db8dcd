"""Measure prediction intervals on the test set, before and after conformal calibration."""

import pandas as pd

from degu import interval_tables, job, predictions, tables


def main(
    runs: dict[str, str],
    dropout: dict[str, str],
    coverage: str,
    reliability: str,
    level: float,
    bootstrap: dict[str, int],
    **how: float | str,
) -> None:
    """Write the joint tables of all runs, given by name, and of their passes with dropout."""

    def joint(tabulate, **options) -> pd.DataFrame:
        def of(some: dict[str, str]) -> pd.DataFrame:
            files = list(some.values())
            return tables.of_runs(
                [*some], files, lambda file: tabulate(predictions.read(file), **options)
            )

        passes = [of(dropout).replace({"uncertainty": {"epistemic": "dropout"}})] if dropout else []
        return pd.concat([of(runs), *passes])

    tables.write(joint(interval_tables.coverage, level=level, **how, **bootstrap), coverage)
    tables.write(joint(interval_tables.reliability, **how), reliability)


if __name__ == "__main__":
    job.log_to(snakemake.log[0])
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
        bootstrap={"resamples": params.resamples, "seed": job.seed(params.base_seed, "bootstrap")},
    )
