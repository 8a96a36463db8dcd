"""Measure prediction intervals on the test set, before and after conformal calibration."""

import pandas as pd

from degu import card, interval_tables, job, predictions, tables


def main(
    runs: dict[str, tuple[str, str]],
    dropout: dict[str, tuple[str, str]],
    coverage: str,
    reliability: str,
    level: float,
    bootstrap: dict[str, int],
    **how: float | str,
) -> None:
    """Write joint tables of runs, and of passes with dropout: predictions and data set by name."""

    def joint(tabulate) -> pd.DataFrame:
        table = tables.of_runs([*runs], [*runs.values()], tabulate)
        if not dropout:
            return table
        passes = tables.of_runs([*dropout], [*dropout.values()], tabulate)
        return pd.concat([table, passes.replace({"uncertainty": {"epistemic": "dropout"}})])

    def of_coverage(pair: tuple[str, str]) -> pd.DataFrame:
        run, ceilings = predictions.read(pair[0]), card.noise_ceilings(pair[1])
        return interval_tables.coverage(run, level, ceilings=ceilings, **how, **bootstrap)

    tables.write(joint(of_coverage), coverage)
    table = joint(lambda pair: interval_tables.reliability(predictions.read(pair[0]), **how))
    tables.write(table, reliability)


if __name__ == "__main__":
    job.log_to(snakemake.log[0])
    given, params = snakemake.input, snakemake.params
    pairs = zip(given.predictions, given.data, strict=True)
    of_dropout = zip(given.dropout, given.dropout_data, strict=True)
    main(
        runs=dict(zip(params.runs, pairs, strict=True)),
        dropout=dict(zip(params.dropout_runs, of_dropout, strict=True)),
        coverage=snakemake.output.coverage,
        reliability=snakemake.output.reliability,
        level=params.level,
        bootstrap={"resamples": params.resamples, "seed": job.seed(params.base_seed, "bootstrap")},
        **{key: params[key] for key in ("smallest_std", "quantile", "groups")},
    )
