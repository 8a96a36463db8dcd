# Messages to a person where something is wrong. No rules here.

from difflib import get_close_matches
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake_interface_logger_plugins.common import LogEvent


def refuse(place, problem, value=None, allowed=()):
    """Stop before any work, naming the key, what is wrong with it, and what is allowed."""
    message = f"config: {place}: {problem}"
    if allowed:
        message += f"; allowed: {', '.join(map(str, allowed))}"
        near = get_close_matches(str(value), list(map(str, allowed)), n=1)
        message += f". Did you mean {near[0]!r}?" if near else ""
    raise WorkflowError(message)


def reason(message, logs):
    """Why a job failed: what its executor says, such as SLURM's refusal, and its log's last line."""
    told, *_ = (message or "").split("\n    sbatch call:")
    texts = [Path(log).read_text(errors="replace") for log in logs if Path(log).exists()]
    lines = "\n".join(texts).strip().splitlines()
    words = [*([told] if told else []), *lines[-1:]]
    return "\n        ".join(words) or "it left no word in its log: was it killed?"


def made_readable(record):
    """Leave of an error what a person can act on; Snakemake adds lines of its own program to it."""
    if getattr(record, "event", None) == LogEvent.JOB_ERROR:
        record.rule_msg = reason(record.rule_msg, record.log)
        record.input = [path for path in record.input if not path.endswith(".py")]
    lines = str(record.msg).splitlines()
    told = [line.strip() for line in lines if line.strip().startswith("config: ")]
    if record.levelname == "ERROR" and told:
        record.msg = told[0]
    # The script has said why it ended.
    return not (lines[1:] and "CalledProcessError" in lines[1] and "exit status 1." in lines[-1])


logger.addFilter(made_readable)
