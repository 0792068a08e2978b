"""Finds and runs the program under test: for every Python test of this tree."""

import os
import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = os.environ.get("LIGHTLANE", str(ROOT / "build" / "release" / "lightlane"))
SKIPPED = 77  # ctest's SKIP_RETURN_CODE


def run(*arguments, stdin=None, timeout=120, cwd=None, env=None):
    """Runs `lightlane arguments...`; text in and out, never raises for an exit status."""
    return subprocess.run(
        [PROGRAM, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=timeout,
        cwd=cwd,
        env=None if env is None else {**os.environ, **env},
        check=False,
    )


def main():
    """unittest.main() with the exit status 77 when every test was skipped."""
    program = unittest.main(exit=False, verbosity=2)
    result = program.result
    if not result.wasSuccessful():
        sys.exit(1)
    sys.exit(SKIPPED if result.testsRun and len(result.skipped) == result.testsRun else 0)
