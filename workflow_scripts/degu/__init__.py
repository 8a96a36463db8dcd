"""DEGU: distil an ensemble of genomic networks into one that knows what it does not know."""

import os
import sys
from pathlib import Path

from degu.quiet import Quietly

# The file by which NVIDIA's driver shows itself on Linux. Without it TensorFlow's C++ tells at
# length, as errors, that there is no GPU; whatever fails raises in Python as well.
DRIVER = Path("/proc/driver/nvidia/version")
if not DRIVER.exists():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.meta_path.insert(0, Quietly())
