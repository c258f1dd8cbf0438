"""The command line: ``figures run | lab | evaluate | notebooks | docs | report``.

Imports are made where they are needed, so that ``--help`` and a wrong parameter answer at once.
"""

from __future__ import annotations

import argparse
import atexit
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from analysis import __version__


def _parameters_help() -> str:
    from analysis.parameters import describe
    from analysis.statuses import STATUSES

    lines = ["parameters (-p name=value):"]
    for name, kind, default, meaning in describe():
        lines.append(f"  {name:<14} {meaning} ({kind}; default: {default or 'empty'})")
    lines += ["", "exit codes:"]
    lines += [f"  {code:<4} {name:<14} {meaning}" for name, (code, meaning) in STATUSES.items()]
    return "\n".join(lines)


def _run(arguments: argparse.Namespace) -> int:
    from analysis.parameters import ParameterError, check, parse
    from analysis.statuses import STATUSES

    try:
        given = parse(arguments.parameter)
        for name in ("raw", "out"):
            value = getattr(arguments, name)
            if value is not None:
                if name in given:
                    raise ParameterError(f"parameter {name!r} is given twice; give it once")
                given[name] = value
        parameters = check(given)
    except (ParameterError, FileNotFoundError) as error:
        return _refuse(error, STATUSES["refused"][0])

    from analysis import forks

    forks.spare()
    if forks.fork_server_wanted(parameters.kernels) and forks.fork_server_possible():
        forks.start_fork_server()  # it imports beside us
    from analysis.run import Locked, Refused, run

    try:
        return run(parameters).exit_code
    except (Refused, ParameterError) as error:
        return _refuse(error, STATUSES["refused"][0])
    except Locked as error:
        return _refuse(error, STATUSES["locked"][0])


def _refuse(error: Exception, code: int) -> int:
    print(f"figures: {error}", file=sys.stderr)
    return code


def _lab(arguments: argparse.Namespace) -> int:
    from analysis.lab import serve

    return serve(arguments.port, browser=not arguments.no_browser)


def _evaluate(arguments: argparse.Namespace) -> int:
    from analysis.evaluate import main as evaluate

    return int(evaluate(arguments.rest) or 0)


def _notebooks(arguments: argparse.Namespace) -> int:
    from analysis import notebooks

    chosen = [Path(p) for p in arguments.notebook] or sorted(notebooks.folder().glob("*.ipynb"))
    for path in chosen:
        try:
            changed = notebooks.rewrite(path)
        except notebooks.NotebookError as error:
            return _refuse(error, 2)
        print(f"{path.name}: {'outputs written anew' if changed else 'unchanged'}", flush=True)
    return 0


def _docs(_arguments: argparse.Namespace) -> int:
    from analysis.docs import write

    for path in write():
        print(f"{path} written anew")
    return 0


def _report(arguments: argparse.Namespace) -> int:
    from analysis.report import write

    run_dir = Path(arguments.run_dir)
    if not (run_dir / "run.json").exists():
        return _refuse(ValueError(f"{run_dir} is no folder of a run; give one of data/processed/runs"), 2)
    print(write(run_dir))
    return 0


def _commands(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(name: str, function: Callable[[argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(
            name, help=about, description=about, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        sub.set_defaults(function=function)
        return sub

    run = command("run", _run, "run the four notebooks, write the report and publish the run as latest")
    run.add_argument("--raw", metavar="DIR", help="folder with the articles (same as -p raw=DIR)")
    run.add_argument("--out", metavar="DIR", help="folder for the runs and latest (same as -p out=DIR)")
    run.add_argument("-p", "--parameter", metavar="NAME=VALUE", action="append", default=[], help="set a parameter")
    lab = command("lab", _lab, "open the notebooks in JupyterLab, on this machine only")
    lab.add_argument("--port", type=int, default=8888, help="port on the loopback interface (default: 8888)")
    lab.add_argument("--no-browser", action="store_true", help="print the address, open no browser")
    evaluate = command("evaluate", _evaluate, "score the extraction against gold")
    evaluate.add_argument("rest", nargs=argparse.REMAINDER, metavar="...", help="see 'figures evaluate -- --help'")
    notebooks = command("notebooks", _notebooks, "execute the notebooks on the sample and write their outputs back")
    notebooks.add_argument("notebook", nargs="*", help="notebook files (default: all)")
    command("docs", _docs, "write the generated docs and the generated half of the expectations anew")
    report = command("report", _report, "write the report of a run anew")
    report.add_argument("run_dir", metavar="RUN_DIR", help="folder of the run, for example data/processed/latest")


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of ``figures``; returns the exit code."""
    argv = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(
        prog="figures",
        description="From raw news articles to tidy tables of who reported which number.",
        epilog="Begin with 'figures run'; 'figures run --help' lists its parameters and exit codes.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    _commands(parser)
    if argv[:1] == ["run"] and {"-h", "--help"} & set(argv[1:]):
        sub = next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction)).choices["run"]
        sub.epilog = _parameters_help()
    try:
        if argv[:1] == ["evaluate"]:  # its own parser reads the rest, options and all
            return _evaluate(argparse.Namespace(rest=argv[1:]))
        arguments = parser.parse_args(argv)
        return int(arguments.function(arguments))
    except KeyboardInterrupt:
        print("figures: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 141  # a reader such as head has seen enough; what a shell says of a process that ends so


def script() -> None:
    """``main`` as a process of its own: what must be done at its end is done, the interpreter is not taken down.

    That takes most of a second once Vega's engine was used, and nobody needs it.
    """
    _open_streams()
    try:
        code = main()
    except SystemExit as end:  # argparse, or a command that says why
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    atexit._run_exitfuncs()
    os._exit(code or _flushed())


def _open_streams() -> None:
    """Give a process that was started without standard streams ones that lead nowhere.

    Else the next file that is opened takes the place of one, and what a child process says goes into that file.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # takes the lowest number that is free
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


def _flushed() -> int:
    """Write out what was said; return the exit code that is due if that is all there is to do."""
    code = 0
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            pass  # nobody reads any more
        except OSError as error:
            with suppress(OSError):
                print(f"figures: the output could not be written: {error.strerror}", file=sys.stderr)
            # what a run leaves is its folder, not its log
            code = 0 if sys.argv[1:2] == ["run"] else 1
    return code


if __name__ == "__main__":
    script()
