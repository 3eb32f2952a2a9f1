"""What a sender may ask for: read from plain values, checked before any work starts."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fanfold import keys, ranges
from fanfold.errors import InvalidRequest, UnknownLanguage
from fanfold.model import AUTO_LANGUAGES, Codes, Mode, Options, Output, Readers
from fanfold.stages.languages import Languages

_QUOTABLE = re.compile(r"[A-Za-z][A-Za-z0-9_]{1,30}(/[A-Za-z0-9_]{1,30})?")
"""Names of languages that may be repeated in a message; anything else may hold anything."""

_NAME = re.compile(r"[a-z]{3}(_[a-z]{3,4})?")
"""Names of languages as tesseract has them; each is a package of Debian's."""

OPTION_NAMES = ("languages", "pages", "mode", "outputs", "codes", "unseen", "pictures", "engine")


FRESH = "fresh"
"""What asks for a document to be read although its content was read before with these options."""


def fresh(given: Mapping[str, object]) -> tuple[dict[str, object], bool]:
    """Return the options without that, and whether it is asked for; raise InvalidRequest."""
    others = {name: value for name, value in given.items() if name != FRESH}
    return others, _whether(given, FRESH, default=False)


def parse(given: Mapping[str, object], languages: Languages, defaults: Options) -> Options:
    """Read options; raise InvalidRequest, InvalidPageRange or UnknownLanguage.

    ``given`` holds strings, for ``outputs`` a list or a comma-separated string, for ``unseen`` and
    ``pictures`` a string or a truth value.
    """
    if unknown := sorted(set(given) - set(OPTION_NAMES)):
        known = ", ".join(OPTION_NAMES)
        raise InvalidRequest(f"There is no option “{unknown[0]}”; there are {known}.")
    return Options(
        languages=_languages(_text(given, "languages") or defaults.languages, languages),
        pages=ranges.check(_text(given, "pages")),
        mode=_mode(_text(given, "mode") or defaults.mode.value),
        outputs=_outputs(given.get("outputs")) or defaults.outputs,
        codes=_codes(_text(given, "codes") or defaults.codes.value),
        unseen=_whether(given, "unseen", default=defaults.unseen),
        pictures=_whether(given, "pictures", default=defaults.pictures),
        engine=_engine(_text(given, "engine") or defaults.engine.value),
    )


def _text(given: Mapping[str, object], name: str) -> str:
    value = given.get(name, "")
    if not isinstance(value, str):
        raise InvalidRequest(f"The option “{name}” must be a string.")
    return value.strip()


def _languages(text: str, languages: Languages) -> str:
    if text.lower() == AUTO_LANGUAGES:
        return AUTO_LANGUAGES
    wanted = [languages.named(part) for part in re.split(r"[+,\s]+", text) if part]
    missing = languages.missing(wanted)
    if missing or not wanted:
        name = missing[0] if missing and _QUOTABLE.fullmatch(missing[0]) else "this"
        raise UnknownLanguage(
            f"The language “{name}” is not installed; there are {', '.join(languages.all())},"
            f" and {AUTO_LANGUAGES} by itself. {_how_to_have(name)}".rstrip()
        )
    return "+".join(dict.fromkeys(wanted))


def _how_to_have(name: str) -> str:
    """Say how a language comes here, on Debian and on AWS; nothing of what is no name of one."""
    if not _NAME.fullmatch(name):
        return ""
    package = name.replace("_", "-")
    return (
        f"To have it: sudo apt-get install tesseract-ocr-{package};"
        f" or put {name}.traineddata into the bucket, below {keys.TESSDATA}."
    )


def _mode(text: str) -> Mode:
    try:
        return Mode(text.lower())
    except ValueError as error:
        raise InvalidRequest(f"The mode is one of {', '.join(Mode)}.") from error


def _codes(text: str) -> Codes:
    try:
        return Codes(text.lower())
    except ValueError as error:
        raise InvalidRequest(f"“codes” is one of {', '.join(Codes)}.") from error


def _engine(text: str) -> Readers:
    try:
        return Readers(text.lower())
    except ValueError as error:
        raise InvalidRequest(f"The engine is one of {', '.join(Readers)}.") from error


def _whether(given: Mapping[str, object], name: str, *, default: bool) -> bool:
    value = given.get(name, "")
    if isinstance(value, bool):
        return value
    told = {"": default, "true": True, "false": False}.get(_text(given, name).lower())
    if told is None:
        raise InvalidRequest(f"“{name}” is true or false.")
    return told


def _outputs(given: object) -> tuple[Output, ...]:
    values = given.split(",") if isinstance(given, str) else given
    if values is None:
        return ()
    if not isinstance(values, list):
        raise InvalidRequest("The option “outputs” must be a list.")
    try:
        wanted = {Output(str(value).strip()) for value in values if str(value).strip()}
    except ValueError as error:
        raise InvalidRequest(f"The outputs are {', '.join(Output)}.") from error
    if wanted == {Output.ZIP}:
        raise InvalidRequest("“zip” packs the other outputs that are asked for: name some.")
    return tuple(output for output in Output if output in wanted)
