# The config against its schema, in plain words. No rules here.

import math

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from degu.configs import check as check_config_file

# Kinds of values in words of JSON and in plain ones.
KINDS = {
    "object": "a mapping of keys",
    "array": "a list",
    "string": "text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "null": "empty",
}


def check_config_files():
    """The user's files hold YAML, without a key that stands twice."""
    for path in workflow.overwrite_configfiles if workflow.is_main_process else ():
        try:
            check_config_file(path)
        except InputError as error:
            raise WorkflowError(f"config: {error}")


def check_schema():
    """Hold the config against its schema; the first mistake is reported in one line.

    Unknown keys come first, since a misspelt key is one that is missing as well.
    """
    errors = list(Draft202012Validator(SCHEMA).iter_errors(config))
    error = best_match([e for e in errors if e.validator == "additionalProperties"] or errors)
    if error is None:
        return
    place = error.json_path.removeprefix("$").removeprefix(".") or "top level"
    if error.validator == "additionalProperties":
        allowed = error.schema.get("properties", {})
        unknown = next(key for key in error.instance if key not in allowed)
        below = [key for key, meaning in allowed.items() if unknown in properties_of(meaning)]
        hint = f" (it stands under {below[0]!r})" if below else ""
        refuse(place, f"unknown key {unknown!r}{hint}", unknown, allowed)
    if error.validator == "enum":
        refuse(place, f"{error.instance!r} is not known", error.instance, error.validator_value)
    if error.parent and error.parent.validator == "oneOf":
        error = error.parent
    if error.validator == "oneOf":
        choices = [" with ".join(choice["required"]) for choice in error.validator_value]
        problem = f"has {', '.join(error.instance) or 'nothing'}, one choice of keys is needed"
        refuse(place, problem, allowed=choices)
    hint = error.schema.get("hint", error.schema.get("description"))
    problem = in_plain_words(error.validator, error.validator_value, error.instance, error.message)
    refuse(place, f"{problem} ({hint})" if hint else problem)


def properties_of(meaning):
    """Keys of a mapping that the schema describes in place or by a reference."""
    if "$ref" in meaning:
        meaning = SCHEMA["$defs"][meaning["$ref"].rpartition("/")[2]]
    return meaning.get("properties", {})


def in_plain_words(validator, wanted, value, message):
    """The fault of a value, without words of JSON; else the validator's own message."""
    if validator == "type":
        kinds = [wanted] if isinstance(wanted, str) else wanted
        needed = f"{' or '.join(KINDS[kind] for kind in kinds)} is needed"
        return f"{described(value)}, {needed}{how_to_write(value, kinds)}"
    if validator == "required":
        return f"{next(key for key in wanted if key not in value)!r} is missing"
    if validator == "pattern":
        return f"{shortened(repr(value))} is not allowed"
    if validator in ("minItems", "maxItems"):
        most = "at least" if validator == "minItems" else "at most"
        return f"{len(value)} given, {most} {wanted} needed"
    if validator == "maxLength":
        return f"{shortened(repr(value))} has {len(value)} letters, at most {wanted} are allowed"
    if validator == "uniqueItems":
        return f"{next(item for item in value if value.count(item) > 1)!r} stands twice"
    if validator == "dependentRequired":
        key = next(key for key in wanted if key in value)
        return f"{key!r} goes together with {' and '.join(map(repr, wanted[key]))} only"
    if validator in ("minLength", "minProperties"):
        return "it is empty"
    return message


def described(value):
    """A value and its kind."""
    is_type = Draft202012Validator({}).is_type
    kind = next((words for kind, words in KINDS.items() if is_type(value, kind)), "a date")
    return f"it is {kind}" if value is None else f"{shortened(repr(value))} is {kind}"


def shortened(text):
    """The start of a long text."""
    return text if len(text) <= 60 else f"{text[:57]}..."


def how_to_write(value, kinds):
    """How YAML wants a number that stands as text, such as 1e-3."""
    try:
        number = float(value) if isinstance(value, str) else math.nan
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or not {"number", "integer"} & set(kinds):
        return ""
    mantissa, exponent = f"{number:e}".split("e")
    scientific = f"{float(mantissa)}e{int(exponent):+d}"
    return f": write {scientific if 'number' in kinds else round(number)}"


def check_values():
    """Keys are text, and numbers finite: YAML has others, such as 1 for a key, and .nan."""
    for place, value in values_of(config):
        if isinstance(value, float) and not math.isfinite(value):
            refuse(place, f"{value} is no finite number")
        for key in value if isinstance(value, dict) else ():
            if not isinstance(key, str):
                refuse(place or "top level", f"the key {key!r} is no text: put it in quotes")


def values_of(value, place=""):
    """A value, and all values within it, each behind its place."""
    yield place, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from values_of(item, f"{place}.{key}".removeprefix("."))
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from values_of(item, f"{place}[{number}]")
