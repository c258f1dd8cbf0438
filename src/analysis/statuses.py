"""How a run can end, and the exit code that tells it."""

from __future__ import annotations

from collections.abc import Mapping

#: status -> exit code of ``figures run`` and what it means; ``refused`` and ``locked`` leave no record
STATUSES: Mapping[str, tuple[int, str]] = {
    "ok": (0, "every stage finished, the tables are valid and published as latest"),
    "failed": (1, "a stage, the report or the publishing raised an error"),
    "refused": (2, "a wrong command line or parameter; nothing was started"),
    "locked": (3, "another run is writing to the output folder"),
    "killed_kernel": (4, "the process of a stage died (killed, or out of memory)"),
    "timed_out": (5, "a stage took longer than stage_timeout"),
    "early_exit": (6, "a stage ended without having written all its tables"),
    "invalid": (7, "tables break an expectation of severity critical"),
    "interrupted": (130, "stopped by SIGINT (130) or SIGTERM (143), or the runner itself was killed"),
}


def markdown() -> str:
    """The table of exit codes for the docs."""
    rows = [f"| {code} | `{name}` | {meaning} |" for name, (code, meaning) in STATUSES.items()]
    return "\n".join(["| exit code | status | meaning |", "|---|---|---|", *rows]) + "\n"
