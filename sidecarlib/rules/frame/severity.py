"""How bad a finding is, and how sure the rule is of it."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """ERROR: refused by the API server, or accepted and then stuck; WARNING: likely to go wrong; ADVICE: could be better."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


class Confidence(StrEnum):
    """CERTAIN: follows from the manifest alone; LIKELY: unless the image does something unusual; POSSIBLE: needs a look."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"
