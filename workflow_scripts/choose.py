"""Choose the values of the best trial of a study."""

import json
from pathlib import Path

from degu import chosen, job
from degu.tables.join import write
from degu.tuning import choice, study


def main(plan: str, files: dict[str, str], name: str, **recipe: dict) -> None:
    """Write the chosen values, the recipe that has them, and a table of all trials."""
    planned = json.loads(Path(plan).read_text())
    opened = study.load(Path(plan).with_name("journal.log"), planned["name"])
    trials = choice.ended(opened, len(planned["trials"]))
    best = choice.best(trials)
    facts = {"trial": best.number, "of": len(trials), "validation_loss": best.value}
    text = choice.as_recipe(name, best.params, **recipe)
    job.log.info("trial %(trial)d of %(of)d, validation loss %(validation_loss).6g:", facts)
    job.log.info("%s", text)
    with job.atomic(files["recipe"]) as temporary:
        temporary.write_text(text)
    write(choice.table(trials), files["table"])
    chosen.write(files["values"], best.params, facts)


if __name__ == "__main__":
    job.begin(snakemake)
    main(
        plan=snakemake.input.plan,
        files=dict(snakemake.output.items()),
        name=snakemake.wildcards.study,
        recipe=snakemake.params.recipe,
        architecture=snakemake.params.architecture,
    )
