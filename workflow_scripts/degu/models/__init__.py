"""Networks: built, saved, loaded, and compiled for prediction.

Whatever the loss, a saved model predicts activities and standard deviations (`converted`); only
students of log-variances keep those, and name their heads so (`degu.heads`).
"""

from degu.models.architectures import ARCHITECTURES, build
from degu.models.prediction import encode, predictor, signature
from degu.models.saved import converted, load, save

__all__ = [
    "ARCHITECTURES",
    "build",
    "converted",
    "encode",
    "load",
    "predictor",
    "save",
    "signature",
]
