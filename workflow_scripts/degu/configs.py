"""Config files, read strictly: a mistake in one is named by file, line and column."""

from collections.abc import Sequence
from pathlib import Path

import yaml

from degu.job import InputError
from degu.text import decode

# Errors of the parser, in terms of its grammar, and what has mostly happened.
_MEANINGS = {
    "mapping values are not allowed here": "a colon too many, or an indentation that does not fit",
    "could not find expected ':'": "a key without a colon",
    "found character '\\t' that cannot start any token": "a tab; YAML is indented by blanks",
    "expected <block end>": "an indentation other than that of the lines before",
    "expected ',' or ']'": "a list whose bracket is not closed",
    "expected ',' or '}'": "a mapping whose brace is not closed",
    "but found another document": "a second document",
}


def check(path: str | Path) -> None:
    """Raise `InputError` for a config that is not UTF-8 text, no YAML, or names a key twice.

    Parameters
    ----------
    path
        YAML, or JSON, whose top level is a mapping.
    """
    try:
        text = decode(Path(path).read_bytes(), path)
    except IsADirectoryError as error:
        raise InputError(f"{path} is a folder: a YAML file is needed.") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        loader = yaml.FullLoader(text)
        root = loader.get_single_node()
        _refuse_repeated_keys(root, path, set())
        content = root and loader.construct_document(root)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise InputError(f"{_place(path, mark)}: {_meaning(error.problem)}.") from error
    except yaml.YAMLError as error:
        raise InputError(f"{path} is no YAML: {' '.join(str(error).split())}.") from error
    if not isinstance(content, dict):
        found = "is empty" if content is None else "holds no mapping"
        raise InputError(f"{path} {found}: keys such as 'datasets:' are needed at its top level.")


def check_arguments(arguments: Sequence[str]) -> None:
    """Check the config files that a command line names behind --configfile.

    Raises
    ------
    InputError
        For a file that is not there, most likely since it is a target, or as `check` does.
    """
    named = []
    for place, argument in enumerate(arguments):
        if argument in ("--configfile", "--configfiles"):
            named = arguments[place + 1 :]
    for path in named:
        if path.startswith("-"):
            break
        if not Path(path).exists():
            raise InputError(
                f"There is no config file {path!r}. All that follows --configfile is taken for "
                "config files: if it is a figure, a rule or a file to be made, write it first, as "
                f"in: snakemake {path} --cores 2 --configfile {named[0]}"
            )
        check(path)


def _place(path: str | Path, mark: yaml.Mark) -> str:
    return f"{path}, line {mark.line + 1}, column {mark.column + 1}"


def _meaning(problem: str) -> str:
    found = (meaning for said, meaning in _MEANINGS.items() if problem.startswith(said))
    meaning = next(found, None)
    return f"{meaning} ({problem})" if meaning else problem


def _refuse_repeated_keys(node: yaml.Node | None, path: str | Path, seen: set[int]) -> None:
    # Aliases lead to one node several times.
    if id(node) in seen or not isinstance(node, yaml.CollectionNode):
        return
    seen.add(id(node))
    lines: dict[str, int] = {}
    for item in node.value:
        key, value = item if isinstance(node, yaml.MappingNode) else (None, item)
        if isinstance(key, yaml.ScalarNode):
            if key.value in lines:
                raise InputError(
                    f"{_place(path, key.start_mark)}: the key {key.value!r} stands in line "
                    f"{lines[key.value]} already: only one of them would count."
                )
            lines[key.value] = key.start_mark.line + 1
        _refuse_repeated_keys(value, path, seen)
