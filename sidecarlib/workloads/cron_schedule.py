"""The schedule and the time zone of a CronJob, as the API server takes them.

Source: `validateScheduleFormat` and `validateTimeZone` in `pkg/apis/batch/validation/validation.go`, and the parser behind the
first, `ParseStandard` of robfig/cron 3.0.1. Refusals are measured on Kubernetes 1.37.2.
"""

from __future__ import annotations

import re

MACROS = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
_EVERY = re.compile(r"@every [-+]?(0|(([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)")
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)
_ZONE_PART = re.compile(r"(?!-)[-A-Za-z._0-9+]{1,14}")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIELDS = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of week", 0, 6, _DAYS),
)


def schedule_problem(schedule: str) -> str | None:
    """What to write instead of a schedule, None when the API server takes it."""
    if "TZ" in schedule:
        return "leave the time zone out, and write time_zone"
    if schedule.startswith("@"):
        if schedule in MACROS or _EVERY.fullmatch(schedule):
            return None
        return f"write one of {', '.join(MACROS)}, '@every 1h30m', or five cron fields"
    fields = schedule.split()
    if len(fields) != len(_FIELDS):
        return "write five fields (minute, hour, day of month, month, day of week) or a macro such as '@daily'"
    for text, (name, lowest, highest, words) in zip(fields, _FIELDS, strict=True):
        for part in text.split(","):
            if part and not _is_range(part, lowest, highest, words):
                named = f" or {words[0]} to {words[-1]}" if words else ""
                return f"write the {name} as '*', a number from {lowest} to {highest}{named}, a range, or a step such as '*/5'"
    return None


def _is_range(text: str, lowest: int, highest: int, words: tuple[str, ...]) -> bool:
    """Whether a text is `*`, `n` or `n-m`, each with an optional `/step`, within the bounds."""
    bounds, slash, step = text.partition("/")
    if slash and not (_NUMBER.fullmatch(step) and int(step) > 0):
        return False
    first, hyphen, last = bounds.partition("-")
    if first in ("*", "?"):
        return True
    start = _value(first, lowest, words)
    end = _value(last, lowest, words) if hyphen else highest if slash else start
    return start is not None and end is not None and lowest <= start <= end <= highest


def _value(text: str, lowest: int, words: tuple[str, ...]) -> int | None:
    if (word := text.lower()) in words:
        return words.index(word) + lowest
    return int(text) if _NUMBER.fullmatch(text) else None


def time_zone_problem(zone: str) -> str | None:
    """What to write instead of a time zone, None when it may be a name of the tz database."""
    sound = all(part not in (".", "..") and _ZONE_PART.fullmatch(part) for part in zone.split("/"))
    if sound and zone.lower() != "local":
        return None
    return "write a name of the tz database, such as 'Etc/UTC' or 'Europe/Berlin'"
