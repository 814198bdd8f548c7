"""Personal values: the installation's key, pseudonyms, recognising a person's number in a text, and masks.

The functions create DuckDB macros or return SQL; the key itself is bound to the connection and never part of SQL text.
Which columns are personal is decided in the contracts. docs/pseudonyms.md explains the key.
"""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

from duckdb import DuckDBPyConnection

from ingest import masks, persons
from ingest.errors import MappingError

KEY_VARIABLE = "TONGBAO_PSEUDONYM_KEY"

# GB 11643-1999: weights of the first 17 digits, and the check character for their sum modulo 11.
_WEIGHTS = "[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]"
_CHECK = "10X98765432"
_MACROS = f"""
    create or replace temp macro is_resident_id(word) as coalesce(
        regexp_full_match(word, '[1-9][0-9]{{5}}(19|20)[0-9]{{9}}[0-9X]')
        and try_strptime(substr(word, 7, 8), '%Y%m%d') is not null
        and substr('{_CHECK}', 1 + cast(list_sum(list_transform(range(1, 18),
            lambda place: try_cast(substr(word, place, 1) as integer) * ({_WEIGHTS})[place])) % 11 as integer), 1)
            = substr(word, 18, 1), false);
    create or replace temp macro names_a_person(digits) as len(list_filter(
        regexp_extract_all(digits, '[0-9]+X?'),
        lambda word: regexp_full_match(word, '(0|86|0086)?1[3-9][0-9]{{9}}X?') or is_resident_id(word))) > 0;
    create or replace temp macro ungrouped(digits) as regexp_replace(regexp_replace(digits,
        '(1[3-9][0-9])[ -]([0-9]{{4}})[ -]([0-9]{{4}})', '\\1\\2\\3', 'g'),
        '([0-9]{{6}})[ -]([0-9]{{8}})[ -]([0-9]{{3}}[0-9X])', '\\1\\2\\3', 'g');
    create or replace temp macro half_width(value) as upper(translate(narrow(value), 'Ｘｘ', 'XX'));
    create or replace temp macro may_hold_person(value) as
        -- Comparing bytes with characters is cheap, and true of every text with eleven ASCII digits.
        coalesce(3 * length(value) - strlen(value) > 16 or contains(value, '１') or contains(value, '２'), false);
    create or replace temp macro may_be_id(value) as
        coalesce(strlen(value) = 18 and substr(value, 7, 4) < '2010', false);
    create or replace temp macro is_personal(value) as case when may_hold_person(value)
        then names_a_person(half_width(value) || ' ' || ungrouped(half_width(value))) else false end;
    create or replace temp macro is_personal_number(value) as
        -- A case number may be region, date and serial: 18 digits, and one in eleven has the right check character.
        -- No platform numbered cases before 2010, and few people born since apply for themselves.
        case when may_be_id(value) then is_resident_id(upper(value)) else false end;
    create or replace temp macro is_like_a_name(value) as
        regexp_full_match(value, '([{persons.SURNAMES}]|{persons.LONG_SURNAMES})([·．]?[一-龥]){{1,3}}'
            || '|[一-龥]+([·•．][一-龥]+)+');
{persons.MACROS}{masks.MACROS}"""


def read_key(home: Path) -> bytes:
    """The installation's key: from the environment, else `<home>/pseudonym.key`, created at first use (mode 0600).

    Raises MappingError if the file can't be read or is empty.
    """
    if value := os.environ.get(KEY_VARIABLE):
        return value.encode("utf-8")
    path = home / "pseudonym.key"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    try:
        key = path.read_text(encoding="ascii").strip().encode("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise MappingError(f"{path} can't be read as the pseudonym key ({type(error).__name__})") from None
    if not key:
        raise MappingError(f"{path} is empty, but should hold the pseudonym key")
    return key


def bind_key(connection: DuckDBPyConnection, key: bytes) -> None:
    """Create the macro `pseudonym(text)` on this connection; the key is a bound variable, never SQL text.

    A pseudonym is the first half of SHA-256 over a secret of 32 bytes and the value. Cutting off half of the hash keeps
    anyone from appending to what was hashed (Coron et al., Merkle-Damgård Revisited, 2005, section 3.2: chopped
    output). HMAC reaches the same with a second pass, at more than twice the cost. An id number and the secret fit into
    one block of the hash.
    """
    secret = hmac.digest(key, b"tongbao pseudonym", "sha256")
    # The macro casts bytes to UUID: parsing hex text as a UUID costs twice as much.
    connection.execute("set variable pseudonym_secret = $1::blob", [secret])
    connection.execute("""
        create or replace temp macro pseudonym(value) as cast(unhex(
            left(sha256(getvariable('pseudonym_secret') || encode(value)), 32)) as uuid)
    """)


def mark_key(key: bytes) -> str:
    """16 hex digits that differ between keys, and between ways of making pseudonyms, without revealing the key."""
    return hmac.digest(key, b"tongbao key, sha-256 chopped", "sha256").hex()[:16]


def define_privacy_macros(connection: DuckDBPyConnection) -> None:
    """Create the macros is_personal, is_personal_number, shown and those of `persons.py`, and two cheap tests.

    The tests are may_hold_person and may_be_id.
    `is_personal`: the text holds a resident's id number (GB 11643-1999, right check character and date of birth) or a
    mobile number; `is_personal_number`: the whole text is the id number of somebody born before 2010; `shown`: a cell
    as `masks.py` lets it be shown. They use `narrow` of `rows/conform.py`, so create those macros first.
    """
    connection.execute(_MACROS)


def mask_value(expression: str) -> str:
    """SQL for a text in place of a personal value: it gives the value's length and nothing else."""
    return f"'（已遮蔽，' || length({expression}) || '字）'"
