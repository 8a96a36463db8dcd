"""Write the report's first page: answers, one picture, and the table behind them."""

from pathlib import Path

import pandas as pd

from degu.job import begin
from degu.report import attention, class_answers, overview, page
from degu.report.answers import titled
from degu.tables import class_summary, join
from degu.tables.summary import Teachers, compare


def main(
    tables: list[str],
    warnings: str,
    students: dict[str, tuple[str, int]],
    names: dict[str, dict],
    level: float,
    files: dict[str, str],
) -> None:
    """Tables are known by the names of their files; students by recipe, with their teachers."""
    known = {Path(path).stem: pd.read_table(path, dtype={"member": str}) for path in tables}
    students = {recipe: Teachers(*taught) for recipe, taught in students.items()}
    rows, classes = compare(known, students), class_summary.compare(known, students)
    join.write(rows, files["table"])
    join.write(classes, files["classes"])
    rows, classes, trainings = (titled(of, names) for of in (rows, classes, known["training"]))
    picture = None if rows.empty else overview.embedded(overview.draw(rows, level))
    answers = class_answers.first_page(rows, classes, level, trainings)
    shown = {"answers": answers, "picture": picture}
    shown["points"] = attention.points(attention.titled(attention.read(warnings), names))
    page.write(files["summary"], "summary.html", **shown)
    page.write(files["fragment"], "answers.html", **shown)


if __name__ == "__main__":
    begin(snakemake)
    main(
        tables=snakemake.input.tables,
        warnings=snakemake.input.warnings,
        students=snakemake.params.students,
        names=snakemake.params.names,
        level=snakemake.params.level,
        files=dict(snakemake.output.items()),
    )
