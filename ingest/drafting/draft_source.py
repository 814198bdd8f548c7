"""Drafts the mapping of one system, for a person to finish.

It takes the kinds of exports that seem to come from the system, with what their case numbers prove, and returns the
text of a YAML file; `draft_mapping` does it for a single unknown export. What no export can tell (whether a system is
the integrated platform, enrolled, or numbers its cases by itself) is asked for in TODO comments.
"""

from __future__ import annotations

from pathlib import Path

from ingest.drafting.draft_export import Given, draft_export
from ingest.drafting.evidence import CaseNumbers, Loaded
from ingest.drafting.names import make_glob
from ingest.drafting.recognise import guess_dataset, is_data
from ingest.drafting.sniff import open_sample
from ingest.errors import Refused
from ingest.mapping.contract import SOURCE_COLUMN, Source

SCHEMA_LINE = "# yaml-language-server: $schema={}/ingest/mapping/source.schema.json"
_HERE = "../../.."
_MOSTLY = 0.95  # below this share of case numbers in one system, a file holds the cases of several
_HOW_TO_DERIVE = "derive {} from case_no, as docs/mappings.md shows under “Rows of several sources”"
ABOUT_OTHERS = frozenset({"case_results", "case_pauses"})  # datasets about the cases of another export


def draft_mapping(
    path: Path, name: str, known: list[Source], dataset: str | None = None, inside: str | None = None
) -> str:
    """The YAML of a draft for source `name`, from the export at `path`.

    `known`: finished mappings to learn spellings from; `dataset`: what the file holds; `inside`: the file's path in the
    landing folder, if it is there. Raises Refused if the file can't be read, if its first line is no header, or if none
    of its headers is known and no `dataset` is given.
    """
    with open_sample(path) as sample:
        guess = guess_dataset(sample.header, known, dataset)
        if is_data(sample.header):
            raise Refused(
                f"{path}: its first line looks like a row of data; add a line with the columns' names above it"
            )
        if not guess.columns and not dataset:
            raise Refused(
                f"{path}: none of its {len(sample.header)} headers is known; if its first line is no header, add one, "
                "and if it is one of another kind, say what the file holds with --dataset"
            )
        glob = make_glob(inside or f"{name}/{path.name}")
        doubt = "" if dataset else "   # TODO guessed from the headers"
        lines = [
            SCHEMA_LINE.format(_HERE),
            f"# First draft, from one export of {len(sample.header)} columns and {sample.records} records. "
            "Go through every TODO.",
            f"source: {name}   # the file must be called {name}.yaml",
            "name: TODO   # what people call the system",
            "case_no_scope: own   # TODO shared, if its case numbers are the jurisdiction's",
            "exports:",
            *draft_export(sample, guess, (glob,), known, doubt=doubt),
        ]
    return "\n".join(lines) + "\n"


def draft_source(source: str, ours: list[Loaded], numbers: CaseNumbers, known: list[Source], root: str) -> str:
    """The YAML of a draft for a system and its kinds of exports; `root`: the way to the project from its folder."""
    lines = [
        SCHEMA_LINE.format(root),
        "# First draft; docs/mappings.md explains each field.",
        f"source: {source}",
        f"name: {ours[0].kind.system}   # TODO what people call the system",
        *_draft_flags(source, numbers),
        "exports:",
    ]
    for one in ours:
        guess = one.kind.guess
        given, doubt = _find_given(one, numbers), _doubt_owner(one, numbers)
        lines += draft_export(one.sample, guess, one.kind.globs, known, given, doubt)
    return "\n".join(lines) + "\n"


def _draft_flags(source: str, numbers: CaseNumbers) -> list[str]:
    if source not in numbers.sources:
        return []
    shared, total = numbers.count_shared(source)
    evaluated = numbers.count_evaluated(source)
    scope = "shared" if shared else "own"
    return [
        "is_platform: false   # TODO true, if it is the integrated platform (一网通办)",
        "is_enrolled: false   # TODO true, if it is enrolled in 好差评; "
        f"{evaluated} of its {total} case numbers have an evaluation",
        f"precedence: {numbers.sources.index(source) + 1}   # TODO if several report one case, 1 governs",
        f"case_no_scope: {scope}   # TODO shared, if its case numbers are the jurisdiction's, else own; "
        f"{shared} of its {total} numbers are another system's too",
    ]


def _find_given(one: Loaded, numbers: CaseNumbers) -> Given:
    """What can be had for required columns that the export lacks; a comment tells why, so that a person can object."""
    given = Given()
    dataset = one.kind.guess.dataset
    if dataset == "cases" and not one.has("venue") and one.has("org_name"):
        given.derived["venue"] = "{from: org_name, lookup: organisations.csv}"
    if dataset == "evaluations":
        if not one.has("evaluation_no"):
            given.derived["evaluation_no"] = "{from: case_no, ordinal: true}"
            given.comments["evaluation_no"] = "the export has no number; all evaluations of a case must be in one file"
        if not one.has("evaluated_at"):
            given.derived["evaluated_at"] = "{from: file_date}"
            given.comments["evaluated_at"] = "the export has no moment: TODO each file must hold its own period only"
        if one.has("case_source"):
            given.codes["case_source"] = numbers.find_owners(one, "case_source")
            given.comments["case_source"] = "the system that has most of the label's case numbers"
        elif owner := numbers.find_owner(one):
            source, found, total = owner
            given.constants["case_source"] = source
            given.comments["case_source"] = (
                f"TODO only {found} of {total} case numbers are there: {_HOW_TO_DERIVE.format('case_source')}"
                if found < _MOSTLY * total
                else f"{found} of {total} case numbers are there"
            )
    return given


def _doubt_owner(one: Loaded, numbers: CaseNumbers) -> str:
    """A comment on results or pauses that are about the cases of several systems; else nothing."""
    is_asked = one.kind.guess.dataset in ABOUT_OTHERS and not one.has(SOURCE_COLUMN)
    owner = numbers.find_owner(one) if is_asked else None
    if not owner or owner[1] >= _MOSTLY * owner[2]:
        return ""
    _, found, total = owner
    return f"   # TODO only {found} of {total} case numbers are this source's: {_HOW_TO_DERIVE.format(SOURCE_COLUMN)}"
