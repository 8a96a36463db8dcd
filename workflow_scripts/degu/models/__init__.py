"""Networks: built, saved, loaded, and compiled for prediction.

Whatever the loss, a saved model predicts activities and standard deviations (`converted`); only
students of log-variances keep those, and name their heads so (`degu.heads`).
"""

from degu.models.architectures import ARCHITECTURES, build
from degu.models.prediction import encode, on_strands, predictor, signature
from degu.models.saved import converted, inherit, load, save

__all__ = [
    "ARCHITECTURES",
    "build",
    "converted",
    "encode",
    "inherit",
    "load",
    "on_strands",
    "predictor",
    "save",
    "signature",
]
