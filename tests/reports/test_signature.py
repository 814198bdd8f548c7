"""Tests the signature of a released version, with keys that ssh-keygen makes here, and by ssh-keygen itself.

Freezing and comparing versions are tested in test_release.py.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

from reports.release.folder import SUMS, find_altered_files, format_sums
from reports.release.freeze import freeze_draft
from reports.release.signature import SignatureError, check_signature

HEADER = "figure,period,dimension,member,value\n"


def make_key(folder: Path, name: str) -> Path:
    key = folder / name
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "someone@somewhere", "-f", str(key)]
    subprocess.run(command, check=True)
    return key


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> tuple[Path, Path, Path]:
    """A signed version, the file of trusted keys, and the private key of somebody else."""
    folder = tmp_path_factory.mktemp("office")
    key, other = make_key(folder, "office"), make_key(folder, "other")
    draft = folder / "draft"
    draft.mkdir()
    (draft / "figures.csv").write_text(f"{HEADER}case_volume,2022H1,total,total,5\n", "utf-8-sig")
    (draft / "provenance.json").write_text(
        '{"period": "2022H1", "code_version": "1", "as_of_on": "2022-06-30"}', "utf-8"
    )
    version = freeze_draft(draft, folder / "releases", "", key=key)
    (folder / "signers").write_text(f"bureau {key.with_suffix('.pub').read_text('utf-8')}", "utf-8")
    return version, folder / "signers", other


@pytest.fixture
def version(office, tmp_path) -> Path:
    copy = Path(shutil.copytree(office[0], tmp_path / "v1"))
    for path in [copy, *copy.rglob("*")]:
        path.chmod(0o755)
    return copy


def test_a_version_is_signed_and_holds_the_key_without_its_comment(office):
    version, signers, _ = office
    assert check_signature(version, signers) == ("bureau", "")
    assert find_altered_files(version) == []
    public = (version / "signer.pub").read_text("utf-8").split()
    assert public[0] == "ssh-ed25519" and len(public) == 2
    assert "signer.pub" in (version / SUMS).read_text("utf-8")


def test_anybody_can_check_it_with_ssh_keygen(office):
    version, signers, _ = office
    command = ["ssh-keygen", "-Y", "verify", "-f", str(signers), "-I", "bureau", "-n", "tongbao"]
    with (version / SUMS).open("rb") as sums:
        done = subprocess.run([*command, "-s", str(version / "SHA256SUMS.sig")], stdin=sums, capture_output=True)
    assert done.returncode == 0


def test_without_trusted_keys_the_key_beside_must_have_signed(version, tmp_path):
    assert check_signature(version, tmp_path / "signers") == ("signer.pub", "")


def test_sums_made_anew_are_not_signed(office, version, tmp_path):
    (version / "figures.csv").write_text(f"{HEADER}case_volume,2022H1,total,total,6\n", "utf-8-sig")
    (version / SUMS).write_text(format_sums(version), "utf-8")
    for signers in (office[1], tmp_path / "none"):
        who, fault = check_signature(version, signers)
        assert not who and fault.startswith("isn't one of SHA256SUMS by a key of")


def test_a_signature_by_another_key_is_not_trusted(office, version, tmp_path):
    other = freeze_draft(office[0].parents[1] / "draft", tmp_path / "releases", "", key=office[2])
    for name in ("SHA256SUMS", "SHA256SUMS.sig", "signer.pub"):
        (version / name).write_bytes((other / name).read_bytes())
    assert check_signature(version, tmp_path / "none") == ("signer.pub", "")
    who, fault = check_signature(version, office[1])
    assert not who and str(office[1]) in fault


def test_a_signature_for_another_purpose_is_none_of_a_release(office, version, tmp_path):
    (version / "SHA256SUMS.sig").unlink()
    key = office[1].with_name("office")
    subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", "git", version / SUMS], check=True)
    assert check_signature(version, office[1])[1]


def test_a_signature_taken_away_is_missed_where_keys_are_trusted(office, version, tmp_path):
    (version / "SHA256SUMS.sig").unlink()
    assert check_signature(version, tmp_path / "none") == ("", "")
    who, fault = check_signature(version, office[1])
    assert not who and fault.startswith("missing")


def test_a_key_that_is_none_is_named_before_anything_is_released(office, tmp_path):
    (tmp_path / "key").write_text("no key", "utf-8")
    with pytest.raises(SignatureError, match="key"):
        freeze_draft(office[0].parents[1] / "draft", tmp_path / "releases", "", key=tmp_path / "key")
    assert not (tmp_path / "releases" / "v1").exists()
