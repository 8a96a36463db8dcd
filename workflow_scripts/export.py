"""Export the best student of a run by validation: its file, and a passport beside it."""

import shutil

import pandas as pd

from degu import chosen, job, predictions
from degu.dataset import Dataset
from degu.report.costs import code_version
from degu.students import exported, passport


def main(
    files: dict, model: str, output: str, run: str, seed: int, training: dict, effects: dict, **said
) -> None:
    """Copy the model of the member that agrees best with the validation set, and describe it."""
    data, found = Dataset(files["data"]), predictions.read(files["predictions"])
    mean = exported.teachers_mean(files["labels"], files["teachers"], training["teachers"])
    units = data.units("validation")[data.selects()]
    picked = exported.pick(found.validation, found.heads, units, said.pop("measured"))
    job.log.info("member %d of r %s, by %s", picked.member, picked.facts()["r"], picked.by)
    with job.atomic(model) as temporary:
        shutil.copyfile(files["models"][picked.member], temporary)
    training |= chosen.settled(training | {"training": training["settings"]}, files["tuned"])
    tables = (pd.read_table(files[name]) for name in ("performance", "distillation"))
    taught = (files[name] for name in ("data", "labels", "unlabelled"))
    facts = {
        "picked": picked.facts(),
        "test": exported.tested(*tables, picked.member, said.pop("published")),
        "fidelity": exported.fidelity(found.test, found.heads, picked.member, mean),
        "trained": training | exported.trained(*taught, float(run.split("/")[-1]), seed),
        "versions": {"degu": code_version(), "keras": exported.keras_version(model)},
    }
    said["effects"] = exported.effects(files["effects"] or [], effects, picked.member)
    calibrations = exported.calibrations_of(files["calibration"], picked.member)
    passport.write(output, exported.describe(model, run, data, calibrations, facts, **said))


if __name__ == "__main__":
    job.begin(snakemake)
    params = dict(snakemake.params.items())
    main(
        files={name: files or None for name, files in snakemake.input.items()},
        model=snakemake.output.model,
        output=snakemake.output.passport,
        run="/".join(snakemake.wildcards),
        seed=job.seed(params.pop("base_seed"), snakemake.wildcards.dataset, "fraction"),
        **params,
    )
