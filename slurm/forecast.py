"""Forecast what `snakemake --profile slurm --configfile CONFIG ...` would cost from here on.

    python slurm/forecast.py JOBS [CONFIG ...]

JOBS is the number of jobs at a time. What is measured, and what estimated: degu.report.forecast.
"""

import argparse
import logging
import math
import shlex
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
from snakemake import cli
from snakemake.api import SnakemakeApi
from snakemake.common.configfile import load_configfile
from snakemake.settings import types as settings
from snakemake.settings.enums import Quietness
from snakemake.workflow import Workflow

sys.path.insert(0, str(Path(__file__).parents[1] / "workflow_scripts"))

from degu import device
from degu.device import Device
from degu.job import InputError
from degu.report import costs, forecast, work
from degu.report.work import Size, Work

ROOT = Path(__file__).resolve().parents[1]
TRAININGS = ("train_teacher", "train_student")
# Columns of the table, which is to fit on a terminal.
SHORT = {"measured": "meas.", "estimated": "est.", "not measured": "neither"}
FACTS = ["rule", "series", "fraction", "share", *Work._fields, "kind"]


@contextmanager
def plan(configs: list[str]) -> Iterator[Workflow]:
    """Plan a run as `snakemake -n --profile slurm` does, which runs nothing."""
    asked = ["--profile", str(ROOT / "slurm"), *(["--configfile", *configs] if configs else [])]
    _, args = cli.parse_args(asked)
    # Snakemake prints its warnings alone, and lists no job.
    output = settings.OutputSettings(
        dryrun=True,
        quiet={Quietness.RULES, Quietness.PROGRESS},
        log_level_override=logging.WARNING,
    )
    with SnakemakeApi(output) as api:
        try:
            workflow = api.workflow(
                resource_settings=settings.ResourceSettings(cores=1),
                config_settings=settings.ConfigSettings(configfiles=args.configfile),
                workflow_settings=settings.WorkflowSettings(consider_ancient=args.consider_ancient),
                snakefile=ROOT / "Snakefile",
            )
            workflow.dag(settings.DAGSettings(rerun_triggers=args.rerun_triggers)).execute_workflow(
                executor="dryrun",
                execution_settings=settings.ExecutionSettings(lock=False),
                group_settings=settings.GroupSettings(
                    overwrite_groups=args.groups, group_components=args.group_components
                ),
            )
        except Exception as error:
            api.print_exception(error)
            sys.exit(1)
        yield workflow._workflow


def sizes(config: SimpleNamespace) -> dict[str, Size]:
    """Sizes of data sets that are prepared, and of tables of the config that are not."""
    found = {}
    for name in config.config["datasets"]:
        prepared, (assay, options) = Path(f"results/data/{name}.h5"), config.assay_of(name)
        raw = config.raw_files(name)
        if prepared.exists():
            found[name] = work.of_prepared(prepared)
        elif assay == "table" and Path(raw["table"]).exists():
            found[name] = work.of_table(raw, 0, options)
    return found


def work_of(config: SimpleNamespace, size: Size | None, rule: str, at: Mapping[str, str]) -> Work:
    """Work of a job by its rule and wildcards, as far as it is known."""
    if size is None or "recipe" not in at:
        return Work()
    run = config.Run(at["dataset"], at["recipe"], at["fraction"])
    architecture, fraction = config.architecture_of(run.dataset, run.recipe), float(run.fraction)
    activities, members = len(config.activities_of(run.dataset)), len(config.members_files(run, ""))
    kinds = 1 + config.has_aleatoric(run.recipe) + config.is_student(run.recipe)
    if rule in TRAININGS:
        how = (
            config.training_of(run.dataset, run.recipe),
            config.trained_by(run.dataset, run.recipe),
        )
        return work.training(size, fraction, architecture, *how)
    if rule in ("label", "label_unlabelled"):
        trained, heads = round(size.train * fraction), activities * kinds
        sequences = trained + size.held_out
        if rule == "label_unlabelled":
            sequences = trained * work.copies(config.UNLABELLED[at["unlabelled"]])
        teachers, _, passes = at["teachers"].partition("x")
        predicted = int(teachers) * int(passes or 1)
        return work.labels(size, sequences, architecture, predicted, heads, activities)
    if rule == "predict":
        return work.predictions(size, architecture, members, 1, activities * kinds)
    if rule == "sample_dropout":
        passes = config.config["calibration"]["dropout"]["passes"]
        return work.predictions(size, architecture, members, passes, 2 * activities)
    if rule == "attribute":
        asked = config.attribution_of(run.dataset)
        maps = members * activities * (kinds if asked["heads"] == "all" else 1)
        how = asked["sequences"], maps, asked["references"]["number"]
        return work.attribution(size, architecture, at["method"], *how)
    return Work()


def facts(config: SimpleNamespace, size: Size | None, rule: str, at: dict, share: float) -> dict:
    """Facts of a job that its cost depends on; see `degu.report.forecast.expect`."""
    does = work_of(config, size, rule, at)
    kind = does.network
    if kind and rule not in TRAININGS:
        # The start of such a job takes long beside its work: only others of its data set are alike.
        kind = "/".join([rule, *(at[key] for key in sorted({*at} - {"recipe", "fraction"})), kind])
    series = [at[key] for key in sorted({*at} - {"member", "fraction"})]
    of_series = {"series": "/".join(series), "fraction": at.get("fraction", "")}
    return {"rule": rule, **of_series, "share": share, **does._asdict(), "kind": kind}


def measurements(
    workflow: Workflow, config: SimpleNamespace, known: Mapping[str, Size]
) -> pd.DataFrame:
    """Benchmarks that are there, each with what is known of its job.

    Left out are those of jobs whose parameters have changed since, and of jobs of TensorFlow whose
    log does not name a device.
    """
    dag, rows = workflow.dag, []
    outdated = {
        str(job.benchmark)
        for job in dag.needrun_jobs(exclude_finished=False)
        if dag.reason(job).params_changed
    }
    rules, root = {rule.name: rule for rule in workflow.rules}, Path("results/benchmarks")
    for file in sorted(root.rglob("[!.]*.tsv")):
        rule = rules.get(file.relative_to(root).parts[0].removesuffix(".tsv"))
        match = rule and rule.benchmark and rule.benchmark.match(str(file))
        if not match or str(file) in outdated:
            continue
        at = match.groupdict()
        log, *outputs = (Path(path.apply_wildcards(at)) for path in (rule.log[0], *rule.output))
        where = device.read(log) if "gpu" in rule.resources else Device("CPU", 0)
        if where is None:
            continue
        row = facts(config, known.get(at.get("dataset")), rule.name, at, where.share)
        row["seconds"] = row["paced"] = float(costs.read([(rule.name, file)])["s"].iloc[0])
        if rule.name in TRAININGS:
            row |= passed(Path(rule.output.history.apply_wildcards(at)), row["seconds"])
        there = all(output.exists() for output in outputs)
        row["bytes"] = sum(output.stat().st_size for output in outputs) if there else math.nan
        rows.append(row)
    return pd.DataFrame(rows, columns=[*FACTS, "seconds", "paced"])


def shipped(config: SimpleNamespace) -> pd.DataFrame:
    """Shipped costs, which are taken for the batches of all trainings, whatever their size."""
    defaults = load_configfile(ROOT / "config.yaml")
    references = defaults["attribution"]["references"]["number"]
    batches = {
        config.training_of(run.dataset, run.recipe)["batch_size"] for run in config.runs_of_config()
    }
    return pd.concat(
        forecast.shipped(defaults["training"] | {"batch_size": size}, references)
        for size in sorted(batches)
    )


def share_of(job) -> float:
    """Share of a GPU that a job asks for; members that share one name it in words, `gres`."""
    sharers = job.resources.get("sharers", 1)
    return 1 / sharers if job.resources.get("gpu", 0) or job.resources.get("gres") else 0


def passed(history: Path, seconds: float) -> dict[str, float]:
    """Epochs of a training, and their seconds without what is compiled in the first one.

    The benchmark of a training that was resumed is of its last part. Without its history a training
    says nothing about others.
    """
    if not history.exists():
        return {"paced": math.nan}
    epochs = pd.read_table(history)["seconds"]
    paced, seconds = epochs.median() * len(epochs), max(seconds, epochs.sum())
    return {"passes": len(epochs), "paced": paced, "seconds": seconds}


def ordered(workflow: Workflow) -> list:
    """Jobs that would run and have a benchmark, rule by rule in the order of the graph."""
    jobs = [
        job
        for level in workflow.dag.toposorted()
        for job in sorted(level, key=lambda job: str(job.benchmark))
        if workflow.dag.needrun(job) and job.benchmark
    ]
    rules = list(dict.fromkeys(job.rule.name for job in jobs))
    return sorted(jobs, key=lambda job: rules.index(job.rule.name))


def shown(number: float) -> str:
    """Two decimals; what is less is not zero."""
    return "<0.01" if 0 < number < 0.01 else f"{number:.2f}"


def remarks(expected: pd.DataFrame, others: int, at_a_time: int) -> list[str]:
    """Sentences below the table: what its columns hold, and what they leave out."""
    said = ["meas.: measured on the same data and recipe; est.: estimated from others, or shipped."]
    if expected["estimated"].notna().any():
        said.append("Estimated trainings take all the epochs that they are allowed.")
    checkpoints = forecast.checkpoints(expected[expected["rule"].isin(TRAININGS)], at_a_time)
    if not math.isnan(checkpoints):
        said.append(f"Until the run ends, checkpoints take about {shown(checkpoints)} GB beside.")
    if others:
        said.append(f"Not in the table: {others} jobs (downloads; others of seconds).")
    return said


def memory(jobs: list) -> str:
    """Sentence on the largest memory that a job asks for at its first attempt."""
    asked = {job.rule.name: job.resources["mem_mb"] for job in jobs}
    most = max(asked.values())
    rules = ", ".join(rule for rule, mb in asked.items() if mb == most)
    return f"Jobs ask for {most / 1000:g} GB of memory at most: {rules}."


def to_measure(jobs: list, expected: pd.DataFrame, configs: list[str]) -> list[str]:
    """Sentence on jobs whose costs are unknown, and the command that measures one of them."""
    unknown = expected[["measured", "estimated"]].isna().all(axis=1)
    if not unknown.any():
        return []
    training = unknown & expected["rule"].isin(TRAININGS)
    first = (training if training.any() else unknown).idxmax()
    given = ["--configfile", *configs] if configs else []
    command = shlex.join(["snakemake", jobs[first].output[0], "--profile", "slurm", *given])
    why = f"{unknown.sum()} jobs are in no sum: nothing like them was measured."
    return [f"{why} Run one of them, then forecast again:", f"  {command}"]


def main(at_a_time: int, configs: list[str]) -> None:
    """Print the forecast."""
    with plan(configs) as workflow:
        config = SimpleNamespace(**workflow.globals)
        known, jobs = sizes(config), ordered(workflow)
        if not jobs:
            print("Nothing that takes time is left to be done.")
            return
        rows = [
            facts(
                config,
                known.get(job.wildcards_dict.get("dataset")),
                job.rule.name,
                job.wildcards_dict,
                share_of(job),
            )
            for job in jobs
        ]
        found = measurements(workflow, config, known)
        expected = forecast.expect(pd.DataFrame(rows, columns=FACTS), found, shipped(config))
        others = sum(1 for _ in workflow.dag.needrun_jobs(exclude_finished=False)) - len(jobs)
        table = forecast.by_rule(expected, at_a_time)
        print(table.rename(columns=SHORT).to_string(na_rep="-", float_format=shown))
        said = [*remarks(expected, others, at_a_time), memory(jobs)]
        print(*said, *to_measure(jobs, expected, configs), sep="\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("jobs", type=int, help="jobs at a time")
    parser.add_argument("configs", nargs="*", help="config files, later ones override")
    arguments = parser.parse_args()
    if arguments.jobs < 1:
        parser.error(f"JOBS is {arguments.jobs}: at least one job runs at a time")
    try:
        main(arguments.jobs, arguments.configs)
    except InputError as error:
        sys.exit(f"Error: {error}")
