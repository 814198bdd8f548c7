"""Signs the sums of a released version with the office's SSH key, and tells whose signature a version bears.

It takes the folder of a version and a private key, or the file that names the keys to be trusted, and leaves the work
to the program ssh-keygen. It writes SHA256SUMS.sig, and signer.pub beside it, so that anybody can check a version
without Tongbao: docs/operating.md says how. Whether the sums hold is told by folder.py.
"""

import subprocess
import tempfile
from pathlib import Path

from reports.release.folder import PUBLIC_KEY, SIGNATURE, SUMS
from reports.words.locale import words

_NAMESPACE = "tongbao"  # a signature made for another purpose, such as a commit, doesn't pass for one of a release


class SignatureError(Exception):
    """A version can't be signed; the message says why and what to do."""


def write_public_key(version: Path, key: Path) -> None:
    """Write <version>/signer.pub, without the comment, which names a person and a machine. Raises SignatureError."""
    beside = key.with_name(f"{key.name}.pub")
    text = beside.read_text("utf-8") if beside.is_file() else _run("-y", "-f", str(key))
    fields = text.split()[:2]
    if len(fields) < 2:
        raise SignatureError(words("release.no_public_key", path=beside, key=key))
    (version / PUBLIC_KEY).write_text(f"{' '.join(fields)}\n", "utf-8")


def sign_sums(version: Path, key: Path) -> None:
    """Write <version>/SHA256SUMS.sig. Raises SignatureError."""
    _run("-q", "-Y", "sign", "-f", str(key), "-n", _NAMESPACE, str(version / SUMS))


def check_signature(version: Path, signers: Path) -> tuple[str, str]:
    """Who signed the sums of `version`, '' if nobody did, and what is wrong with that, '' if nothing is.

    `signers` is the jurisdiction's file of trusted keys, in the form of OpenSSH's allowed_signers. Where there is none,
    a signature must be by the key in signer.pub, and nothing tells whose key that is.
    """
    if not (version / SIGNATURE).is_file():
        return "", f"missing, though {signers} names the keys that sign" if signers.is_file() else ""
    try:
        if signers.is_file():
            return _verify(version, signers), ""
        with tempfile.TemporaryDirectory(prefix="tongbao-signer-") as folder:
            allowed = Path(folder) / "signers"
            allowed.write_text(f"{PUBLIC_KEY} {(version / PUBLIC_KEY).read_text('utf-8')}", "utf-8")
            return _verify(version, allowed), ""
    except (SignatureError, OSError, UnicodeDecodeError) as error:
        return "", f"isn't one of {SUMS} by a key of {signers if signers.is_file() else PUBLIC_KEY}: {error}"


def _verify(version: Path, allowed: Path) -> str:
    """The name of the key that made the signature, as `allowed` has it."""
    signature = str(version / SIGNATURE)
    (name, *_) = _run("-Y", "find-principals", "-s", signature, "-f", str(allowed)).splitlines() or [""]
    sums = (version / SUMS).read_text("utf-8")
    _run("-Y", "verify", "-f", str(allowed), "-I", name, "-n", _NAMESPACE, "-s", signature, sums=sums)
    return name


def _run(*arguments: str, sums: str = "") -> str:
    try:
        done = subprocess.run(["ssh-keygen", *arguments], input=sums, capture_output=True, text=True, encoding="utf-8")
    except OSError as error:
        raise SignatureError(words("release.no_ssh_keygen", reason=error.strerror)) from None
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise SignatureError(said[-1] if said else f"ssh-keygen ended with {done.returncode}")
    return done.stdout
