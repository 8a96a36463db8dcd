"""Measure how the effects of variants that a run predicts agree with measured ones."""

import numpy as np
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
    **bootstrap: int,
) -> None:
    """Write the agreement at each locus, and the effects themselves."""
    run = scored.read(run)
    ranking = certainty_of(files["certainty"]) if files["certainty"] else None
    table = variants.agreement(run, ranking, name, **bootstrap)
    known = pd.read_table(files["overlaps"]).set_index("locus")["training_sequences"]
    join.write(table.assign(overlapping=table["locus"].map(known)), agreement)
    join.write(variants.listing(run, intervals.read(files["calibration"]), level), effects)


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
        files={key: snakemake.input.get(key) for key in ("calibration", "overlaps", "certainty")},
        agreement=snakemake.output.agreement,
        effects=snakemake.output.effects,
        seed=job.seed(params.pop("base_seed"), "bootstrap"),
        **params,
    )
