"""The command: measures, prints the table, writes JSON, says whether targets are met."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks import bench_issuing, bench_verifying
from tests.benchmarks.bench_issuing import Measured
from tests.benchmarks.bench_measuring import Row
from tests.benchmarks.bench_verifying import LARGE

ISSUING = ("issue", "issue-pyhanko", "signature", "bytes", "memory")
VERIFYING = ("upload", "qr", "page", "register-qr", "register-number")
NAMES = ISSUING + VERIFYING


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks. Returns 1 when a required "first" target is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("json", nargs="?", type=Path, help="write the rows to this file too")
    parser.add_argument("--rounds", type=int, default=40, help="samples of each (default 40)")
    parser.add_argument(
        "--require", action="append", default=[], choices=NAMES, help="exit 1 if it is missed"
    )
    parser.add_argument("--only", choices=("issuing", "verifying"), help="measure one half of it")
    parser.add_argument(
        "--letters", type=int, default=LARGE, help=f"of the large register (default {LARGE:,})"
    )
    options = parser.parse_args(arguments)
    measured = Measured([], {})
    with tempfile.TemporaryDirectory() as folder:
        if options.only != "verifying":
            measured = bench_issuing.measure(Path(folder) / "office", options.rounds)
        if options.only != "issuing":
            verifying = bench_verifying.measure(Path(folder), options.rounds, options.letters)
            measured.rows.extend(verifying)
    rows = measured.rows
    sys.stdout.write(table(rows))
    if measured.steps:
        sys.stdout.write(steps_table(measured.steps))
    if options.json is not None:
        text = json.dumps(as_json(measured), indent=2)
        options.json.write_text(text + "\n", encoding="utf-8")
    missed = [row.name for row in rows if row.name in options.require and not row.reaches_first]
    sys.stderr.writelines(f"missed: {name}\n" for name in missed)
    return 1 if missed else 0


def table(rows: Sequence[Row]) -> str:
    """Return a line a row: what was measured, against what, and what to reach."""
    head = ("row", "measured", "unit", "against", "ratio", "first", "goal", "reached")
    notes = [
        f"{row.name}: {row.what}" + f"; against {row.against}" * bool(row.against) for row in rows
    ]
    return "\n".join([*_aligned([head, *map(_cells, rows)]), "", *notes, ""])


def steps_table(steps: Mapping[str, float]) -> str:
    """Return a line a step of issuing, with its share; the intake comes before it."""
    whole = sum(ms for step, ms in steps.items() if step != "intake")
    lines = [("step", "ms", "share")]
    for step, ms in steps.items():
        share = "before" if step == "intake" else f"{ms / whole:.0%}"
        lines.append((step, f"{ms:.3f}", share))
    return "\n".join(["", "Where the time of one letter goes:", *_aligned(lines), ""])


def as_json(measured: Measured) -> dict[str, object]:
    """Return what was measured, with where."""
    return {
        "python": platform.python_version(),
        "machine": platform.platform(),
        "milliseconds": "medians of CPU time",
        "rows": [
            {
                **asdict(row),
                "figure": row.figure,
                "reaches_first": row.reaches_first,
                "reaches_goal": row.reaches_goal,
            }
            for row in measured.rows
        ],
        "steps_ms": measured.steps,
    }


def _aligned(lines: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return [
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    ]


def _cells(row: Row) -> tuple[str, ...]:
    reached = "goal" if row.reaches_goal else "first" if row.reaches_first else "no"
    return (
        row.name,
        f"{row.measured:.3f}",
        row.unit,
        "" if row.baseline is None else f"{row.baseline:.3f}",
        "" if row.baseline is None else f"{row.figure:.2f}",
        f"{row.first:.2f}",
        f"{row.goal:.2f}",
        reached,
    )
