"""A fortnight at full size: fourteen mornings of a county with 350,000 cases, and what a day leaves on the disk.

`python -m benchmarks.fortnight [--cases 350000] [--rows 2000]` makes a home in a temporary folder, lives through the
days of tests/end_to_end/fortnight.py (runs on the days between too), and prints for each morning how it ended,
its seconds, and by how much each folder of the home grew. It fails if a morning ends in another way than promised.
"""

import os
import tempfile
import time
from datetime import date
from pathlib import Path

import click
import dagster as dg

from dagster_project import settings
from tests.end_to_end.fortnight import DAY, FIRST, MORNINGS, Fortnight, Morning

_LAST = MORNINGS[-1].on


@click.command()
@click.option("--cases", default=350_000, show_default=True, help="Cases of the half-year before.")
@click.option("--rows", default=2_000, show_default=True, help="Cases that the hall delivers a day.")
def main(cases: int, rows: int) -> None:
    with tempfile.TemporaryDirectory(prefix="tongbao-fortnight-") as folder:
        fortnight = Fortnight(Path(folder) / "county", rows)
        os.environ |= settings.environment(fortnight.county.home)
        os.environ["TONGBAO_ALERT_FILE"] = str(fortnight.alerts)
        with dg.DagsterInstance.get() as instance:
            for number in range((_LAST - FIRST).days + 1):
                _live(fortnight, instance, FIRST + DAY * number, cases)


def _live(fortnight: Fortnight, instance: dg.DagsterInstance, today: date, cases: int) -> None:
    usual = Morning(today, "nothing", lambda f: None)
    morning = next((morning for morning in MORNINGS if morning.on == today), usual)
    fortnight.today = today
    if today == FIRST:
        fortnight.deliver_base(cases)
    else:
        morning.deliver(fortnight)
    before, started = _sizes(fortnight.county.home), time.monotonic()
    result = fortnight.run(instance)
    grown = {name: size - before.get(name, 0) for name, size in _sizes(fortnight.county.home).items()}
    told = ", ".join(f"{name} {size / 1e6:+.2f}" for name, size in grown.items() if abs(size) >= 5000)
    ended = "published" if result.success else "blocked"
    click.echo(f"{today}  {ended:9}  {time.monotonic() - started:5.1f} s  MB: {told or 'nothing'}  ({morning.about})")
    if result.success != morning.is_published:
        raise SystemExit(f"{today}: {morning.about}: this morning should have ended otherwise")


def _sizes(home: Path) -> dict[str, int]:
    """Folder or file of the home -> bytes, the exports left out."""
    sizes: dict[str, int] = {}
    for path in home.rglob("*"):
        name = path.relative_to(home).parts[0]
        if name != "exports" and path.is_file() and not path.is_symlink():
            sizes[name] = sizes.get(name, 0) + path.stat().st_size
    return sizes


if __name__ == "__main__":
    main()
