"""Tables whose test values are the truth."""

import h5py
import numpy as np
import pandas as pd
import pytest

from degu.assays import table
from degu.sequences import encode
from degu.simulated.files import simulate
from degu.simulated.world import activity, noise
from degu.variants import table as variants

SIZES = {"starrseq_rows": 200, "lentimpra_elements": 100, "chromosomes": {"chr1": 3000}}
COLUMNS = {"name": "name", "sequence": "sequence", "split": "split"}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return simulate(tmp_path_factory.mktemp("world"), 5, **SIZES, planted_rows=500)


def test_activities_are_measured_once_but_those_of_the_test_set(files):
    how = {"activity": {"mean": "activity"}}
    records = table.load({"table": files["planted"]}, 1, COLUMNS, how, "error")
    splits, counts = np.unique(records.splits, return_counts=True)
    assert dict(zip(splits, counts, strict=True)) == {"train": 400, "validation": 50, "test": 50}
    assert records.codes.shape == (500, 230)
    test = records.splits == "test"
    true, sigma = (oracle(records.codes)[:, 0] for oracle in (activity, noise))
    np.testing.assert_allclose(records.targets[test, 0], true[test], atol=1e-6)
    z = ((records.targets[:, 0] - true) / sigma)[~test]
    # Mean 0 and variance 1 within 5 standard errors.
    assert abs(z.mean()) < 5 / np.sqrt(z.size)
    assert abs(z.var() - 1) < 5 * np.sqrt(2 / z.size)
    with h5py.File(files["truth"]) as truth:
        np.testing.assert_allclose(truth["planted/true"][:], true)
        np.testing.assert_allclose(truth["planted/sigma"][:], sigma)


def test_effects_of_variants_are_those_of_the_locus(files):
    written, counts = variants.load(files["planted_variants"])
    with h5py.File(files["truth"]) as truth:
        locus = truth["satmut/PKLR"]
        kept = ~locus["mismatch"][:]
        stated = [locus[key].asstr()[:][kept].tolist() for key in ("ref", "alt")]
        np.testing.assert_array_equal(written["pos"], locus["position"][:][kept])
        np.testing.assert_allclose(written["value"], locus["effect"][:][kept], atol=1e-6)
        assert [written[key].tolist() for key in ("ref", "alt")] == stated
        assert (~kept).sum() == 3 and len(written) > 800
    assert counts["indels"].sum() == 0
    genome = "".join(files["genome"].read_text().split("\n")[1:]).upper()
    assert all(
        genome[pos - 1] == ref for pos, ref in zip(written["pos"], written["ref"], strict=True)
    )
    assert encode(["".join(written["ref"])]).max() < 4
    assert isinstance(written, pd.DataFrame)
