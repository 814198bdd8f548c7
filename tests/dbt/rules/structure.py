"""Rules on names and folders: a file's name and place say what it is.

Each rule takes a `Project` and returns the names of the nodes that break it.
"""

from pathlib import PurePosixPath

from tests.dbt.rules.project import LAYERS, Project

_PREFIXES = {"staging": ("stg_",), "intermediate": ("int_",), "marts": ("dim_", "fct_"), "figures": ("fig_",)}


def model_naming_conventions(project: Project) -> list[str]:
    """Models whose name doesn't begin with the prefix of their layer."""
    return [name for name in project.models if not name.startswith(_PREFIXES.get(project.layer(name), ()))]


def model_directories(project: Project) -> list[str]:
    """Models in no layer's folder; staging models in no folder named after their source, if several are staged."""
    sources = {
        name: {table.split(".")[0] for table in project.sources_of(name)}
        for name in project.models
        if project.layer(name) == "staging"
    }
    is_one_source = len(set().union(*sources.values())) < 2
    return [
        name
        for name in project.models
        if project.layer(name) not in LAYERS
        or (name in sources and not is_one_source and not sources[name] & {*project.folder(name).parts})
    ]


def source_directories(project: Project) -> list[str]:
    """Sources declared outside a folder named after them; by the source's name."""
    return sorted(
        {
            node["source_name"]
            for node in project.sources.values()
            if node["source_name"] not in PurePosixPath(node["original_file_path"]).parent.parts
        }
    )


def test_directories(project: Project) -> list[str]:
    """Models with a test that is declared in a YAML file of another folder."""
    return [
        name
        for name, tests in project.generic_tests.items()
        if name in project.models
        and any(PurePosixPath(test["original_file_path"]).parent != project.folder(name) for test in tests)
    ]
