"""Quantities as people write them, and as only a program would."""

from __future__ import annotations

from hypothesis import strategies as st

SUFFIXES = ("", "n", "u", "m", "k", "M", "G", "Ki", "Mi", "Gi", "e3", "e6", "e-3")
NUMBERS = st.integers(0, 10**9) | st.sampled_from([1000, 1024, 10**6, 2**20])
FRACTIONS = st.sampled_from([".5", ".25", ".1", ".0"])
LONG_FRACTIONS = st.integers(0, 10**6).map(".{:06}".format)


def usual() -> st.SearchStrategy[str]:
    """Digits, perhaps a short fraction, perhaps a suffix; no value reaches 2**63."""
    plain = st.builds("{}{}".format, NUMBERS, st.sampled_from(SUFFIXES))
    fraction = st.builds("{}{}{}".format, NUMBERS, FRACTIONS, st.sampled_from(SUFFIXES[:10]))
    return plain | fraction


def unusual() -> st.SearchStrategy[str]:
    """With a sign, leading zeros, a bare point, a long fraction, a capital E or an exponent of zero: the API server reads them all."""
    suffixes = st.sampled_from([*SUFFIXES, "E3", "E-3", "e0", "e+3", "e1", "e-10"])
    sign = st.sampled_from(["", "+"])
    return st.builds("{}{}{}{}".format, sign, st.sampled_from(["00", "0", ""]), usual(), st.just("")) | st.builds(
        "{}{}{}{}".format, sign, NUMBERS, st.just(".") | FRACTIONS | LONG_FRACTIONS, suffixes
    )
