"""Measure prediction intervals on the test set, before and after conformal calibration."""

import pandas as pd

from degu import card, interval_tables, job, predictions, tables


def main(
    runs: list[str],
    files: list[tuple[str, str]],
    dropout: int,
    coverage: str,
    reliability: str,
    level: float,
    bootstrap: dict[str, int],
    **how: float | str,
) -> None:
    """Write joint tables; files pair predictions with data sets, those with dropout come last."""

    def joint(tabulate) -> pd.DataFrame:
        own = len(runs) - dropout
        table = tables.of_runs(runs[:own], files[:own], tabulate)
        if not dropout:
            return table
        passes = tables.of_runs(runs[own:], files[own:], tabulate)
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
    main(
        runs=params.runs + params.dropout_runs,
        files=list(zip([*given.predictions, *given.dropout], given.data, strict=True)),
        dropout=len(params.dropout_runs),
        coverage=snakemake.output.coverage,
        reliability=snakemake.output.reliability,
        level=params.level,
        bootstrap={"resamples": params.resamples, "seed": job.seed(params.base_seed, "bootstrap")},
        **{key: params[key] for key in ("smallest_std", "quantile", "groups")},
    )
