"""Measures what ingest costs compared with DuckDB's own limit, and with pandas and polars.

It generates the data and runs each measure in a process of its own, whose processor time and memory the system
reports. It prints ratios within one run, as a table and as JSON: python -m benchmarks.ingest [--rows N] [--alone].
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import duckdb
import yaml
from rich.console import Console
from rich.table import Table

from benchmarks.like_work import HEADERS, TIMES, with_pandas, with_polars
from ingest.landing.claim import claim_files
from ingest.mapping import load as mappings
from ingest.reading.decode import decode_file
from ingest.run import ingest

SMALL_FILES = 500
PAIRS = 5


def generate(path: Path, rows: int, first: int = 0, broken: str = "false") -> None:
    """A CSV of `rows` cases × 25 columns, UTF-8, as a platform exports them: Chinese headers and labels.

    `broken`: SQL over n, the number of the case; such cases have a status that no code list holds.
    """
    duckdb.execute(f"""
        copy (
            select 'LW' || (20220000000000 + n) as 办件编号, '11640181' || lpad((n % 900)::varchar, 6, '0') as 实施编码,
                '城乡居民基本养老保险待遇申领第' || n % 900 || '项' as 事项名称,
                if(n % 10 < 7, '即办件', '承诺件') as 办件类型,
                ['窗口办理', '窗口办理', '电脑端', '移动端'][1 + n % 4] as 办理形式,
                if(n % 8 = 2, '是', '否') as 全程网办,
                '灵武市第' || n % 40 || '局' as 受理部门, '综合窗口' || n % 120 || '号' as 受理窗口,
                if(n % 9 = 0, '乡镇街道', '政务大厅') as 办理地点, '640181' as 行政区划代码, '崇兴镇' as 乡镇街道,
                if(n % 5 = 0, '企业法人', '自然人') as 申请人类型,
                strftime(began, '%Y-%m-%d %H:%M:%S') as 申请时间,
                strftime(began + interval 1 hour, '%Y-%m-%d %H:%M:%S') as 受理时间,
                strftime(began + interval 9 day, '%Y-%m-%d %H:%M:%S') as 承诺办结时间,
                if(n % 20 = 0, '', strftime(began + interval 5 day, '%Y-%m-%d %H:%M:%S')) as 办结时间,
                5 + n % 15 as 承诺时限, '工作日' as 承诺时限单位, 20 as 法定时限, '工作日' as 法定时限单位,
                case when {broken} then '不明' when n % 20 = 0 then '在办' else '办结' end as 办件状态,
                if(n % 20 = 0, '', '准予') as 办结结果,
                strftime(began + interval 6 day, '%Y-%m-%d %H:%M:%S') as 更新时间,
                (640181194001010000 + (n * 7919) % 400000000)::varchar as 申请人证件号码,
                (13000000000 + (n * 104729) % 999999999)::varchar as 联系电话
            from (select i as n, timestamp '2022-01-01' + to_seconds((i * 37) % 15000000) as began
                from range({first}, {first + rows}) as numbers (i))
        ) to '{path}' (header, delimiter ',')
    """)


def county(folder: Path) -> Path:
    """Write a jurisdiction with one source for such files, and contracts that make pseudonyms of two columns."""
    shutil.copytree(Path(__file__).parents[1] / "tests" / "county", folder, dirs_exist_ok=True)
    shutil.rmtree(folder / "sources")
    (folder / "sources").mkdir()
    mapping = {
        "source": "bench",
        "name": "综合服务平台",
        "is_platform": True,
        "exports": [
            {"dataset": "cases", "files": ["**/*.csv"], "absent": ["village_name", "closed_at", "applicant_name"]}
        ],
    }
    (folder / "sources" / "bench.yaml").write_text(yaml.safe_dump(mapping, allow_unicode=True), encoding="utf-8")
    contracts = folder / "contracts"
    shutil.copytree(mappings.CONTRACTS, contracts)
    cases = yaml.safe_load((contracts / "cases.yaml").read_text(encoding="utf-8"))
    cases["columns"]["phone"]["personal"] = "pseudonym"
    (contracts / "cases.yaml").write_text(yaml.safe_dump(cases, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return folder


def do_ingest(scratch: Path, name: str) -> None:
    """Run the ingest stage on the exports in `<scratch>/<name>`."""
    mappings.CONTRACTS = scratch / "county" / "contracts"
    home = scratch / f"home-{name}"
    (home / "build").mkdir(parents=True)
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        report = ingest(connection, scratch / "county", scratch / name, home, "benchmark")
        connection.execute("checkpoint")
        loaded = connection.execute("select count(*) from raw.cases").fetchone()[0]
        aside = connection.execute("select count(distinct (file_id, record)) from quality.quarantine").fetchone()[0]
    assert not report.refused and loaded + aside == sum(report.rows_read.values()) > 0, report.refused


def do_ctas(scratch: Path, name: str) -> None:
    """The least that DuckDB can do: read the same file into a typed table without any check."""
    types = {header: "timestamp" if header in TIMES else "varchar" for header in HEADERS}
    with duckdb.connect(str(scratch / f"ctas-{name}.duckdb")) as connection:
        connection.execute(
            f"create table cases as from read_csv('{scratch / name}/*.csv', header = true, auto_detect = false, "
            f"delim = ',', quote = '\"', columns = {types})"
        )
        connection.execute("checkpoint")


def do_xlsx(scratch: Path, name: str) -> None:
    """Decode a workbook and print its rows and the processor seconds."""
    (claim,) = claim_files(scratch / name, mappings.load_sources(scratch / "county"))
    started = time.process_time()
    decoded = decode_file(claim, scratch / "workbook.csv")
    print(json.dumps({"rows": decoded.records, "seconds": time.process_time() - started}))


CHILDREN = {
    "ctas": do_ctas,
    "ingest": do_ingest,
    "xlsx": do_xlsx,
    "pandas": lambda scratch, name: with_pandas(next((scratch / name).glob("*.csv")), scratch / "pandas.duckdb"),
    "polars": lambda scratch, name: with_polars(next((scratch / name).glob("*.csv")), scratch / "polars.duckdb"),
}


def measure(what: str, scratch: Path, name: str) -> dict:
    """Run one measure in a process of its own; return CPU seconds, wall seconds and peak memory in MB."""
    shutil.rmtree(scratch / f"home-{name}", ignore_errors=True)
    (scratch / f"ctas-{name}.duckdb").unlink(missing_ok=True)
    started = time.monotonic()
    child = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.ingest", "--child", what, str(scratch), name], stdout=subprocess.PIPE
    )
    printed = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{what} on {name} failed")
    costs = {"cpu": usage.ru_utime + usage.ru_stime, "wall": time.monotonic() - started, "mb": usage.ru_maxrss / 1024}
    return costs | (json.loads(printed) if printed.strip() else {})


def prepare(scratch: Path, rows: int) -> None:
    """Generate the files of every measure: one, one with broken rows, one in GB18030, many small, their rows in one."""
    county(scratch / "county")
    for name in ("one", "broken", "gb18030", "many", "few"):
        (scratch / name).mkdir()
    generate(scratch / "one" / "cases.csv", rows)
    generate(scratch / "broken" / "cases.csv", rows, broken="n % 1000 = 7")
    with (
        (scratch / "one" / "cases.csv").open(encoding="utf-8") as source,
        (scratch / "gb18030" / "cases.csv").open("w", encoding="gb18030") as target,
    ):
        shutil.copyfileobj(source, target, 1 << 24)
    generate(scratch / "few" / "cases.csv", SMALL_FILES * 200)
    for place in range(SMALL_FILES):
        generate(scratch / "many" / f"cases_{place}.csv", 200, place * 200)


def workbook(scratch: Path, name: str, rows: int, columns: int) -> None:
    """Write the first `columns` of the 25 as a workbook, and let the mapping claim it."""
    import xlsxwriter

    (scratch / name).mkdir()
    generate(scratch / "sheet.csv", rows)
    with xlsxwriter.Workbook(str(scratch / name / "cases.xlsx")) as book:
        sheet = book.add_worksheet()
        for place, line in enumerate((scratch / "sheet.csv").read_text(encoding="utf-8").splitlines()):
            sheet.write_row(place, 0, [cell.strip('"') for cell in line.split(",")[:columns]])
    mapping = scratch / "county" / "sources" / "bench.yaml"
    mapping.write_text(mapping.read_text(encoding="utf-8").replace("**/*.csv", "**/*.xlsx"), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=3_500_000, help="rows of the large file")
    parser.add_argument("--alone", action="store_true", help="without pandas and polars, which take minutes and 10 GB")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        what, scratch, name = chosen.child
        return CHILDREN[what](Path(scratch), name)
    with tempfile.TemporaryDirectory(prefix="tongbao-bench-") as folder:
        scratch = Path(folder)
        prepare(scratch, chosen.rows)
        # Measure in turn and take the median pair: the speed of a machine drifts by more than the differences measured.
        pairs = [(measure("ctas", scratch, "one"), measure("ingest", scratch, "one")) for _ in range(PAIRS)]
        ctas, whole = sorted(pairs, key=lambda pair: pair[1]["cpu"] / pair[0]["cpu"])[PAIRS // 2]
        broken = measure("ingest", scratch, "broken")
        chinese = measure("ingest", scratch, "gb18030")
        many, few = measure("ingest", scratch, "many"), measure("ingest", scratch, "few")
        picked = () if chosen.alone else ("pandas", "polars")
        others = {what: measure(what, scratch, "one") for what in picked if find_spec(what)}
        workbook(scratch, "wide", 100_000, len(HEADERS))
        workbook(scratch, "narrow", 100_000, 8)
        wide, narrow = measure("xlsx", scratch, "wide"), measure("xlsx", scratch, "narrow")
    ratios = {
        "rows": chosen.rows,
        "cpu ratio to CTAS": (whole["cpu"] / ctas["cpu"], "≤ 1.8"),
        "memory ratio to CTAS": (whole["mb"] / ctas["mb"], "≤ 1.2"),
        "one row in 1000 broken adds, in CTAS": ((broken["cpu"] - whole["cpu"]) / ctas["cpu"], ""),
        "GB18030 adds, in CTAS": ((chinese["cpu"] - whole["cpu"]) / ctas["cpu"], "≤ 0.4"),
        "ms a small file": ((many["cpu"] - few["cpu"]) / SMALL_FILES * 1000, "≤ 20"),
        "XLSX rows a second, 8 columns": (narrow["rows"] / narrow["seconds"], "≥ 100000"),
        "XLSX rows a second, 25 columns": (wide["rows"] / wide["seconds"], "≥ 100000"),
        **{f"{what}: cpu ratio to CTAS": (one["cpu"] / ctas["cpu"], "") for what, one in others.items()},
        **{f"{what}: memory ratio to CTAS": (one["mb"] / ctas["mb"], "") for what, one in others.items()},
    }
    table = Table("measure", "found", "aim")
    for name, (value, aim) in ((n, v) for n, v in ratios.items() if isinstance(v, tuple)):
        table.add_row(name, f"{value:,.2f}", aim)
    Console().print(table)
    raw = {
        "pairs": pairs,
        "ctas": ctas,
        "ingest": whole,
        "gb18030": chinese,
        "broken": broken,
        "many": many,
        "few": few,
        "wide": wide,
        "narrow": narrow,
        **others,
    }
    print(json.dumps({"found": ratios, "raw": raw}, ensure_ascii=False))


if __name__ == "__main__":
    main()
