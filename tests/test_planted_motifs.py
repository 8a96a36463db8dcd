"""Attribution on the simulated world: bases that a planted motif reads stand out."""

import keras
import numpy as np
import pytest
from scipy import stats

from degu import models
from degu.assays import simulated
from degu.attribution import correct, saliency
from degu.maps import observed
from degu.sequences import one_hot

LENGTH, TRAIN, TEST, EPOCHS, BATCH = 60, 6000, 200, 6, 50


def trained(codes, targets, seed):
    keras.utils.set_random_seed(seed)
    model = models.build("compact_cnn", LENGTH, targets.shape[1], width=32, kernel=9)
    rate = keras.optimizers.schedules.CosineDecay(3e-3, EPOCHS * TRAIN // BATCH)
    model.compile(keras.optimizers.Adam(rate), "mse")
    model.fit(one_hot(codes), targets, BATCH, EPOCHS, verbose=0)
    return model


def read_by_a_motif(codes):
    """Mark the bases that sites of motifs with an effect on the first output insist on."""
    marked = np.zeros(codes.shape, bool)
    for site in simulated.sites(codes).itertuples():
        motif = simulated.WORLD.motifs[site.motif]
        if abs(motif.effects[0]) > 0.25 and site.occupancy >= 0.5:
            insists = np.array([letter.isupper() for letter in motif.word[:: site.strand]])
            marked[site.row, site.start : site.start + len(insists)] |= insists
    return marked


def auroc(scores, marked):
    above = stats.mannwhitneyu(scores[marked], scores[~marked]).statistic
    return above / marked.sum() / (~marked).sum()


@pytest.fixture(scope="module")
def recovered():
    """AUROC of |saliency| for planted bases: of three teachers, of their mean, of a student."""
    rng = np.random.default_rng(0)
    codes = simulated.background(TRAIN + TEST, LENGTH, rng)
    simulated.plant(codes, 40, rng)
    activity, noise = simulated.activity(codes)[:, :1], simulated.noise(codes)[:, :1]
    measured = activity + noise * rng.standard_normal(noise.shape) / np.sqrt(3)
    teachers = [trained(codes[:TRAIN], measured[:TRAIN], seed) for seed in range(3)]
    predicted = np.stack([models.predictor(model)(codes[:TRAIN]) for model in teachers])
    labels = np.concatenate([predicted.mean(axis=0), predicted.std(axis=0)], axis=1)
    student = trained(codes[:TRAIN], labels, 3)
    tested = codes[TRAIN:]
    maps = np.stack([correct(saliency(model, tested, 0)) for model in (*teachers, student)])
    maps = np.concatenate([maps, maps[:3].mean(axis=0, keepdims=True)])
    marked = read_by_a_motif(tested)
    *of_teachers, of_student, of_mean = (
        auroc(scores, marked) for scores in np.abs(observed(maps, tested))
    )
    print(f"AUROC: teachers {of_teachers}, their mean {of_mean}, student {of_student}")
    return of_teachers, of_mean, of_student


def test_planted_bases_stand_out(recovered):
    of_teachers, of_mean, of_student = recovered
    assert of_mean > 0.85
    assert min(*of_teachers, of_student) > 0.7


def test_the_mean_over_members_is_better_than_a_member(recovered):
    of_teachers, of_mean, _ = recovered
    assert of_mean > np.mean(of_teachers)
