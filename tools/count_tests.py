#!/usr/bin/env python3
"""Counts the tests of a run of ./test: every JUnit file of ctest in a folder, and fuzz.list (a name and a result a line).

Prints each skipped test with its reason, each failed one, and last `N passed, N failed, N skipped`. Exit status 1 when
a test failed or none ran.
"""

import pathlib
import re
import sys
import xml.etree.ElementTree as xml

SHOWN_LINES = 30  # of what a failed test printed; all of it lies in the folder's *.log


def reason(case) -> str:
    """Why a test was skipped, from what it printed."""
    text = "\n".join(part.text or "" for part in case.iter("system-out"))
    for pattern in (r"skipped ['\"](.*)['\"]", r"Skipped\n(.+)", r"\[  SKIPPED \].*\n?(.+)?"):
        found = re.search(pattern, text)
        if found and found.group(1):
            return found.group(1).strip()
    skipped = case.find("skipped")
    return (skipped.get("message") if skipped is not None else None) or "no reason printed"


def main() -> int:
    folder = pathlib.Path(sys.argv[1])
    counts = {"run": 0, "fail": 0, "notrun": 0}
    for path in sorted(folder.glob("*.xml")):
        try:
            cases = xml.parse(path).getroot().iter("testcase")
        except xml.ParseError as error:  # ctest was stopped
            print(f"FAILED   {path}: {error}")
            counts["fail"] += 1
            continue
        for case in cases:
            status = case.get("status", "run")
            if status == "disabled":
                status = "notrun"
            elif status not in counts:
                status = "fail"
            elif status == "notrun" and "SKIP" not in (case.find("skipped").get("message") or "").upper():
                status = "fail"  # could not be started
            counts[status] += 1
            if status == "notrun":
                print(f"skipped  {path.stem}: {case.get('name')}: {reason(case)}")
            elif status == "fail":
                print(f"FAILED   {path.stem}: {case.get('name')}")
                output = "".join(part.text or "" for part in case.iter("system-out")).strip().splitlines()
                print("\n".join(f"    {text}" for text in output[-SHOWN_LINES:]))
    for line in (folder / "fuzz.list").read_text().splitlines() if (folder / "fuzz.list").exists() else []:
        name, status = line.split()
        counts[status] += 1
        if status == "fail":
            print(f"FAILED   {name}")
    print(f"{counts['run']} passed, {counts['fail']} failed, {counts['notrun']} skipped")
    return 1 if counts["fail"] or not counts["run"] else 0


if __name__ == "__main__":
    sys.exit(main())
