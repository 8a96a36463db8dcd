"""Mistakes of motifs in attribution maps."""

from made_configs import embedded, made

MISTAKES = {
    "motifs of maps that are not made": (
        {"motifs": {"file": "/none/my.meme"}},
        "motifs.method: 'deepshap' explains no model of 'made': attribution.methods asks for it*",
    ),
    "a motif file that is not there": (
        {"motifs": {"file": "/none/my.meme", "method": "saliency"}},
        "motifs.file: '/none/my.meme' is not there *",
    ),
    "seqlets shorter than long": (
        made(motifs={"file": "/none/my.meme", "method": "saliency", "longest": 5}),
        "motifs.shortest: 6 is more than longest, 5",
    ),
    "motifs of vectors": (
        embedded("standard") | {"motifs": {"file": "/none/my.meme"}},
        "motifs.file: models of 'other' take vectors, which have no maps*",
    ),
}
