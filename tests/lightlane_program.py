"""Finds and runs the program under test: for every Python test of this tree."""

import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = os.environ.get("LIGHTLANE", str(ROOT / "build" / "release" / "lightlane"))
# A sanitizer takes memory and 15 to 30 times the time of its own.
SANITIZED = "san" in pathlib.Path(PROGRAM).parent.name
SKIPPED = 77  # ctest's SKIP_RETURN_CODE


costly = unittest.skipIf(SANITIZED, "minutes under a sanitizer, where others of its file run the same code")


def run(*arguments, stdin=None, timeout=600 if SANITIZED else 120, cwd=None, env=None):
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


class Case(unittest.TestCase):
    """A test with a folder of its own, in which the program runs."""

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def good(self, *arguments, status=(0,), **options):
        """Runs and expects one of the exit statuses; 1 says that a limit was not met."""
        done = run(*arguments, cwd=self.folder, **options)
        self.assertIn(done.returncode, status, f"{arguments}: {done.stderr}")
        return done

    def json(self, *arguments, status=(0,), **options):
        done = self.good(*arguments, "--format", "json", status=status, **options)
        return json.loads(done.stdout, parse_constant=lambda name: self.fail(f"{arguments}: {name} is no JSON"))

    def refused(self, arguments, names=(), statuses=(2, 3), **options):
        """Runs and expects a clear error: exit status 2 (usage) or 3 (input), a message on standard error that has every
        one of `names`, nothing on standard output, no file written."""
        before = {path.name: path.read_bytes() for path in self.folder.iterdir()}
        done = run(*arguments, cwd=self.folder, **options)
        note = f"{list(map(str, arguments))}: {done.stderr.strip()}"
        self.assertIn(done.returncode, statuses, note)
        self.assertEqual(done.stdout, "", note)
        self.assertTrue(done.stderr.strip(), note)
        for name in names:
            self.assertIn(name, done.stderr, note)
        after = {path.name: path.read_bytes() for path in self.folder.iterdir()}
        self.assertEqual(after, before, f"{note}: files were touched")


def pcap(*records, magic=0xA1B2C3D4, link_type=1, order="<", snap=65535):
    """A capture, octet by octet; a record is the octets of a frame, or (seconds, fraction, captured, original, octets)."""
    out = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, snap, link_type)
    for i, record in enumerate(records):
        if isinstance(record, bytes):
            record = (i, 0, len(record), len(record), record)
        out += struct.pack(order + "IIII", *record[:4]) + record[4]
    return out


def main():
    """unittest.main() with the exit status 77 when every test was skipped."""
    program = unittest.main(exit=False, verbosity=2)
    result = program.result
    if not result.wasSuccessful():
        sys.exit(1)
    sys.exit(SKIPPED if result.testsRun and len(result.skipped) == result.testsRun else 0)
