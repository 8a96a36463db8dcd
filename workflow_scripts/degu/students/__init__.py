"""Students outside the workflow: a file, its passport, and predictions with intervals."""

from degu.students.loaded import Student, load
from degu.students.passport import Passport

__all__ = ["Passport", "Student", "load"]
