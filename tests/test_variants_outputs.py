"""Files of scores: endings, headers of empty ones, and files that are not there after a failure."""

import gzip

import pytest

from degu.job import InputError
from degu.variants import outputs
from degu.variants.scoring import COLUMNS


@pytest.mark.parametrize("ending", outputs.ENDINGS)
def test_a_file_without_variants_has_its_header(tmp_path, ending):
    path = tmp_path / f"out{ending}"
    with outputs.opened([path], {"chr1": 9}, ["degu_level=0.9"]):
        assert not path.exists()
    read = gzip.open if ending.endswith(".gz") else open
    with read(path, "rt") as file:
        lines = file.read().splitlines()
    if ".vcf" in ending:
        assert lines[:3] == [
            "##fileformat=VCFv4.3", "##degu_level=0.9", "##contig=<ID=chr1,length=9>",
        ]  # fmt: skip
        assert lines[-1].startswith("#CHROM\tPOS")
    else:
        assert lines == ["\t".join(COLUMNS)]


def test_a_failure_leaves_no_file(tmp_path):
    with (
        pytest.raises(ZeroDivisionError),
        outputs.opened([tmp_path / "a.tsv", tmp_path / "a.vcf.gz"], {}, []),
    ):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_other_endings_are_refused(tmp_path):
    message = r"a\.csv must end in one of \.tsv, \.tsv\.gz, \.vcf, \.vcf\.gz"
    with pytest.raises(InputError, match=message):
        outputs.check_endings([tmp_path / "b.tsv", tmp_path / "a.csv"])
