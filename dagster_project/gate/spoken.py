"""Says in words of the office what a check found: one line, then failing rows with file and record, then what to do.

It takes judgements and the words of the jurisdiction's language, and returns lines of plain text. The terminal and
Dagster's failure of a step print the same lines; the page of the verdict shows all rows.
"""

from dagster_project.gate.verdict import Found, Judgement
from reports.words.catalogue import Words, load_words
from reports.words.messages import tell

SHOWN = 5
_SELF_EXPLAINING = ("plausibility", "figures")  # layers whose findings are sentences that need no headline


def say_headline(judgement: Judgement, words: Words | None = None) -> str:
    """What a failed check found, in one line; in Chinese unless `words` are given."""
    words = words or load_words("zh")
    if judgement.layer in _SELF_EXPLAINING and judgement.findings:
        return judgement.findings[0].text
    return words("ending.failing", check=name_check(judgement, words), n=judgement.count)


def name_check(judgement: Judgement, words: Words) -> str:
    """The name of a check in the language of `words`."""
    chinese, _, english = judgement.about.partition("；")
    return english if words.code != "zh" and english else chinese


def say_judgement(judgement: Judgement, words: Words) -> list[str]:
    """The headline, then indented: the check, at most five rows, and what to do."""
    outcome = words(f"ending.{judgement.outcome}")
    lines = [f"{outcome} {say_headline(judgement, words)}"]
    rows = judgement.findings[:SHOWN]
    if judgement.layer in _SELF_EXPLAINING and rows:
        lines.append(words("ending.check", check=name_check(judgement, words), name=judgement.name))
        rows = rows[1:]
    else:
        lines.append(words("ending.name", name=judgement.name))
    lines += [f"  {say_row(row, words)}" for row in rows]
    if judgement.count > len(judgement.findings[:SHOWN]):
        lines.append("  " + words("ending.more", n=judgement.count - len(judgement.findings[:SHOWN])))
    if judgement.remedy:
        lines.append(words("ending.remedy", remedy=judgement.remedy))
    return [lines[0], *(f"  {line}" for line in lines[1:])]


def say_acceptance(check: str, words: Words) -> str:
    """The command by which a person lets a check's finding pass."""
    return f"tongbao accept {check} --reason {words('ending.reason')} --by {words('ending.by')}"


def say_text(text: str, words: Words) -> str:
    """A finding in the language of `words`; tests of dbt word theirs in both."""
    chinese, _, english = text.partition(" · ")
    return tell(english if words.code != "zh" and english else chinese, words.code)


def say_row(row: Found, words: Words) -> str:
    """What one failing row says, with its file and record if the sentence doesn't name them."""
    text = say_text(row.text, words)
    if not row.file or row.file in text:
        return text
    place = words("ending.record", file=row.file, record=row.record) if row.record else row.file
    return words("ending.row", place=place, text=text)
