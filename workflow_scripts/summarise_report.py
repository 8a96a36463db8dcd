"""Write the report's first page: answers, one picture, and the table behind them."""

from pathlib import Path

import pandas as pd

from degu.job import begin
from degu.report import attention, overview, page
from degu.report.answers import answers, titled
from degu.tables import join
from degu.tables.summary import Teachers, compare, unmeasured


def main(
    tables: list[str],
    warnings: str,
    students: dict[str, tuple[str, int]],
    names: dict[str, dict],
    level: float,
    table: str,
    summary: str,
    fragment: str,
) -> None:
    """Tables are known by the names of their files; students by recipe, with their teachers."""
    known = {Path(path).stem: pd.read_table(path, dtype={"member": str}) for path in tables}
    rows = compare(known, {recipe: Teachers(*taught) for recipe, taught in students.items()})
    join.write(rows, table)
    rows, trainings = titled(rows, names), titled(known["training"], names)
    picture = None if rows.empty else overview.embedded(overview.draw(rows, level))
    untold = titled(unmeasured(known["performance"]), names)
    shown = {"answers": answers(rows, level, trainings, untold), "picture": picture}
    shown["points"] = attention.points(attention.titled(attention.read(warnings), names))
    page.write(summary, "summary.html", **shown)
    page.write(fragment, "answers.html", **shown)


if __name__ == "__main__":
    begin(snakemake)
    main(
        tables=snakemake.input.tables,
        warnings=snakemake.input.warnings,
        students=snakemake.params.students,
        names=snakemake.params.names,
        level=snakemake.params.level,
        table=snakemake.output.table,
        summary=snakemake.output.summary,
        fragment=snakemake.output.fragment,
    )
