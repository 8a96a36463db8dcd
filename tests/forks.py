"""Programs in processes of their own, forked from one that has loaded Snakemake already.

That process is this file as a program. A request is a line of JSON on its standard input: a list of
commands, each with words (`snakemake` or the path of a script, and arguments), the folder to run
in, variables of the environment, and files for what it says. The answer is the list of exit codes.
"""

import json
import os
import runpy
import subprocess
import sys
import tempfile
import traceback
import weakref
from functools import cache
from pathlib import Path

import jsonschema  # noqa: F401
import pandas  # noqa: F401
import snakemake.api
import snakemake.cli

AT_A_TIME = 2
# Whoever tries to reach the network fails at once.
OFFLINE = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}


@cache
def server():
    """Start this file as the process that others are forked from; it ends with this one."""
    command = [sys.executable, __file__]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)


def programs(commands, cwd, apart=False):
    """Run programs, two at a time, as processes that need not load Snakemake anew.

    Commands are lists of words: `snakemake` or the path of a script, and arguments. All that a
    program says stands in `stdout`, or its errors stand apart, in `stderr`.
    """
    commands = [list(map(str, words)) for words in commands]
    with tempfile.TemporaryDirectory() as folder:
        files = [[f"{folder}/{number}.{name}" for name in ("output", "errors")]
                 for number in range(len(commands))]  # fmt: skip
        asked = [
            {
                "words": words,
                "cwd": str(cwd),
                "environment": os.environ | OFFLINE,
                "output": output,
                "errors": errors if apart else output,
            }
            for words, (output, errors) in zip(commands, files, strict=True)
        ]
        print(json.dumps(asked), file=server().stdin, flush=True)
        codes = json.loads(server().stdout.readline())
        said = [[Path(path).read_text() if Path(path).exists() else None for path in pair]
                for pair in files]  # fmt: skip
    return [
        subprocess.CompletedProcess(words, code, *texts)
        for words, code, texts in zip(commands, codes, said, strict=True)
    ]


def connect(descriptor, path, flags):
    """Let a descriptor stand for a file."""
    os.dup2(os.open(path, flags), descriptor)


def work(words, cwd, environment, output, errors):
    """Become a program: this process ends with it."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    connect(0, os.devnull, os.O_RDONLY)
    for descriptor, path in [(1, output), (2, errors)]:
        connect(descriptor, path, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    program, *arguments = sys.argv = words
    start = ["-m", "snakemake"] if program == "snakemake" else [program]
    sys.orig_argv = [sys.executable, *start, *arguments]
    sys.path[0] = cwd if program == "snakemake" else str(Path(program).parent)
    code = 0
    try:
        if program == "snakemake":
            snakemake.cli.main(arguments)
        else:
            runpy.run_path(program, run_name="__main__")
    except SystemExit as end:
        code = end.code or 0
        if isinstance(code, str):
            print(code, file=sys.stderr)
            code = 1
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    # The end of an interpreter: temporary folders go.
    weakref.finalize._exitfunc()
    os._exit(code)


def serve(commands):
    """Run commands to their ends, and return their exit codes."""
    running, codes = {}, {}

    def wait():
        child, status = os.wait()
        codes[running.pop(child)] = os.waitstatus_to_exitcode(status)

    for number, command in enumerate(commands):
        if len(running) == AT_A_TIME:
            wait()
        child = os.fork()
        if not child:
            work(**command)
        running[child] = number
    while running:
        wait()
    return [codes[number] for number in sorted(codes)]


if __name__ == "__main__":
    # Plugins, which each start would load.
    snakemake.cli.get_argument_parser()
    for line in sys.stdin:
        print(json.dumps(serve(json.loads(line))), flush=True)
