"""An import of TensorFlow without what its C++ prints at that on a machine without a GPU."""

import importlib.util
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

# Lines of absl, which TF_CPP_MIN_LOG_LEVEL does not stop: they come before it is read.
_NOISE = re.compile(rb"WARNING: All log messages before absl|[IW]\d{4} ")


class Quietly(MetaPathFinder):
    """Importer of TensorFlow, for `sys.meta_path`: a failing import tells everything."""

    def find_spec(
        self, name: str, path: object = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find TensorFlow alone, and that once."""
        if name != "tensorflow":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is not None:
            execute = spec.loader.exec_module

            def execute_quietly(module: ModuleType) -> None:
                with without_noise():
                    execute(module)

            spec.loader.exec_module = execute_quietly
        return spec


@contextmanager
def without_noise() -> Iterator[None]:
    """Hold back what C++ and Python write to stderr; lines of noise only come out with an error."""
    stderr, noise = os.dup(2), _NOISE
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except BaseException:
            noise = None
            raise
        finally:
            sys.stderr.flush()
            os.dup2(stderr, 2)
            os.close(stderr)
            held.seek(0)
            lines = held.read().splitlines(keepends=True)
            told = [line for line in lines if noise is None or not noise.match(line)]
            os.write(2, b"".join(told))
