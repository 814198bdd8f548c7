"""Personal values: the key of an installation, pseudonyms in SQL, and masks.

Which columns are personal is the contract's to say, not decided here. It hands on SQL expressions that never
hold the key itself.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from duckdb import DuckDBPyConnection

KEY_VARIABLE = "TONGBAO_PSEUDONYM_KEY"
_BLOCK = 64  # block size of SHA-256 in bytes, RFC 2104 section 2


def pseudonym_key(home: Path) -> bytes:
    """The installation's key: from the environment, else from `<home>/pseudonym.key`, made at first use (mode 0600)."""
    if value := os.environ.get(KEY_VARIABLE):
        return value.encode("utf-8")
    path = home / "pseudonym.key"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text(encoding="ascii").strip().encode("ascii")


def bind_key(connection: DuckDBPyConnection, key: bytes) -> None:
    """Make the macro `pseudonym(text)` usable on this connection; the key is a bound variable, never SQL text."""
    if len(key) > _BLOCK:
        import hashlib

        key = hashlib.sha256(key).digest()
    padded = key.ljust(_BLOCK, b"\0")
    # HMAC's pads are bytes xored with 0x36 and 0x5c; as a blob the message needs no escaping
    connection.execute("set variable pseudonym_inner = $1::blob", [bytes(b ^ 0x36 for b in padded)])
    connection.execute("set variable pseudonym_outer = $1::blob", [bytes(b ^ 0x5C for b in padded)])
    connection.execute(
        """
        create or replace temp macro pseudonym(value) as cast(left(sha256(
            getvariable('pseudonym_outer') || unhex(sha256(getvariable('pseudonym_inner') || encode(value)))
        ), 32) as uuid)
        """
    )


def masked(expression: str) -> str:
    """SQL for a value that may be shown: its length and nothing of its text."""
    return f"'（已遮蔽，' || length({expression}) || '字）'"
