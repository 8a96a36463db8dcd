"""Predictions by a module of the user's, in the user's own environment.

`degu.foreign.module` runs this file with the Python interpreter that the config names: it needs the
standard library alone, and no recent one. The module has

    members()                     names of the members, a list of text
    predict(member, sequences)    numbers (n, activities) for a list of n sequences, letters

Arguments are the module, the number of a member, the number of members that there must be, the
number of activities, a file of sequences, one a line, and the file of the predictions to write.
"""

import importlib.util
import os
import sys
from itertools import islice
from pathlib import Path

# Sequences that the module is given at once.
AT_ONCE = 10_000


def main(
    module: str, number: str, members: str, activities: str, sequences: str, output: str
) -> None:
    """Write the name of a member, then its predictions, a line a sequence."""
    loaded = load(module)
    names = [str(name) for name in loaded.members()]
    if len(names) != int(members):
        sys.exit(f"members() has {len(names)} names, but predictions.members is {members}")
    name = names[int(number)]
    with Path(sequences).open() as source, Path(output).open("w") as result:
        result.write(name + "\n")
        while True:
            some = [line.strip() for line in islice(source, AT_ONCE)]
            if not some:
                break
            rows = rows_of(loaded.predict(name, some), int(activities))
            if len(rows) != len(some):
                sys.exit(f"predict() gave {len(rows)} rows for {len(some)} sequences")
            result.writelines("\t".join(map(repr, row)) + "\n" for row in rows)


def load(path: str) -> object:
    """Import a module by its path; it finds its neighbours, and files beside it."""
    folder = str(Path(path).parent)
    sys.path.insert(0, folder)
    os.chdir(folder)
    spec = importlib.util.spec_from_file_location("teachers", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("members", "predict"):
        if not callable(getattr(module, name, None)):
            sys.exit(f"there is no function {name}()")
    return module


def rows_of(predictions: object, activities: int) -> list:
    """Turn arrays or lists into lists of floats; of one activity they may be single numbers."""
    if hasattr(predictions, "tolist"):
        predictions = predictions.tolist()
    rows = [row if isinstance(row, (list, tuple)) else [row] for row in predictions]
    for row in rows:
        if len(row) != activities:
            sys.exit(f"predict() gave {len(row)} numbers a sequence, not {activities}")
    return [[float(value) for value in row] for row in rows]


if __name__ == "__main__":
    # The folder of this file would hide packages of the same names, such as requests.
    sys.path.pop(0)
    main(*sys.argv[1:])
