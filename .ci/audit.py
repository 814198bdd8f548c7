"""Looks for known vulnerabilities of what requirements.lock installs, in a database that is given as a file.

The file is OSV's collection for PyPI (all.zip: one JSON a vulnerability), so the machine may be offline: pip-audit asks
a server of this script on the loopback interface, which answers from the file. Exit codes are pip-audit's: 0 none was
found, 1 some were; 2 the file is missing or no such collection.
"""

import json
import re
import subprocess
import sys
import threading
import zipfile
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from packaging.version import Version

LOCK = Path(__file__).parent.parent / "requirements.lock"


def read_database(path: Path) -> dict[str, list[dict]]:
    """Normalised name of a package -> the vulnerabilities that concern it."""
    found = defaultdict(list)
    with zipfile.ZipFile(path) as database:
        for name in database.namelist():
            vulnerability = json.loads(database.read(name))
            if "withdrawn" in vulnerability:
                continue
            for package in {normalise(a["package"]["name"]) for a in vulnerability.get("affected", [])}:
                found[package].append(vulnerability)
    return found


def find_vulnerabilities(database: dict[str, list[dict]], package: str, version: str) -> list[dict]:
    """What OSV answers for one version of a package: each vulnerability that lists it, or has it in a range."""
    name = normalise(package)
    return [
        vulnerability
        for vulnerability in database.get(name, [])
        if any(
            version in affected.get("versions", []) or is_in_range(affected, version)
            for affected in vulnerability["affected"]
            if normalise(affected["package"]["name"]) == name
        )
    ]


def is_in_range(affected: dict, version: str) -> bool:
    """Whether the version lies between an introduction and the fix that follows it (OSV schema, affected[].ranges)."""
    events = [e for span in affected.get("ranges", []) if span["type"] == "ECOSYSTEM" for e in span["events"]]
    ordered = sorted((Version(found), kind) for event in events for kind, found in event.items() if kind != "limit")
    is_affected = False
    for found, kind in ordered:
        if found <= Version(version):
            is_affected = kind == "introduced" or (kind == "last_affected" and found == Version(version))
    return is_affected


def normalise(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def serve(database: dict[str, list[dict]]) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = {"vulns": find_vulnerabilities(database, asked["package"]["name"], asked["version"])}
            body = json.dumps(answer if answer["vulns"] else {}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main(path: str) -> int:
    try:
        database = read_database(Path(path))
    except (OSError, zipfile.BadZipFile, ValueError, KeyError) as error:
        print(f"{path}: can't be read as OSV's collection for PyPI, all.zip ({type(error).__name__})", file=sys.stderr)
        return 2
    print(f"{sum(map(len, database.values()))} vulnerabilities of {len(database)} packages in {path}")
    server = serve(database)
    address = f"http://127.0.0.1:{server.server_port}/v1/query"
    audit = [Path(sys.executable).with_name("pip-audit"), "--disable-pip", "--require-hashes", "-r", LOCK]
    return subprocess.run([*audit, "-s", "osv", "--osv-url", address, "--progress-spinner", "off"]).returncode


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
