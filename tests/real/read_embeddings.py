"""Turn the embeddings of reads beside the repository into files that a data set takes.

python tests/real/read_embeddings.py $DEGU_DATA/meta_reads $DEGU_MADE
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from degu import embeddings

folder, made = map(Path, sys.argv[1:])
made.mkdir(parents=True, exist_ok=True)
known = np.load(folder / "deepac_embeddings.npz")
reads = pd.read_table(folder / "reads_a.tsv.gz").set_index("read_id").loc[known["read_id"]]
embeddings.write(made / "embedded_reads.h5", reads.index, reads["seq"], known["embedding"])
reads.reset_index().to_csv(made / "embedded_reads.tsv.gz", sep="\t", index=False)
