"""Show whether to distil, and how, from a user's own members, and the students to take along."""

import pandas as pd

from degu.job import begin
from degu.report import advice, exported, overview, page
from degu.report.answers import titled
from degu.tables.distillation import CERTAIN


def main(table: str, passports: list[str], names: dict[str, dict], output: str) -> None:
    """Write a section an ensemble and activity, and one on exported students."""
    rows, of = titled(pd.read_table(table), names), names["recipes"]
    teachers = {of[student]: of[teacher] for student, teacher in names["teachers"].items()}
    ensembles = advice.ensembles(rows, teachers)
    page.write(
        output,
        "distil.html",
        cases=[advice.case(one) for one in ensembles],
        picture=overview.embedded(overview.gains(ensembles)) if ensembles else None,
        students=exported.students(passports, names),
        certain=CERTAIN,
        worth=advice.WORTH,
    )


if __name__ == "__main__":
    begin(snakemake)
    main(
        table=snakemake.input.table,
        passports=snakemake.input.students,
        names=snakemake.params.names,
        output=snakemake.output[0],
    )
