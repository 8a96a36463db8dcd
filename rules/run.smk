# The plan that a run keeps when it starts, and its outcome on the terminal when it ends: jobs and costs by rule,
# the logs of failed jobs, warnings, the command to go on. No rules here. Snakemake has one hook of each kind: what
# else starts or ends a run belongs here.
#
# Snakemake calls these hooks in its main process: neither in a dry run, nor in jobs, nor where there
# is nothing to be done.

import shlex
import shutil

from degu.job import keep_plan


def delete_finished_checkpoints():
    """Checkpoints stay until a run ends well: a finished training may yet count as failed."""
    for model in Path("results/models").glob("*/*/*/*.keras"):
        model.with_suffix(".checkpoint.npz").unlink(missing_ok=True)


def state_of(job, failed):
    """How a job of this run has ended, as degu.report.outcome calls it."""
    if workflow.dag.finished(job):
        return "done"
    return "failed" if job in failed else "not done"


def failed_jobs():
    """Jobs that failed at all their attempts; of members that share a job all have failed."""
    failed = workflow.scheduler.failed
    return {job for one in failed for job in (one.jobs if one.is_group() else [one])}


def command_line():
    """The command by which Snakemake was started."""
    program, *arguments = sys.argv
    started = sys.orig_argv[: len(sys.orig_argv) - len(arguments)]
    known = shutil.which("snakemake") == program
    return shlex.join([*(["snakemake"] if known else started), *arguments])


def show_outcome():
    """Describe this run on the terminal; `snakemake --touch` runs nothing."""
    # Not above: jobs and dry runs need no pandas.
    from degu.report import outcome

    failed = failed_jobs()
    jobs = [
        outcome.Job(
            job.rule.name,
            state_of(job, failed),
            str(job.log[0]),
            job.benchmark and str(job.benchmark),
        )
        for job in workflow.dag.needrun_jobs(exclude_finished=False)
        if job.log
    ]
    if jobs and not workflow.touch:
        since = workflow.start_time.timestamp()
        warnings = "results/tables/warnings.tsv"
        logger.info(f"\n{outcome.describe(sorted(jobs), since, command_line(), warnings)}\n")


onstart:
    claim_results()
    keep_plan(workflow.dag.jobs)
    # Its rate limit makes Snakemake (9.27) look through all waiting jobs once more in each further
    # second for every job that has ended: hundreds of jobs keep a core busy. There is no rate to limit.
    workflow.scheduler.job_rate_limiter = None


onsuccess:
    delete_finished_checkpoints()
    show_outcome()


onerror:
    show_outcome()
