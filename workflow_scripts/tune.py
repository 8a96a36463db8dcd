"""Run trials of a study until none is left."""

import json
from pathlib import Path

from degu import device, distill, job, plan
from degu.dataset import Dataset
from degu.tuning import study, trial


def main(
    files: dict, facts: dict, fraction_seed: int, names: list[str], **training: object
) -> None:
    """Train with the values of each trial that is free, supervised as its recipe is."""
    data, output = Dataset(files["data"]), Path(files["output"])
    rows = data.fraction(float(names[-1]), fraction_seed)
    taught = (files[role] for role in ("labels", "unlabelled", "guides"))
    planned = json.loads(Path(files["plan"]).read_text())
    journal = output.with_name("journal.log")
    opened = study.load(journal, planned["name"], facts["reduction"], facts["grace"])
    train = trial.trainer(
        facts,
        folder=output.with_name("trials"),
        seed_of=lambda number: job.seed(*names, number),
        supervise=trial.supervision(data, rows, *taught),
        augmentation=lambda: distill.augmentation(facts["recipe"], files["teachers"]),
        teacher=files["start"] or None,
        **training,
    )
    claims, epochs = output.with_name("claims"), trial.epochs_of(facts)
    done = study.work(opened, len(planned["trials"]), claims, train, epochs)
    with job.atomic(output) as temporary:
        temporary.write_text(json.dumps(done) + "\n")


if __name__ == "__main__":
    job.begin(snakemake)
    device.claim(snakemake.config["device"])
    params, (dataset, *place, worker) = snakemake.params, snakemake.wildcards
    main(
        files=dict(snakemake.input.items()) | {"output": snakemake.output[0]},
        facts=params.facts,
        fraction_seed=job.seed(params.base_seed, dataset, "fraction"),
        names=[params.base_seed, dataset, *place],
        threads=snakemake.threads,
        code=plan.digest(*snakemake.input.code),
    )
