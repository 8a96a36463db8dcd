"""Published correlations: the table, and the largest of an assay."""

import csv

from degu import published


def test_the_largest_of_an_assay():
    assert published.best("starrseq/Dev") == {
        "assay": "starrseq/Dev",
        "r": 0.739,
        "model": "AlphaGenome, fine-tuned",
        "source": "ft",
        "note": "",
    }
    assert published.best("yeast_dream/expression")["r"] == 0.819


def test_every_row_is_whole_and_has_a_source_that_the_remarks_explain():
    lines = published.TABLE.read_text().splitlines()
    remarks = "\n".join(line for line in lines if line.startswith("#"))
    rows = list(csv.DictReader((line for line in lines if line[0] != "#"), delimiter="\t"))
    assert len(rows) == 27
    for row in rows:
        assert f"# {row['source']}:" in remarks or f"\n# {row['source']}:" in remarks
        assert row["measure"] == "pearson" and 0 < float(row["value"]) < 1
        assert None not in row.values()
    assert set(published.names()) == {f"{row['assay']}/{row['target']}" for row in rows}
