"""Exported students on the report's page: folder, choice and commands."""

import small_student
from degu.report import exported

TITLES = {"datasets": {"mpra": "MPRA"}, "recipes": {"degu": "DEGU"}}
PICKED = {"member": 1, "of": 3, "by": "largest r", "r": [0.5, 0.61234, None]}


def test_where_students_lie_and_how_they_are_used(tmp_path):
    scalar = small_student.save(tmp_path / "a", facts={"picked": PICKED})
    half = small_student.save(tmp_path / "b", run="mpra/degu/0.5", profile=True)
    found = exported.students([str(folder / "student.json") for folder in (scalar, half)], TITLES)
    assert found == [
        exported.Exported(
            "MPRA: DEGU",
            str(scalar),
            "number 1 of 3 students, by the largest r (0.612)",
            [
                f"degu card {scalar}",
                f"degu predict {scalar} designs.fa > predicted.tsv",
                f"degu score {scalar} my.vcf.gz --genome hg38.fa --out scored.tsv",
            ],
        ),
        exported.Exported(
            "MPRA: DEGU at 50 %",
            str(half),
            "",
            [f"degu card {half}", f"degu predict {half} designs.fa > predicted.tsv"],
        ),
    ]
