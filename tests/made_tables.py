"""Tables of the paper's runs with made-up numbers: figures are drawn from them without training.

They have the paper's shape: all runs of config.yaml, their members, heads, shifts and variants.
"""

import math
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from degu.heads import Heads
from degu.tables.join import write

CONFIG = yaml.safe_load(Path("config.yaml").read_text())
PAPER, RECIPES = CONFIG["paper"], CONFIG["recipes"]
ACTIVITIES = {
    PAPER["starrseq"]: ["Dev", "Hk"],
    PAPER["k562"]: ["activity"],
    PAPER["hepg2"]: ["activity"],
    PAPER["atac"]: ["accessibility"],
}
SHIFTS = ["none", "small", "moderate", "large"]
METHODS = ["saliency", "deepshap"]
# Signal of a student, of an ensemble, and of each scheme, above a member's.
GAIN = {"student": 0.03, "ensemble": 0.04, "dynamic": 0.01}
# Mean widths of intervals by kind of uncertainty, and factors of recipes.
WIDTHS = {"dropout": 0.8, "ensemble": 0.5, "epistemic": 0.6, "aleatoric": 2.2, "total": 2.4}
WIDTHS |= {"ensemble_total": 2.3}
WIDER = {"heteroscedastic": 1.2, "evidential": 1.4, "degu_aleatoric": 1.1}
SEQUENCES, BASES = 300, 120


def runs():
    """List data set, recipe and fraction of each run of the paper."""
    found = {}
    for run in CONFIG["runs"]:
        for dataset, recipe, fraction in product(run["datasets"], run["recipes"], run["fractions"]):
            teacher = RECIPES[recipe].get("teacher", recipe)
            found |= {(dataset, one, str(float(fraction))): None for one in (teacher, recipe)}
    return list(found)


def heads_of(dataset, recipe):
    """Output heads of a recipe's models."""
    teacher = RECIPES[RECIPES[recipe].get("teacher", recipe)]
    noisy = teacher.get("aleatoric") or teacher.get("likelihood")
    heads = Heads.of(ACTIVITIES[dataset], *(["aleatoric"] if noisy else []))
    return heads.with_epistemic() if "teacher" in RECIPES[recipe] else heads


def members(recipe, extra=("ensemble",)):
    """Names of the members of a run."""
    return [*map(str, range(10)), *extra]


def write_all(folder):
    """Write every table of every run below `folder`/results/tables."""
    rng = np.random.default_rng(0)
    tables = Path(folder, "results/tables")
    for run in runs():
        for name, table in tables_of(rng, *run):
            suffix = "tsv.gz" if name in ("predictions", "variant_effects") else "tsv"
            for place, rows in table.groupby("variants") if "variants" in table else [("", table)]:
                path = tables.joinpath(name, place, *run).with_suffix(f".{suffix}")
                path = path.with_name(f"{run[-1]}.{suffix}")
                path.parent.mkdir(parents=True, exist_ok=True)
                write(rows.drop(columns="variants", errors="ignore"), path)
    write(toy(rng), tables / "toy.tsv")


def tables_of(rng, dataset, recipe, fraction):
    """Yield name and rows of each table of a run; rows of variants name their set."""
    heads, gain = heads_of(dataset, recipe), gain_of(recipe)
    performance = agreement(rng, heads, gain + 0.1 * np.log10(float(fraction)))
    yield "performance", performance
    yield "performance_summary", summary(performance)
    if fraction != "1.0":
        return
    yield "intervals", intervals(rng, dataset, recipe, heads)
    yield "attribution_consistency", consistency(rng, dataset, heads, gain)
    yield "attributions", attributions(rng, heads)
    yield "predictions", predictions(rng, heads)
    if recipe == "standard":
        sizes = pd.concat(
            agreement(rng, heads, 0.02 * np.log(size))
            .query("member == 'ensemble'")
            .assign(size=size)
            for size in (2, 3, 4, 5, 10, 15, 20, 25)
        )
        yield "ensemble_sizes", sizes.drop(columns=["member", "ceiling"])
    if dataset == PAPER["starrseq"]:
        yield "shift", shifted(rng, heads, gain)
        yield "shift_distributions", distributions(heads)
    loci = CONFIG["variants"][PAPER["variants"]]["models"].get(dataset, [])
    if loci:
        yield "variants", variants(rng, loci, heads, gain)
        yield "variant_effects", effects(rng, loci, heads)


def gain_of(recipe):
    """Return the gain of a recipe in Pearson's r over standard training."""
    kinds = {"student": "teacher", "dynamic": "dynamic"}
    return sum(GAIN[name] for name, key in kinds.items() if key in RECIPES[recipe])


def agreement(rng, heads, gain):
    """Rows of `performance`."""
    rows = [
        (member, head.name, head.kind, metric, 0.65 + gain + bonus + 0.01 * rng.normal())
        for member in members(None)
        for head in heads
        for metric in ("pearson", "spearman", "mse")
        for bonus in [GAIN["ensemble"] if member == "ensemble" else 0]
    ]
    table = pd.DataFrame(rows, columns=["member", "output", "kind", "metric", "value"])
    return table.assign(low=table["value"] - 0.01, high=table["value"] + 0.01, ceiling=np.nan)


def summary(performance):
    """Rows of `performance_summary`."""
    keys = ["output", "kind", "metric"]
    alone = performance["member"] == "ensemble"
    means = performance[~alone].groupby(keys, sort=False)["value"].mean()
    table = means.rename("mean").reset_index()
    ensemble = performance[alone].set_index(keys)["value"].reindex(means.index).to_numpy()
    bounds = {"low": table["mean"] - 0.005, "high": table["mean"] + 0.005}
    return table.assign(**bounds, ensemble=ensemble, ceiling=np.nan)


def kinds_of(recipe, heads):
    """Kinds of uncertainty of a recipe, and whether the ensemble alone has them."""
    own = [kind for kind in ("epistemic", "aleatoric") if heads.of_kind(kind)]
    own = ["epistemic", "aleatoric"] if recipe == "evidential" else own
    kinds = {kind: False for kind in [*own, *(["total"] if len(own) == 2 else [])]}
    if recipe in CONFIG["calibration"]["dropout"]["recipes"]:
        kinds["dropout"] = False
    if "teacher" not in RECIPES[recipe]:
        kinds |= {"ensemble": True} | ({"ensemble_total": True} if own else {})
    return kinds


def intervals(rng, dataset, recipe, heads):
    """Rows of `intervals`."""
    rows = []
    for activity, (kind, alone) in product(ACTIVITIES[dataset], kinds_of(recipe, heads).items()):
        width = WIDTHS[kind] * WIDER.get(recipe, 1)
        for member in ["ensemble"] if alone else members(recipe, ()):
            noise = 0.05 * rng.normal()
            values = {
                "coverage": math.erf((width + noise) / 2),
                "width": width + noise,
                "conformal_coverage": 0.95 + noise / 20,
                "conformal_width": 2.7 + width / 10 + noise,
                "pearson": 0.7 + gain_of(recipe) + 0.005 * rng.normal(),
            }
            labels = (member, activity, kind, "measurement")
            rows += [(*labels, *value) for value in values.items()]
    columns = ["member", "output", "kind", "covers", "metric", "value"]
    return pd.DataFrame(rows, columns=columns).assign(low=np.nan, high=np.nan, ceiling=np.nan)


def consistency(rng, dataset, heads, gain):
    """Rows of `attribution_consistency`."""
    names = [f"sequence {number}" for number in range(SEQUENCES)]
    methods = METHODS if dataset == PAPER["starrseq"] else METHODS[:1]
    parts = []
    for activity, method in product(heads.activities, methods):
        labels = {"method": method, "output": activity, "kind": "activity"}
        for metric in ("rmse", "rmse_others", "normalised_rmse"):
            values = 0.0035 - 0.02 * gain + 1e-4 * rng.normal(size=10)
            rows = {"member": list(map(str, range(10))), "metric": metric, "value": values}
            parts.append(pd.DataFrame(rows | {"name": ""}).assign(**labels))
        for metric in ("spread", "normalised_spread"):
            values = np.exp(rng.normal(-1, 0.4, SEQUENCES)) * (1 - 8 * gain)
            rows = {"name": names, "metric": metric, "value": values}
            parts.append(pd.DataFrame(rows | {"member": ""}).assign(**labels))
    columns = ["method", "member", "output", "kind", "name", "metric", "value"]
    return pd.concat(parts)[columns]


def attributions(rng, heads):
    """Rows of `attributions`."""
    parts = []
    bases = rng.choice(list("ACGT"), BASES)
    motif = np.where(np.isin(np.arange(BASES) // 8, [3, 8]), 0.08, 0)
    for method, activity, member in product(METHODS, heads.activities, ["0", "ensemble"]):
        labels = {"method": method, "member": member, "output": activity, "kind": "activity"}
        score = motif + 0.01 * rng.normal(size=BASES)
        std = 0.005 if member == "ensemble" else np.nan
        rows = {"name": "sequence 0", "position": np.arange(BASES), "base": bases}
        parts.append(pd.DataFrame(labels | rows | {"score": score, "std": std, "z": score / 0.005}))
    return pd.concat(parts)


def predictions(rng, heads):
    """Rows of `predictions`."""
    parts = []
    for member, head in product(["0", "ensemble"], heads):
        truth = (
            rng.normal(size=2 * SEQUENCES) if head.kind == "activity" else rng.gamma(2, 0.1, 600)
        )
        rows = {
            "member": member,
            "output": head.name,
            "kind": head.kind,
            "name": [f"sequence {number}" for number in range(600)],
            "truth": truth,
            "predicted": truth + 0.4 * truth.std() * rng.normal(size=len(truth)),
        }
        parts.append(pd.DataFrame(rows))
    return pd.concat(parts)


def shifted(rng, heads, gain):
    """Rows of `shift`."""
    sizes = {"none": 0.1, "small": 0.13, "moderate": 0.17, "large": 0.1}
    rows = [
        (shift, member, activity, "activity", "mse", sizes[shift] - gain + 0.003 * rng.normal())
        for shift in SHIFTS
        for member in members(None)
        for activity in heads.activities
    ]
    columns = ["shift", "member", "output", "kind", "metric", "value"]
    return pd.DataFrame(rows, columns=columns).assign(low=np.nan, high=np.nan, ceiling=np.nan)


def distributions(heads):
    """Rows of `shift_distributions`."""
    share = np.linspace(0, 1, 101).round(2)
    value = np.log((share + 0.01) / (1.01 - share))
    return pd.concat(
        pd.DataFrame(
            {
                "shift": shift,
                "output": activity,
                "probability": share,
                "value": value / (1 + number),
            }
        )
        for number, shift in enumerate(SHIFTS)
        for activity in heads.activities
    )


def variants(rng, loci, heads, gain):
    """Rows of `variants`."""
    certain = bool(heads.of_kind("epistemic"))
    ranking = CONFIG["variants"][PAPER["variants"]]["certainty"]
    rows = [
        (locus, member, activity, certainty, share, metric, 0.5 + 2 * gain + 0.02 * rng.normal())
        for locus in loci
        for member in members(None)
        for activity in heads.activities
        for certainty in ["own", ranking]
        for share in [0.1, 0.25, 0.5, 0.75, 1.0]
        for metric in ("pearson", "spearman")
        if share == 1 or certainty == ranking or certain or member == "ensemble"
    ]
    columns = ["locus", "member", "output", "certainty", "share", "metric", "value"]
    table = pd.DataFrame(rows, columns=columns)
    table = table.assign(number=(600 * table["share"]).astype(int), blocks=15)
    return table.assign(low=np.nan, high=np.nan, overlapping=0, variants=PAPER["variants"])


def effects(rng, loci, heads):
    """Rows of `variant_effects`."""
    parts = []
    uncertain = [kind for kind in ("epistemic", "aleatoric") if heads.of_kind(kind)]
    uncertain += ["total"] if len(uncertain) == 2 else []
    metrics = ["measured", "effect", *uncertain, *(f"alt_{kind}" for kind in uncertain)]
    for locus, member, activity, metric in product(
        loci, ["0", "ensemble"], heads.activities, metrics
    ):
        places = list(product(range(155_301_000, 155_301_120), "ACGT"))
        table = pd.DataFrame(places, columns=["pos", "alt"])
        table["ref"] = np.array(list("ACGT"))[table["pos"] % 4]
        table = table[table["ref"] != table["alt"]]
        value = rng.normal(size=len(table)) * 0.3
        value = value if metric in ("measured", "effect") else np.abs(value)
        labels = {"locus": locus, "chrom": "1", "member": member, "output": activity}
        parts.append(table.assign(**labels, metric=metric, value=value))
    columns = ["locus", "chrom", "pos", "ref", "alt", "member", "output", "metric", "value"]
    return pd.concat(parts)[columns].assign(variants=PAPER["variants"])


def toy(rng):
    """Rows of `toy`."""
    x = np.linspace(-2, 2, 101)
    curves = [("function", 0), ("ensemble", 0), ("student", 0), ("student_outside", 0)]
    curves += [("member", number) for number in range(10)]
    parts = [
        pd.DataFrame({"role": role, "member": number, "x": x, "y": np.sin(3 * x) + 0.1 * number})
        for role, number in curves
    ]
    for role in ("measured", "labelled"):
        points = rng.uniform(-1, 1, 24)
        parts.append(
            pd.DataFrame({"role": role, "member": 0, "x": points, "y": np.sin(3 * points)})
        )
    return pd.concat(parts)
