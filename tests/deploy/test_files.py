"""The files of deploy/ say what docs/operating.md promises: no root, nothing writable but the home, health checks.

systemd's own tool checks the units where it is installed. No container engine can pull an image here, so of the
Containerfile its steps are compared with the Makefile and the tree.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date

import pytest
import yaml

from dagster_project.catalogue.pages import FOLDERS
from dagster_project.overview.diagnosis import examine
from tests.deploy.units import DEPLOY, UNITS, read_environment, read_unit

ROOT = DEPLOY.parent
SERVICES = [path for path in UNITS if path.suffix == ".service"]
CONTAINERFILE = (DEPLOY / "Containerfile").read_text(encoding="utf-8").splitlines()


def steps(word: str) -> list[str]:
    return [line.removeprefix(word).strip() for line in CONTAINERFILE if line.startswith(word + " ")]


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_service_runs_as_its_own_user_and_writes_nothing_but_the_home(path):
    unit = read_unit(path)
    assert unit["User"] == ["tongbao"] and unit["ProtectSystem"] == ["strict"]
    assert unit["ReadOnlyPaths"] == ["/opt/tongbao"] and unit["CapabilityBoundingSet"] == [""]
    assert unit["NoNewPrivileges"] == ["yes"] and unit["PrivateTmp"] == ["yes"]
    written = unit["ReadWritePaths"][0].split()
    backups = ["/var/backups/tongbao"] if "backup" in path.name else []
    assert written == ["/var/lib/tongbao/%i", *backups]
    assert f"TONGBAO_HOME={written[0]}" in unit["Environment"][0]


def test_systemd_finds_no_fault_in_the_units(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd on this machine")
    for path in UNITS:
        # a template is checked as one of its instances; the program that it names isn't installed here
        text = re.sub(r"/opt/tongbao/\.venv/bin/\S+", "/bin/true", path.read_text(encoding="utf-8"))
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    names = [str(tmp_path / path.name.replace("@", "@lingwu")) for path in UNITS]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *names], capture_output=True, text=True
    )
    said = [line for line in done.stderr.splitlines() if "tongbao" in line]
    assert (done.returncode, said) == (0, []), done.stderr


def test_each_variable_of_the_units_is_in_the_example_of_their_environment():
    named = set(re.findall(r"\$\{(\w+)\}", "".join(path.read_text(encoding="utf-8") for path in UNITS)))
    workspace = yaml.safe_load((DEPLOY / "workspace.yaml").read_text(encoding="utf-8"))
    server = workspace["load_from"][0]["grpc_server"]
    named |= {server["port"]["env"], server["location_name"]["env"]}
    assert named == {"TONGBAO_CODE_PORT", "TONGBAO_WEB_PORT", "TONGBAO_COUNTY"}
    assert named <= read_environment(DEPLOY / "county.env").keys()


def test_doctor_knows_every_variable_of_the_example(tmp_path, monkeypatch):
    text = (DEPLOY / "county.env").read_text(encoding="utf-8")
    names = re.findall(r"^#?(TONGBAO_\w+)=", text, re.MULTILINE)
    assert len(names) >= 7
    for name in names:
        monkeypatch.setenv(name, "1")
    said = [finding.said for finding in examine(tmp_path / "home", date(2026, 1, 2))]
    assert said and not [text for text in said if any(f"{name} is set" in text for name in names)]


def test_links_of_the_ui_lead_to_the_pages_that_nginx_serves():
    site, environment = (DEPLOY / "nginx.conf").read_text(encoding="utf-8"), read_environment(DEPLOY / "county.env")
    (name,) = {*re.findall(r"server_name (\S+);", site)}
    ((place, folders),) = re.findall(r"location ~ \^(\S+)/\(\?<page>\(([a-z|]+)\)/", site)
    assert environment["TONGBAO_PAGES"] == f"https://{name}{place}"
    assert {*folders.split("|")} == {*FOLDERS}  # as the server beside `tongbao ui` serves
    assert f"http://127.0.0.1:{environment['TONGBAO_WEB_PORT']};" in site


def test_the_image_is_made_by_the_steps_of_the_makefile_of_what_the_project_needs():
    targets = re.findall(r"^(\w+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    (make,) = [step for step in steps("RUN") if step.startswith("make ")]
    assert make.split()[1:] == ["setup", "postgres"] and {*make.split()[1:]} <= {*targets}
    copied = [word for step in steps("COPY") for word in step.split()[:-1]]
    assert all((ROOT / name).exists() for name in copied)
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert {*packages, "dbt", "jurisdictions", "deploy", "Makefile", "pyproject.toml"} <= {*copied}
    assert {path.name for path in ROOT.glob("requirements*.lock")} - {"requirements-audit.lock"} <= {*copied}


def test_containers_run_without_root_on_a_read_only_root_and_tell_their_health():
    assert steps("USER") == ["tongbao"] and steps("VOLUME") == ["/home/tongbao"]
    assert "TONGBAO_HOME=/home/tongbao" in steps("ENV")[0]
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert [*services] == ["code", "webserver", "daemon"] and not steps("HEALTHCHECK")  # which podman drops
    for name, service in services.items():
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"] and service["tmpfs"] == ["/tmp"], name
        assert service["volumes"] == ["home:/home/tongbao"] and "healthcheck" in service, name
