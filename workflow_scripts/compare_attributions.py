"""Test the attribution maps of a data set's students against those of their teachers."""

from pathlib import Path

import pandas as pd

from degu import maps, metrics
from degu.job import begin, log
from degu.tables import attribution, join


def main(students: list[str], teachers: list[str], output: str) -> None:
    """Write the tests of all students; the run stands in a file's path."""
    parts = [pd.DataFrame(columns=["recipe", "fraction", *attribution.TEST])]
    for student, teacher in zip(students, teachers, strict=True):
        log.info("%s", student)
        recipe, fraction, name = Path(student).parts[-3:]
        part = attribution.tests(maps.read(student), maps.read(teacher), Path(name).stem)
        part.insert(0, "recipe", recipe)
        part.insert(1, "fraction", fraction)
        parts.append(part)
    table = pd.concat([part for part in parts if len(part)] or parts)
    # All tests of a data set are one family.
    table["p_holm"] = metrics.holm(table["p"].to_numpy(float))
    join.write(table, output)


if __name__ == "__main__":
    begin(snakemake)
    main(snakemake.input.students, snakemake.input.teachers, snakemake.output[0])
