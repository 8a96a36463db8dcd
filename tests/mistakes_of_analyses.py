"""Mistakes of what is measured, explained, scored and drawn."""

from made_configs import SCORES, made

MISTAKES = {
    "one group of intervals": (
        {"calibration": {"groups": 1}},
        "calibration.groups: 1 is less than the minimum of 2",
    ),
    "models of variants": (
        {"variants": {"cagi5": {"models": {"lentimpra_k526": ["PKLR"]}}}},
        "variants.cagi5.models: 'lentimpra_k526' is not defined; allowed: *. "
        "Did you mean 'lentimpra_k562'?",
    ),
    "locus of variants": (
        {"variants": {"cagi5": {"models": {"made": ["PKLRR"]}}}},
        "variants.cagi5.models.made: 'PKLRR' is not in loci; allowed: *. Did you mean 'PKLR'?",
    ),
    "variants for profiles": (
        {"variants": {"cagi5": {"models": {"atac_a549": ["PKLR"]}}}},
        "variants.cagi5.models: models of 'atac_a549' tell profiles, and score no variants",
    ),
    "key of variants": (
        {"variants": {"cagi5": {"assay": {"windw": 230}}}},
        "variants.cagi5.assay: unknown key 'windw'; allowed: *. Did you mean 'window'?",
    ),
    "data set of the paper": (
        {"paper": {"k562": "mad"}},
        "paper.k562: 'mad' is not defined; allowed: *. Did you mean 'made'?",
    ),
    "variants of the paper": (
        {"paper": {"variants": "starrseq"}},
        "paper.variants: 'starrseq' is not defined; allowed: cagi5",
    ),
    "part of the paper": (
        {"paper": {"K562": "made"}},
        "paper: unknown key 'K562'; allowed: starrseq, k562, hepg2, atac, variants",
    ),
    "figure": (
        {"figures": ["performnce"]},
        "figures[0]: 'performnce' is not known; allowed: *. Did you mean 'performance'?",
    ),
    "title of an activity": (
        made(targets={"activty": {"unit": "log2"}}),
        "datasets.made.targets: there is no activity 'activty'; allowed: activity. "
        "Did you mean 'activity'?",
    ),
    "published assay": (
        made(targets={"activity": {"published": "lentimpra/K652"}}),
        "datasets.made.targets.activity.published: no r of 'lentimpra/K652' is known; allowed: *. "
        "Did you mean 'lentimpra/K562'?",
    ),
    "one title for two recipes": (
        {"recipes": {"degu_logvar": {"title": "DEGU"}}},
        "recipes.degu.title: 'DEGU' is the title of 'degu_logvar' already",
    ),
    "oracle": (
        {"shift": {"oracle": "standrad"}},
        "shift.oracle: 'standrad' is no recipe of teachers; allowed: *. Did you mean 'standard'?",
    ),
    "oracle that is a student": (
        {"shift": {"oracle": "degu"}},
        "shift.oracle: 'degu' is no recipe of teachers; allowed: *",
    ),
    "head to explain": (
        made(attribution={"heads": ["activity", "activity_epistmic"]}),
        "datasets.made.attribution.heads: there is no head 'activity_epistmic'; allowed: activity, "
        "activity_aleatoric, activity_epistemic. Did you mean 'activity_epistemic'?",
    ),
    "method of attribution": (
        {"attribution": {"methods": ["deepsahp"]}},
        "attribution.methods[0]: 'deepsahp' is not known; allowed: *. Did you mean 'deepshap'?",
    ),
    "method that has no rules for a network": (
        {"recipes": {"degu": {"architecture": {"name": "dream_rnn"}}}}
        | made(attribution={"methods": ["deepshap"]}),
        "datasets.made.attribution.methods: deepshap does not explain 'dream_rnn' (recipe "
        "'degu'), which has recurrent layers; allowed: saliency, integrated_gradients, ism, tism",
    ),
    "heads of attribution": (
        {"attribution": {"heads": "activity"}},
        "attribution.heads: 'activity' is not known; allowed: activities, all. "
        "Did you mean 'activities'?",
    ),
    "a VCF in a genome that is not defined": (
        {"scores": {"mine": SCORES | {"genome": "hg18"}}},
        "scores.mine.genome: 'hg18' is not defined; allowed: hg38, hg19. Did you mean 'hg38'?",
    ),
    "a VCF scored by what is no student": (
        {"scores": {"mine": SCORES | {"students": {"made": ["standard"]}}}},
        "scores.mine.students.made: no run has students 'standard' on 'made'*",
    ),
    "a VCF scored by students of profiles": (
        {"scores": {"mine": SCORES | {"students": {"atac_a549": ["degu_aleatoric"]}}}},
        "scores.mine.students: no run has students of single activities on 'atac_a549'*",
    ),
    "effects of variants that are not scored": (
        {"scores": {"mine": SCORES | {"effects": "cagi"}}},
        "scores.mine.effects: 'cagi' is no set of variants that models of 'made' score*",
    ),
    "a VCF that is not there": (
        {"scores": {"mine": SCORES}},
        "scores.mine.vcf: '/none/my.vcf' is not there *",
    ),
    "crop of less than half a window": (
        {"datasets": {"atac_a549": {"assay": {"crop": 1535}}}},
        "datasets.atac_a549.assay.crop: 1535 of 3072 bases; allowed: 1536 to 3072",
    ),
    "stride of more than a window": (
        {"datasets": {"atac_a549": {"stride": 3073}}},
        "datasets.atac_a549.stride: 3073 bases; allowed: 1 to 3072",
    ),
    "sequence to explain by profiles": (
        {"datasets": {"atac_a549": {"attribution": {"explain": {"mine": "ACGT"}}}}},
        "datasets.atac_a549.attribution.explain.mine: 4 bases, but models take 2048",
    ),
    "method of a data set": (
        made(attribution={"methods": ["saliency", "deepsahp"]}),
        "datasets.made.attribution.methods[1]: 'deepsahp' is not known; allowed: *. "
        "Did you mean 'deepshap'?",
    ),
}
