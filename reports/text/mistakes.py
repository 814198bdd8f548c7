"""Words what Jinja says of a text that it can't read or fill, for the official who wrote it, in the locale's language.

It takes Jinja's message and returns a sentence: what was found and what to do. File and line are added by template.py;
mistakes that the objects of a text find themselves are worded where they are raised.
"""

import re
from collections.abc import Iterable

from reports.words.locale import suggest_names, words

# what Jinja says -> the key of the sentence, whose parts are the groups
_SAYINGS = {
    r"unexpected char '(?P<sign>.+)' at \d+": "mistake.sign",
    r"expected token '(?P<expected>.+)', got '(?P<found>.+)'": "mistake.token",
    r"unexpected '(?P<found>.+)', expected '(?P<expected>.+)'": "mistake.token",
    r"[Uu]nexpected end of template.*needs to be closed is '(?P<tag>\w+)'.*": "mistake.open_tag",
    r"Encountered unknown tag '(?P<tag>\w+)'.*": "mistake.tag",
}
_UNDEFINED = {
    r"'(?P<name>[^']+)' is undefined": "mistake.undefined",
    r"'.*' has no attribute '(?P<name>[^']+)'": "mistake.attribute",
}


def explain_syntax(message: str) -> str:
    """What is wrong with a text that Jinja can't parse, by Jinja's message."""
    return _say(message, _SAYINGS) or words("mistake.syntax", message=message)


def explain_undefined(message: str, names: Iterable[str]) -> str:
    """Which name of an expression nobody knows, with the closest ones."""
    quoted = re.findall(r"'([^']*)'", message)
    said = _say(message, _UNDEFINED) or words("mistake.syntax", message=message)
    return said + suggest_names(quoted[-1] if quoted else "", names)


def _say(message: str, sayings: dict[str, str]) -> str:
    for pattern, key in sayings.items():
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return words(key, **found.groupdict())
    return ""
