#!/usr/bin/env python3
"""Refuses an #include that climbs or crosses the floors of src/lightlane.

A floor may include itself and every floor below its row; siblings of one row never include each other. `io` is for
`link` and above: no sibling includes it anyway. `plan` is arithmetic over the catalogue and knows no stage (ONLY). Exit
status 1 and one line per offence.
"""

import pathlib
import re
import sys

ROWS = [
    ["base"],
    ["math"],
    ["signal"],
    ["catalog"],
    ["ethernet", "pcs", "fec", "pma", "aui", "optics", "rxdsp", "measure", "cmis", "io"],
    ["link"],
    ["module", "plan"],
]
ONLY = {"plan": {"base", "math", "signal", "catalog"}}
THIRD_PARTY_IN_HEADERS = re.compile(r'#\s*include\s*[<"](fmt|CLI|toml|nlohmann|tbb|hwy|boost|Random123|libdeflate|benchmark|csv)[/.+\w]*')
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]lightlane/(\w+)/')
LEVEL = {floor: level for level, row in enumerate(ROWS) for floor in row}


def main() -> int:
    root = pathlib.Path(__file__).resolve().parent.parent / "src" / "lightlane"
    offences, files = [], 0
    for path in sorted(root.glob("*/**/*")):
        if path.suffix not in {".hpp", ".cpp", ".cu"}:
            continue
        files += 1
        floor = path.relative_to(root).parts[0]
        if floor not in LEVEL:
            offences.append(f"{path}: floor '{floor}' is not in the house")
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            where = f"{path.relative_to(root)}:{number}"
            if match:
                other = match.group(1)
                allowed = LEVEL.get(other, 99) < LEVEL[floor] and other in ONLY.get(floor, LEVEL)
                if other != floor and not allowed:
                    offences.append(f"{where}: {floor} must not include {other}")
            if path.suffix == ".hpp" and THIRD_PARTY_IN_HEADERS.search(line):
                offences.append(f"{where}: third-party header in a header of ours")
    for offence in offences:
        print(offence)
    print(f"{files} files, {len(offences)} offences")
    return 1 if offences or files == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
