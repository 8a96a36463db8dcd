# What a person reads where something is wrong. No rules here.

import os
import sys
from difflib import get_close_matches
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake_interface_logger_plugins.common import LogEvent

sys.path.insert(0, f"{workflow.basedir}/workflow_scripts")

from degu.device import DRIVER


def refuse(place, problem, value=None, allowed=()):
    """Stop before any work, naming the key, what is wrong with it, and what is allowed."""
    message = f"config: {place}: {problem}"
    if allowed:
        message += f"; allowed: {', '.join(map(str, allowed))}"
        near = get_close_matches(str(value), list(map(str, allowed)), n=1)
        message += f". Did you mean {near[0]!r}?" if near else ""
    raise WorkflowError(message)


def last_words(logs):
    """The last line that a failed job wrote into its log: its error, if it lived to tell it."""
    lines = [line for log in logs if Path(log).exists() for line in Path(log).open()]
    told = [line.strip() for line in lines if line.strip()]
    return told[-1] if told else "it left no word in its log: was it killed?"


def made_readable(record):
    """Leave of an error what a person can act on; Snakemake adds lines of its own program to it."""
    if getattr(record, "event", None) == LogEvent.JOB_ERROR:
        record.rule_msg = last_words(record.log)
        record.input = [path for path in record.input if not path.endswith(".py")]
    lines = str(record.msg).splitlines()
    told = [line.strip() for line in lines if line.strip().startswith("config: ")]
    if record.levelname == "ERROR" and told:
        record.msg = told[0]
    # The script has said why it ended.
    return not (lines[1:] and "CalledProcessError" in lines[1] and "exit status 1." in lines[-1])


logger.addFilter(made_readable)
# TensorFlow's C++ tells in ten lines a job that there is no GPU; what fails raises in Python, too.
if not DRIVER.exists():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
