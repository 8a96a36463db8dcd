"""Names that tests of panels share."""

from degu import plotting

NAMES = plotting.Names(
    datasets={"lenti": "lentiMPRA K562", "starr": "STARR-seq"},
    variants={"satmut": "saturation mutagenesis"},
    recipes={"standard": "standard training", "noisy": "with noise", "degu": "DEGU"},
    teachers={"degu": "standard"},
    targets={
        "lenti": {"activity": ["activity", "log2(RNA/DNA)"]},
        "starr": {"Dev": ["developmental", "log2"], "Hk": ["housekeeping", ""]},
    },
    units={"satmut": "log2 expression"},
)
