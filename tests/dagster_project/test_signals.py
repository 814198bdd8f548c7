"""A signal ends a command, whatever Python does when it arrives.

What a command says then is tested in `test_endings.py`. It asserts that a signal is not lost in the one place where
Python drops exceptions: while it frees an object.
"""

import signal
import time
import weakref

import pytest

from dagster_project.terminal.signals import Stopped, heed_signals


class Thing:
    """An object that can be referred to weakly."""


def test_a_signal_that_arrives_while_an_object_is_freed_is_not_lost(capfd):
    thing = Thing()
    reference = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGTERM))
    with pytest.raises(Stopped) as stopped, heed_signals():
        del thing
        assert reference() is None
        time.sleep(5)
    assert stopped.value.code == 128 + signal.SIGTERM
    assert capfd.readouterr().err == ""
