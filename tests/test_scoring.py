"""Scripts that predict with saved members: passes with dropout, and both alleles of variants."""

import numpy as np
import pandas as pd
import pytest

import predict
import predict_variants
import sample_dropout
from conftest import LENGTH
from degu import dataset, models, predictions, uncertainty, variants
from degu.dataset import SPLITS, Records
from degu.ensemble import Ensemble
from degu.job import InputError, seed
from degu.predictions import Predictions, Split
from degu.sequences import encode

HEADS = ["y", "y_aleatoric"]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Twelve sequences with an activity and its noise, four a split."""
    rng = np.random.default_rng(0)
    path = tmp_path_factory.mktemp("data") / "made.h5"
    records = Records(
        names=np.array([f"s{row}" for row in range(12)]),
        codes=rng.integers(0, 4, (12, LENGTH), dtype=np.uint8),
        targets=rng.normal(size=(12, 2)).astype(np.float32),
        target_names=HEADS,
        splits=np.repeat(SPLITS, 4),
    )
    dataset.write(path, records)
    return path


def test_passes_with_dropout_are_summarised(data, members, tmp_path):
    path = tmp_path / "dropout.h5"
    sample_dropout.main(data, members, path, passes=6, names=[0, "made"])
    run, made = predictions.read(path), dataset.Dataset(data)
    assert (run.heads, run.activities) == (["y", "y_epistemic"], ["y"])
    assert run.uncertainties("y") == {"epistemic": 1}
    for name, split in [("validation", run.validation), ("test", run.test)]:
        assert split.names.tolist() == made.names(name).tolist()
        np.testing.assert_array_equal(split.truth[:, 0], made.targets(name)[:, 0])
        for number, member in enumerate(members):
            own = seed(0, "made", number, "dropout", name)
            drawn = uncertainty.mc_dropout(models.load(member), made.codes(name), 6, own)[..., 0]
            expected = np.stack([drawn.mean(axis=0), drawn.std(axis=0)], axis=1)
            np.testing.assert_allclose(split.predictions[number], expected, atol=1e-6)
    spreads = run.test.predictions[..., 1]
    assert (spreads > 0).all() and len(np.unique(spreads)) == spreads.size


def test_a_member_that_came_out_constant_is_named(data, members, tmp_path):
    network = models.load(members[0])
    for weight in network.trainable_weights:
        weight.assign(0 * weight)
    network.save(tmp_path / "3.keras")
    rest = {"labels": None, "aleatoric": True, "epistemic": False, "scale": None, "stride": None}
    with pytest.raises(InputError, match=r"3\.keras fell out .* undefined \(constant"):
        predict.main(data, [*members, str(tmp_path / "3.keras")], output=tmp_path / "p.h5", **rest)
    assert not (tmp_path / "p.h5").exists()
    predict.main(data, members, output=tmp_path / "p.h5", **rest)
    assert predictions.read(tmp_path / "p.h5").test.predictions.shape == (3, 4, 2)


@pytest.fixture
def scored(data, members, tmp_path):
    """Score two variants of one locus; `adaptors` and `loci` may be chosen."""
    sequences = {"ref_sequence": ["ACGTACGTAC", "CCCCCCCCCC", "ACGTACGTAC"]}
    sequences["alt_sequence"] = ["ACGTTCGTAC", "CCCCACCCCC", "ACGTGCGTAC"]
    place = {"locus": ["F9", "LDLR", "F9"], "chrom": "chrX", "pos": [5, 9, 5]}
    rows = pd.DataFrame(place | {"ref": "A", "alt": ["T", "A", "G"], "value": [0.5, 1, np.nan]})
    rows.assign(**sequences).to_csv(tmp_path / "variants.tsv", sep="\t", index=False)
    split = Split(np.array(["s"]), np.zeros((1, 2)), np.zeros((3, 1, 2)))
    predictions.write(tmp_path / "run.h5", Predictions(HEADS, ["y"], split, split))

    def score(left="AAAAA", right="GGGGG", loci=("F9",)):
        predict_variants.main(
            tmp_path / "variants.tsv",
            data,
            tmp_path / "run.h5",
            members,
            tmp_path / "scored.h5",
            loci,
            {"left": left, "right": right},
            scale=None,
        )
        return variants.read(tmp_path / "scored.h5")

    return score


def test_both_alleles_are_predicted_by_all_members(scored, members):
    found = scored()
    assert (found.heads, found.activities) == (HEADS, ["y"])
    assert found.table["alt"].tolist() == ["T", "G"]
    np.testing.assert_array_equal(found.table["value"], [0.5, np.nan])
    ensemble = Ensemble(members)
    ref = ensemble.predict(encode(["AAAAAACGTACGTACGGGGG"] * 2))
    alt = ensemble.predict(encode(["AAAAAACGTTCGTACGGGGG", "AAAAAACGTGCGTACGGGGG"]))
    np.testing.assert_allclose(found.ref, ref, atol=1e-6)
    np.testing.assert_allclose(found.alt, alt, atol=1e-6)
    assert (np.abs(found.effects("y")) > 1e-5).all()
    np.testing.assert_allclose(found.spread("y"), (alt - ref)[..., 0].std(axis=0), atol=1e-6)


def test_what_cannot_be_scored(scored):
    with pytest.raises(InputError, match="Windows of 10 bases with adaptors of 5 and 0 make 15"):
        scored(right="")
    with pytest.raises(InputError, match="no variants of 'SORT1': loci are F9, LDLR"):
        scored(loci=("F9", "SORT1"))
