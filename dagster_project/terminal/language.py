"""The language that commands speak: Chinese where the locale is Chinese, else English.

`words` says a sentence of `reports/words` by its key; `say` chooses between two that stand in the table of commands,
so that `--help` loads no catalogue. What a run ends with and what checks say follows the jurisdiction's language
instead: `ending.py` and `gate/spoken.py`.
"""

import os


def speaks_chinese() -> bool:
    """Whether the locale of messages is Chinese: the first of LC_ALL, LC_MESSAGES and LANG that is set decides."""
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return locale.startswith("zh")


def say(english: str, chinese: str) -> str:
    """The one of both sentences that fits the locale."""
    return chinese if speaks_chinese() else english


def words(key: str, **parts: object) -> str:
    """The sentence of this key in `reports/words`, in the language of the locale, with its parts filled in."""
    from reports.words.catalogue import load_words

    return load_words(say("en", "zh"))(key, **parts)
