"""Names, paths, texts and numbers as Kubernetes takes them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

LONGEST_LABEL = 63

SHORT_LABELS = st.from_regex(r"[a-z]([-a-z0-9]{0,10}[a-z0-9])?", fullmatch=True)
FOLDERS = ("", "etc", "var/run", "data dir", "süd", "a.b", "..data", "$(HOME)")
CHARACTERS = st.characters(codec="utf-8", exclude_characters="\x85\u2028\u2029")  # YAML loses those three
TEXTS = st.text(CHARACTERS, max_size=20) | st.sampled_from(
    ["", "$(HOME)", "$$", "a\nb\n", "{{ x }}", "true", "1e3", "𝄞"]
)


def labels(longest: int = LONGEST_LABEL) -> st.SearchStrategy[str]:
    """DNS labels: mostly short ones, now and then one of the full length."""
    ends, middle = st.sampled_from("a0z9"), st.text("ab0-", min_size=longest - 2, max_size=longest - 2)
    return st.one_of(SHORT_LABELS, SHORT_LABELS, SHORT_LABELS, st.builds("{}{}{}".format, ends, middle, ends))


def distinct_labels(count: int) -> st.SearchStrategy[list[str]]:
    """So many labels, none twice."""
    return st.lists(labels(), min_size=count, max_size=count, unique=True)


def object_names() -> st.SearchStrategy[str]:
    """Names of objects: DNS subdomains."""
    return SHORT_LABELS | st.builds("{}.{}".format, SHORT_LABELS, SHORT_LABELS)


def keys() -> st.SearchStrategy[str]:
    """Keys of ConfigMaps and Secrets, which are names of files."""
    return st.from_regex(r"[-_a-zA-Z0-9]([-._a-zA-Z0-9]{0,12}[a-z])?", fullmatch=True)


def paths() -> st.SearchStrategy[str]:
    """Absolute paths in a container, without a colon."""
    return st.builds("/{}/{}".format, st.sampled_from(FOLDERS), keys())


def label_mappings(most: int = 3) -> st.SearchStrategy[dict[str, str]]:
    """Labels: keys with and without a prefix, values that may be empty."""
    key = st.from_regex(r"[A-Za-z]([-A-Za-z0-9_.]{0,8}[A-Za-z0-9])?", fullmatch=True)
    value = st.from_regex(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,8}[A-Za-z0-9])?)?", fullmatch=True)
    return st.dictionaries(key | key.map("example.com/{}".format), value, max_size=most)


def annotation_mappings() -> st.SearchStrategy[dict[str, str]]:
    """Annotations: keys as in labels, any text as value."""
    return st.dictionaries(SHORT_LABELS.map("example.com/{}".format), TEXTS, max_size=2)


def optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """None or a value; None is what shrinks to."""
    return st.none() | strategy


@st.composite
def some_of(draw: st.DrawFn, choices: dict[str, st.SearchStrategy[Any]], most: int = 4) -> dict[str, Any]:
    """A few of these keyword arguments, each with a value of its own strategy."""
    chosen = draw(st.lists(st.sampled_from(sorted(choices)), unique=True, max_size=most))
    return {name: draw(choices[name]) for name in chosen}
