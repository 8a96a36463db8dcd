"""Draw the values of all trials of a study, and plan them in its journal."""

import json
from pathlib import Path

from degu import job
from degu.tuning import study


def main(files: list[str], facts: dict, trials: int, seed: int, output: str) -> None:
    """Begin the study of these facts, or add to it; its name stands in the plan."""
    name = study.name_of(files, **facts, seed=seed)
    journal = Path(output).with_name("journal.log")
    planned = study.begin(journal, name, facts["space"], trials, seed)
    finished = sum(trial.state.is_finished() for trial in planned)
    job.log.info("study %s: %d trials, of which %d have ended", name, trials, finished)
    with job.atomic(output) as temporary:
        values = [trial.params for trial in planned]
        temporary.write_text(json.dumps({"name": name, "trials": values}, indent=2) + "\n")


if __name__ == "__main__":
    job.begin(snakemake)
    files = snakemake.input
    labels = [files.labels] if files.labels else []
    main(
        files=[files.data, *labels, *files.unlabelled, *files.guides],
        facts=snakemake.params.facts,
        trials=snakemake.params.trials,
        seed=job.seed(snakemake.params.base_seed, *snakemake.wildcards, "space"),
        output=snakemake.output[0],
    )
