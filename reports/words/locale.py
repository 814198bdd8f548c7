"""The language that commands speak: Chinese where the locale is Chinese, else English.

`words` says a sentence of `reports/words` by its key; `say` chooses between two that stand in the table of commands,
so that `--help` loads no catalogue. `load_locale` is for what needs several sentences, and `suggest_names` for a name
that nobody knows. What a run ends with and what checks say follows the jurisdiction's language instead: `ending.py`
and `gate/spoken.py`.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the catalogue loads YAML
    from reports.words.catalogue import Words


def speaks_chinese() -> bool:
    """Whether the locale of messages is Chinese: the first of LC_ALL, LC_MESSAGES and LANG that is set decides."""
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return locale.startswith("zh")


def say(english: str, chinese: str) -> str:
    """The one of both sentences that fits the locale."""
    return chinese if speaks_chinese() else english


def load_locale() -> Words:
    """The words of the locale's language."""
    from reports.words.catalogue import load_words

    return load_words(say("en", "zh"))


def words(key: str, **parts: object) -> str:
    """The sentence of this key in `reports/words`, in the language of the locale, with its parts filled in."""
    return load_locale()(key, **parts)


def suggest_names(name: str, names: Iterable[str]) -> str:
    """'; did you mean …?' with up to three names that are spelt alike, or '' if none is."""
    close = difflib.get_close_matches(str(name), list(names), n=3, cutoff=0.5)
    return words("mistake.near", names=words("mistake.or").join(close)) if close else ""
