"""Ways in which a file is damaged: cut, emptied, zeroed, with flipped bits, or a folder in its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


def halve(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def flip(path: Path, share: float = 0.5) -> None:
    content = bytearray(path.read_bytes())
    content[int(len(content) * share)] ^= 0x40
    path.write_bytes(content)


def flip_header(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[0] ^= 0x40
    content[9] ^= 0x40
    path.write_bytes(content)


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, Callable[[Path], None]] = {
    "half": halve,
    "empty": empty,
    "zeroed": zero,
    "a flipped header": flip_header,
    "a folder": make_folder,
}
