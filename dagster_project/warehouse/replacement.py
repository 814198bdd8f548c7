"""Puts one file or folder in the place of another, so that readers find the old or the new one at every moment.

`swap` exchanges two paths in one system call, so a second `swap` undoes it. `find_obstacle` tries beforehand what the
system would refuse, and changes nothing that a reader sees. Both take absolute paths. `publication.py` decides what is
swapped and in which order.
"""

import ctypes
import errno
import getpass
import os
from pathlib import Path

_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2, which Python's os doesn't have
_FROM_WORKING_FOLDER = -100  # AT_FDCWD
_CANT_EXCHANGE = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP)
# what a rename of an empty folder over a full folder or a file answers where nothing else is in the way
_ONLY_KIND_IS_WRONG = (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR)


def swap(staged: Path, target: Path) -> None:
    """Exchange `staged` and `target`; if only one of them exists, rename it to the other. Raises OSError.

    Where the file system can't exchange (NFS, SMB, systems other than Linux), three renames do, and `target` is absent
    for a moment. `mend_swap` mends what a killed process leaves of them.
    """
    if not os.path.lexists(target):
        os.rename(staged, target)
    elif not os.path.lexists(staged):
        os.rename(target, staged)
    elif not _exchange(staged, target):
        os.rename(target, _halfway(staged))
        try:
            os.rename(staged, target)
        finally:
            mend_swap(staged, target)


def mend_swap(staged: Path, target: Path) -> None:
    """Complete or undo a swap by three renames that ended between two of them; nothing to do after any other."""
    if os.path.lexists(_halfway(staged)):
        os.rename(_halfway(staged), staged if os.path.lexists(target) else target)


def find_obstacle(staged: Path, target: Path) -> str | None:
    """Why `staged` can't take the place of `target` and what to do, in one sentence; None if nothing is in the way.

    `staged` and the folder of `target` must be on one file system. Makes the folder of `target` if there is none.
    """
    probe = staged.parent / ".probe"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if staged.lstat().st_dev != target.parent.stat().st_dev:
            return (
                f"{target.parent} and {staged.parent} lie on two file systems, and a file can be replaced at once only "
                f"within one; put the whole home on one file system"
            )
        if os.path.lexists(target) and staged.is_dir() != target.is_dir():
            kinds = ("a folder", "a file") if target.is_dir() else ("a file", "a folder")
            return f"{target} is {kinds[0]} where {kinds[1]} belongs; move it away"
        probe.mkdir(exist_ok=True)
        _try_rename(probe, target)
        # a folder that moves to another folder is written itself: its entry `..` changes
        if target.is_dir() and not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
    except OSError as error:
        return describe_refusal(error, target)
    finally:
        if probe.is_dir():
            probe.rmdir()
    return None


def describe_refusal(error: OSError, path: Path | str, done: str = "replaced") -> str:
    """The sentence for an OSError that kept `path` from being replaced: the path, why, and what to do."""
    advice = {
        errno.EPERM: f"see that {getpass.getuser()} owns it and that `lsattr -d` shows no i or a for it or its folder",
        errno.EACCES: f"give {getpass.getuser()} the right to write to it and to its folder",
        errno.EBUSY: "it is a mount point or in use; unmount it",
        errno.EROFS: "its file system is mounted read-only; mount it for writing",
        errno.ENOSPC: "make room on its file system",
        errno.EDQUOT: "free space in the quota",
        errno.EEXIST: "one of its folders is a file; move that away",
        errno.ENOTDIR: "one of its folders is a file; move that away",
    }.get(error.errno, "mend that")
    return f"{path} can't be {done} ({error.strerror or error}); {advice}"


def _try_rename(probe: Path, target: Path) -> None:
    """Rename the empty folder `probe` over `target`, which the system refuses last of all because of its content."""
    if not os.path.lexists(target):
        elsewhere = target.parent / ".probe"
        if elsewhere != probe:
            os.rename(probe, elsewhere)
            elsewhere.rmdir()
        return
    try:
        os.rename(probe, target)  # succeeds only if `target` is an empty folder, and then changes nothing
    except OSError as error:
        if error.errno not in _ONLY_KIND_IS_WRONG:
            raise


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two paths in one system call; False if this system or file system can't. Raises OSError."""
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    paths = (_FROM_WORKING_FOLDER, os.fsencode(one), _FROM_WORKING_FOLDER, os.fsencode(other))
    if renameat2(*paths, ctypes.c_uint(_EXCHANGE)) == 0:
        return True
    code = ctypes.get_errno()
    if code in _CANT_EXCHANGE:
        return False
    raise OSError(code, os.strerror(code), str(one), None, str(other))


def _halfway(staged: Path) -> Path:
    return staged.with_name(f"{staged.name}.replaced")
