# The outcome of a run on the terminal: jobs and costs by rule, the logs of failed jobs, the command
# to go on. No rules here.
#
# Snakemake calls these hooks in its main process once all jobs have ended: neither in a dry run, nor
# in jobs, nor where there was nothing to be done.

import shlex
import shutil


def state_of(job):
    """How a job of this run has ended, as degu.report.outcome calls it."""
    if workflow.dag.finished(job):
        return "done"
    return "failed" if job in workflow.scheduler.failed else "not done"


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

    jobs = [
        outcome.Job(
            job.rule.name, state_of(job), str(job.log[0]), job.benchmark and str(job.benchmark)
        )
        for job in workflow.dag.needrun_jobs(exclude_finished=False)
        if job.log
    ]
    if jobs and not workflow.touch:
        since = workflow.start_time.timestamp()
        logger.info(f"\n{outcome.describe(jobs, since, command_line())}\n")


onsuccess:
    show_outcome()


onerror:
    show_outcome()
