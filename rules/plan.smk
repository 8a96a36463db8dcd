# What happens when a run starts; and what is deleted when it has ended well (rules/run.smk).

from degu.job import keep_plan


def delete_finished_checkpoints():
    """Checkpoints stay until a run ends well: a finished training may yet count as failed."""
    for model in Path("results/models").glob("*/*/*/*.keras"):
        model.with_suffix(".checkpoint.npz").unlink(missing_ok=True)


onstart:
    keep_plan(workflow.dag.jobs)
    # Its rate limit makes Snakemake (9.27) look through all waiting jobs once more in each further
    # second for every job that has ended: hundreds of jobs keep a core busy. There is no rate to limit.
    workflow.scheduler.job_rate_limiter = None
