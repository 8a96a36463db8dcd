"""Attribution: the contribution of each base to a prediction, by several methods."""

from degu.attribution.methods import (
    WITH_REFERENCES,
    Explained,
    correct,
    deepshap,
    explain,
    explain_one,
    heads_of,
    most_active,
    with_references,
)
from degu.attribution.references import integrated_gradients
from degu.attribution.shap import shap_deep, shap_gradient
from degu.attribution.substitutions import ism, saliency, tism
from degu.consistency import consistency

__all__ = [
    "WITH_REFERENCES",
    "Explained",
    "consistency",
    "correct",
    "deepshap",
    "explain",
    "explain_one",
    "heads_of",
    "integrated_gradients",
    "ism",
    "most_active",
    "saliency",
    "shap_deep",
    "shap_gradient",
    "tism",
    "with_references",
]
