"""The language that commands speak: Chinese where the locale is Chinese, else English.

`say` takes a sentence in both languages and returns the one. Words of bulletins and checks follow the jurisdiction's
language instead and are in `reports/words` and `gate/spoken.py`.
"""

import os


def speaks_chinese() -> bool:
    """Whether the locale of messages is Chinese: the first of LC_ALL, LC_MESSAGES and LANG that is set decides."""
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return locale.startswith("zh")


def say(english: str, chinese: str) -> str:
    """The one of both sentences that fits the locale."""
    return chinese if speaks_chinese() else english
