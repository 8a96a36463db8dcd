"""Measure how the effects of variants that a run predicts agree with measured ones."""

import numpy as np
import pandas as pd

from degu import intervals, job
from degu.tables import join, variants
from degu.variants import scored


def main(
    run: str,
    calibration: str,
    overlaps: str,
    certainty: str | None,
    name: str,
    agreement: str,
    effects: str,
    level: float,
    resamples: int,
    seed: int,
) -> None:
    """Write the agreement at each locus, and the effects themselves."""
    run, ranking = scored.read(run), None if certainty is None else certainty_of(certainty)
    table = variants.agreement(run, ranking, name, resamples, seed)
    known = pd.read_table(overlaps).set_index("locus")["training_sequences"]
    join.write(table.assign(overlapping=table["locus"].map(known)), agreement)
    join.write(variants.listing(run, intervals.read(calibration), level), effects)


def certainty_of(path: str) -> dict[str, np.ndarray]:
    """Total uncertainty of each effect by activity, or the one kind, of a run's first student."""
    student = scored.read(path)
    kinds = {name: student.uncertainties(name) for name in student.heads.activities}
    return {
        name: found.get("total", next(iter(found.values())))[0] for name, found in kinds.items()
    }


if __name__ == "__main__":
    job.log_to(snakemake.log[0])
    params = dict(snakemake.params.items())
    main(
        run=snakemake.input.variants,
        calibration=snakemake.input.calibration,
        overlaps=snakemake.input.overlaps,
        certainty=snakemake.input.get("certainty") or None,
        agreement=snakemake.output.agreement,
        effects=snakemake.output.effects,
        seed=job.seed(params.pop("base_seed"), "bootstrap"),
        **params,
    )
