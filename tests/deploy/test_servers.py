"""Two counties on one server, started by the commands of the units, behind nginx as deploy/nginx.conf sets it up.

Each county has a code location, a webserver, a home and an instance of Dagster of its own. The test replaces names,
ports and paths of the files by free ones of this machine, and asks through TLS with a password and without one. It is
skipped where nginx or openssl is missing.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from dagster_project import settings
from tests.dagster_project.postgres_server import free_port
from tests.dagster_project.small_county import make_county
from tests.deploy.units import DEPLOY, command_of

COUNTIES = ("lingwu", "qinghe")
LIMIT_SECONDS = 240
ASSETS = "{ repositoriesOrError { ... on RepositoryConnection { nodes { location { name } assetNodes { id } } } } }"


class Site:
    """The address of the site, and who asks."""

    def __init__(self, port: int, folder: Path) -> None:
        self.address = f"https://127.0.0.1:{port}"
        self.trust = ssl.create_default_context(cafile=str(folder / "cert.pem"))

    def ask(self, path: str, query: str | None = None, password: str | None = "geheim") -> tuple[int, str]:
        request = urllib.request.Request(self.address + path)
        if password:
            request.add_header("Authorization", "Basic " + base64.b64encode(f"leser:{password}".encode()).decode())
        if query:
            request.data = json.dumps({"query": query}).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, context=self.trust, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.reason


def wait_until(is_ready, processes: list[subprocess.Popen], folder: Path) -> None:
    deadline = time.monotonic() + LIMIT_SECONDS
    while not is_ready():
        logs = "\n".join(path.read_text(errors="replace")[-2000:] for path in folder.glob("*.log"))
        assert all(process.poll() is None for process in processes), logs
        assert time.monotonic() < deadline, logs
        time.sleep(0.2)


def installed(command: list[str]) -> list[str]:
    """The command with its program from the virtual environment of this checkout."""
    return [str(settings.PROJECT / ".venv" / "bin" / Path(command[0]).name), *command[1:]]


def write_site(folder: Path, port: int, web_ports: dict[str, str], homes: dict[str, Path]) -> Path:
    """nginx.conf for this machine: a block a county, and what the main file of Debian adds around a site."""
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    begin = site.index("    # one county:")
    block = site[begin : site.rindex("}")]
    blocks = [
        block.replace("/var/lib/tongbao/lingwu", str(homes[county]))
        .replace("/lingwu/", f"/{county}/")
        .replace("127.0.0.1:3001", f"127.0.0.1:{web_ports[county]}")
        for county in COUNTIES
    ]
    site = site[:begin] + "".join(blocks) + "}\n"
    for old, new in {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "listen 80": f"listen 127.0.0.1:{free_port()}",
        "/etc/tongbao/tls/fullchain.pem": str(folder / "cert.pem"),
        "/etc/tongbao/tls/privkey.pem": str(folder / "key.pem"),
        "/opt/tongbao/deploy": str(DEPLOY),
        "/etc/nginx/tongbao.htpasswd": str(folder / "passwords"),
    }.items():
        assert old in site
        site = site.replace(old, new)
    main = folder / "nginx.conf"
    kinds = "".join(
        f" {kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""
    main.write_text(
        f"{user} daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; events {{}}\n"
        f"http {{ access_log off;{kinds} types {{ text/html html; }}\n{site}}}\n",
        encoding="utf-8",
    )
    return main


@pytest.fixture(scope="module")
def homes(tmp_path_factory) -> dict[str, Path]:
    return {county: tmp_path_factory.mktemp(county) / "home" for county in COUNTIES}


@pytest.fixture(scope="module")
def site(tmp_path_factory, homes) -> Iterator[Site]:
    nginx = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
    if not nginx or not shutil.which("openssl"):
        pytest.skip("no nginx or openssl on this machine")
    folder = tmp_path_factory.mktemp("servers")
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    subprocess.run(["openssl", "req", "-x509", *kind, *files, *subject], check=True, capture_output=True)
    hashed = subprocess.run(
        ["openssl", "passwd", "-apr1", "geheim"], check=True, capture_output=True, text=True
    ).stdout.strip()
    (folder / "passwords").write_text(f"leser:{hashed}\n", encoding="ascii")
    processes, web_ports = [], {}

    def start(name: str, command: list[str], environment: dict[str, str]) -> None:
        with (folder / f"{name}.log").open("wb") as log:
            processes.append(
                subprocess.Popen(
                    command,
                    env={**os.environ, **environment},
                    stdout=log,
                    stderr=log,
                    cwd=settings.PROJECT,
                    start_new_session=True,
                )
            )

    try:
        for county, home in homes.items():
            jurisdiction = make_county(home.parent / "county").jurisdiction
            environment = {
                **settings.environment(home),
                "TONGBAO_COUNTY": county,
                "TONGBAO_JURISDICTION": str(jurisdiction),
                "TONGBAO_CODE_PORT": str(free_port()),
                "TONGBAO_WEB_PORT": str(free_port()),
            }
            web_ports[county] = environment["TONGBAO_WEB_PORT"]
            prepare = command_of("tongbao-code@.service", county, environment, "ExecStartPre")
            subprocess.run(installed(prepare), env={**os.environ, **environment}, check=True, cwd=settings.PROJECT)
            page = home / "bulletins" / "2022H1" / "bulletin.html"
            page.parent.mkdir(parents=True)
            page.write_text(county, encoding="utf-8")
            for role in ("code", "webserver"):
                command = command_of(f"tongbao-{role}@.service", county, environment)
                start(f"{county}-{role}", installed(command), environment)
        port = free_port()
        start("nginx", [nginx, "-c", str(write_site(folder, port, web_ports, homes))], {})
        site = Site(port, folder)

        def is_ready() -> bool:
            try:
                return all(f'"{county}"' in site.ask(f"/{county}/graphql", ASSETS)[1] for county in COUNTIES)
            except OSError:
                return False

        wait_until(is_ready, processes, folder)
        yield site
    finally:
        for process in processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, 15)
        for process in processes:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:  # a server may wait for a request that a test has left open
                os.killpg(process.pid, 9)
                process.wait()


def test_nobody_comes_in_without_the_password(site):
    for path in ("/", "/lingwu/", "/lingwu/graphql", "/qinghe/pages/bulletins/2022H1/bulletin.html"):
        assert site.ask(path, password=None)[0] == 401, path
        assert site.ask(path, password="falsch")[0] == 401, path


def test_each_county_has_its_ui_and_its_pages_and_no_others(site, homes):
    for county in COUNTIES:
        answer = json.loads(site.ask(f"/{county}/graphql", ASSETS)[1])
        (node,) = answer["data"]["repositoriesOrError"]["nodes"]
        assert node["location"]["name"] == county and len(node["assetNodes"]) > 50
        assert site.ask(f"/{county}/pages/bulletins/2022H1/bulletin.html") == (200, county)
        assert "dagster" in site.ask(f"/{county}/server_info")[1]
        assert (homes[county] / "dagster" / "history").is_dir()
    assert "/lingwu/" in site.ask("/")[1]


def test_neither_key_nor_exports_nor_warehouse_are_served(site, homes):
    (homes["lingwu"] / "pseudonym.key").write_text("0" * 64, encoding="ascii")
    for path in ("pseudonym.key", "exports/", "warehouse.duckdb", "bulletins/../pseudonym.key"):
        assert site.ask(f"/lingwu/pages/{path}")[0] == 404, path
