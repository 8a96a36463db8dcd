"""Measure how the effects of variants that a run predicts agree with measured ones."""

import pandas as pd

from degu import intervals, job
from degu.tables import join, variants
from degu.variants import scored


def main(
    run: str,
    files: dict[str, str | None],
    name: str,
    agreement: str,
    effects: str,
    level: float,
    smallest_std: float,
    **bootstrap: int,
) -> None:
    """Write the agreement at each locus, and the effects themselves."""
    run = scored.read(run)
    ranking = scored.ranking(scored.read(files["certainty"])) if files["certainty"] else None
    table = variants.agreement(run, ranking, name, **bootstrap)
    known = pd.read_table(files["overlaps"]).set_index("locus")["training_sequences"]
    join.write(table.assign(overlapping=table["locus"].map(known)), agreement)
    calibrations = intervals.read(files["calibration"])
    join.write(variants.listing(run, calibrations, level, smallest_std), effects)


if __name__ == "__main__":
    job.begin(snakemake)
    params = dict(snakemake.params.items())
    main(
        run=snakemake.input.variants,
        files={key: snakemake.input.get(key) for key in ("calibration", "overlaps", "certainty")},
        agreement=snakemake.output.agreement,
        effects=snakemake.output.effects,
        seed=job.seed(params.pop("base_seed"), "bootstrap"),
        **params,
    )
