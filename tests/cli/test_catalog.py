"""`lightlane catalog`: lists, entries, checks of data; and the schema beside the data, with a reader of TOML of its own."""

import copy
import json
import os
import pathlib
import subprocess
import sys
import time
import tomllib
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import lightlane_program as program

DATA = pathlib.Path(__file__).resolve().parent.parent.parent / "data" / "catalog"
KINDS = ("pmd", "device", "profile", "fibre", "connector", "form_factor", "power_class", "cage", "module", "cable", "copper", "direct_attach", "switch", "name", "source")


def documents():
    return {path: tomllib.loads(path.read_text()) for path in sorted(DATA.rglob("*.toml"))}


def entries(kind):
    return [entry for document in documents().values() for entry in document.get(kind, [])]


class CatalogList(program.Case):
    def test_lists_what_the_files_hold(self):
        listed = self.json("catalog", "list")
        self.assertEqual(tuple(listed), KINDS)
        for kind in KINDS:
            key = {"source": "key", "profile": "pmd"}.get(kind, "id")
            self.assertEqual(sorted(e["id"] for e in listed[kind]), sorted(e[key] for e in entries(kind)), kind)
        self.assertEqual(len(listed["pmd"]), 58)

    def test_one_kind(self):
        listed = self.json("catalog", "list", "--kind", "fibre")
        self.assertEqual(list(listed), ["fibre"])
        text = self.good("catalog", "list", "--kind", "fibre").stdout
        for entry in listed["fibre"]:
            self.assertIn(entry["id"], text)
            self.assertIn(entry["summary"], text)

    def test_unknown_kind(self):
        self.refused(["catalog", "list", "--kind", "router"], ["--kind", "router", "pmd"], statuses=(2,))


class CatalogShow(program.Case):
    def test_value_unit_confidence_source(self):
        text = self.good("catalog", "show", "400GBASE-DR4").stdout
        line = next(line for line in text.splitlines() if "oma_outer_min_dbm" in line)
        self.assertEqual(line.split(), ["oma_outer_min_dbm", "-0.8", "dBm", "sure", "EC-DR4"])
        shown = self.json("catalog", "show", "400GBASE-DR4")
        self.assertEqual([sheet["kind"] for sheet in shown], ["pmd", "profile"])
        self.assertEqual(
            shown[0]["tx"]["oma_outer_min_dbm"],
            {
                "value": -0.8,
                "unit": "dBm",
                "confidence": "sure",
                "source": ["EC-DR4"],
                "meaning": "outer OMA, at least, whatever the penalty",
            },
        )
        self.assertIsNone(shown[0]["tx"]["transition_time_max_ps"]["value"])
        self.assertIn("unknown:", text)

    def test_every_value_of_the_files_is_shown(self):
        """JSON against the TOML as Python reads it: value, source and confidence of each limit."""
        for pmd in entries("pmd"):
            sheet = self.json("catalog", "show", pmd["id"], "--kind", "pmd")[0]
            for group in ("tx", "rx", "channel", "budget", "measurement", "eye_mask", "power"):
                table = pmd.get(group, {})
                for key, value in table.items():
                    if key in ("source", "confidence", "note", "penalty_metric"):
                        continue
                    own = value if isinstance(value, dict) else {"value": value}
                    source = own.get("source", table.get("source"))
                    shown = sheet[group][key]
                    self.assertEqual(shown["value"], own["value"], (pmd["id"], key))
                    self.assertEqual(shown["source"], [source] if isinstance(source, str) else source, (pmd["id"], key))
                    self.assertEqual(shown["confidence"], own.get("confidence", table.get("confidence")), (pmd["id"], key))

    def test_text_and_json_say_the_same(self):
        for name in ("100GBASE-LR4", "siph-mzm-53g", "OM5", "mpo-apc", "EC-DR4"):
            text = self.good("catalog", "show", name).stdout
            for sheet in self.json("catalog", "show", name):
                self.assertIn(sheet["id"], text)
                rows = [sheet, *(value for value in sheet.values() if isinstance(value, dict) and "value" not in value)]
                for row in rows:
                    for key, entry in row.items():
                        if not isinstance(entry, dict) or "value" not in entry:
                            continue
                        if entry["value"] is None:
                            self.assertIn(key, text)
                        elif isinstance(entry["value"], (int, float)) and not isinstance(entry["value"], bool):
                            shown = [float(line.split()[1]) for line in text.splitlines() if line.split()[:1] == [key]]
                            self.assertTrue(any(abs(x - entry["value"]) < 1e-6 for x in shown), (name, key, shown))

    def test_aliases_case_and_spaces(self):
        for name in ("400g-dr4", "400G DR4+", "qsfp28 lr4", "EML-53G", "smf"):
            self.good("catalog", "show", name)
        self.assertEqual(self.json("catalog", "show", "400G-FR4")[0]["id"], "400GBASE-FR4")
        self.assertEqual(self.json("catalog", "show", "400G-FR4-MSA")[0]["id"], "400G-FR4 (Lambda MSA r2.0)")

    def test_unknown_name(self):
        self.refused(["catalog", "show", "sr4"], ["sr4", "100GBASE-SR4", "400GBASE-SR4"], statuses=(2,))
        self.refused(["catalog", "show", "lr4", "--kind", "pmd"], ["lr4", "100GBASE-LR4"], statuses=(2,))
        self.assertEqual(self.json("catalog", "show", "lr4")[0]["kind"], "name")
        self.refused(["catalog", "show", "nothing-like-it"], ["nothing-like-it", "catalog list"], statuses=(2,))
        self.refused(["catalog", "show", ""], statuses=(2,))
        self.refused(["catalog", "show", "400GBASE-DR4", "--kind", "fibre"], ["400GBASE-DR4"], statuses=(2,))
        self.refused(["catalog", "show"], statuses=(2,))
        self.refused(["catalog"], statuses=(2,))


class CatalogModules(program.Case):
    def test_modules_against_the_files(self):
        """Number, source and confidence of each value, applications, form factors and cages, as Python reads the TOML."""
        inner = lambda v, table: v if isinstance(v, dict) else {"value": v, "source": table["source"], "confidence": table["confidence"]}
        as_list = lambda source: [source] if isinstance(source, str) else source
        for kind in ("module", "form_factor", "power_class", "switch"):
            for entry in entries(kind):
                sheet = self.json("catalog", "show", entry["id"], "--kind", kind)[0]
                for key, value in entry.items():
                    if isinstance(value, (int, float, dict)) and not isinstance(value, bool) and key != "number":
                        own = inner(value, entry)
                        self.assertEqual(sheet[key]["value"], own["value"], (entry["id"], key))
                        self.assertEqual(sheet[key]["source"], as_list(own["source"]), (entry["id"], key))
                        self.assertEqual(sheet[key]["confidence"], own["confidence"], (entry["id"], key))
                for i, application in enumerate(entry.get("application", []), 1):
                    self.assertEqual({k: v["value"] for k, v in sheet[f"application_{i}"].items()}, application)
        for switch in entries("switch"):
            sheet = self.json("catalog", "show", switch["id"])[0]
            for i, port in enumerate(switch["port"], 1):
                shown = {k: v["value"] for k, v in sheet[f"ports_{i}"].items()}
                self.assertEqual(shown, {"step": 1, "power_max_w": None, **{k: v["value"] if isinstance(v, dict) else v for k, v in port.items()}})
        for cage in entries("cage"):
            sheet = self.json("catalog", "show", cage["id"], "--kind", "cage")[0]
            for fit in cage["fit"]:
                shown = {k: v["value"] for k, v in sheet[fit["form_factor"]].items()}
                self.assertEqual(shown, {k: v for k, v in fit.items() if k not in ("form_factor", "source", "confidence")})

    def test_cables_against_the_files(self):
        for cable in entries("cable"):
            sheet = self.json("catalog", "show", cable["id"])[0]
            self.assertEqual([leg["value"] for leg in sheet["legs"].values()], cable["legs"])
            self.assertEqual(sheet["end_a"]["connector"]["value"], cable["a"]["connector"])
            self.assertEqual(sheet["polarity"]["value"], cable.get("polarity"))

    def test_copper_against_the_files(self):
        """Types and cables, both ends, as Python reads the TOML; what is not there is null."""
        plain = lambda v: v["value"] if isinstance(v, dict) else v
        for copper in entries("copper"):
            sheet = self.json("catalog", "show", copper["id"], "--kind", "copper")[0]
            for key in ("publisher", "rate_gbps", "lanes", "lane_rate_gbd", "modulation", "host_id", "reach_m", "standard", "clause"):
                self.assertEqual(sheet[key]["value"], plain(copper.get(key)), (copper["id"], key))
            self.assertEqual(sheet["notes"], copper.get("notes", []))
        for cable in entries("direct_attach"):
            sheet = self.json("catalog", "show", cable["id"], "--kind", "direct_attach")[0]
            self.assertEqual(sheet["title"], cable["summary"])
            for key, other in (("kind", None), ("copper", None), ("gearbox", False), ("legs", 1), ("rate_gbps", None), ("length_max_m", None)):
                self.assertEqual(sheet[key]["value"], plain(cable.get(key, other)), (cable["id"], key))
            for end in "ab":
                for key in ("form_factor", "lanes", "lane_rate_gbps", "power_max_w"):
                    self.assertEqual(sheet[f"end_{end}"][key]["value"], plain(cable[end].get(key)), (cable["id"], end, key))

    def test_copper_has_no_light(self):
        for verb in (["budget"], ["interop", "400GBASE-DR4"], ["link", "--pmd"]):
            for name, parts in (("400GBASE-CR8", ["over copper", "no light to budget", "lightlane catalog show 400GBASE-CR8"]),
                                ("QSFPD-400G-C", ["direct-attach cable", "lightlane catalog show qsfp-dd-400g-dac"])):
                self.refused([*verb, name], [name, *parts], statuses=(2,))

    def test_faults_of_direct_attach_cables(self):
        text = (DATA / "copper.toml").read_text()
        lines = text.splitlines()
        start = 1 + next(i for i, line in enumerate(lines) if line == "[[direct_attach]]")
        for good, bad, said in (
            ('b = { form_factor = "QSFP-DD", lanes = 8,', 'b = { form_factor = "QSFP56", lanes = 8,', "end b has 8 lanes, above the 4 of QSFP56"),
            ('b = { form_factor = "QSFP-DD", lanes = 8, lane_rate_gbps = 53.125', 'b = { form_factor = "QSFP-DD", lanes = 4, lane_rate_gbps = 53.125', "has 8 lanes at end a, 4 at end b"),
            ('b = { form_factor = "QSFP-DD", lanes = 8, lane_rate_gbps = 53.125', 'b = { form_factor = "QSFP-DD", lanes = 8, lane_rate_gbps = 25.78125', "has lanes of 53.125 Gb/s at end a, 25.7812 at end b, and no gearbox"),
            ('copper = "400GBASE-CR8"', 'copper = "100GBASE-CR4"', "has lanes of 53.125 Gb/s, 100GBASE-CR4 of 25.7812"),
            ("rate_gbps = 400\nlength", "rate_gbps = 800\nlength", "has lanes of 425 Gb/s together for 800 Gb/s"),
            ('kind = "passive_copper"', 'kind = "active_optical"', "is optical, 400GBASE-CR8 is a type over copper"),
        ):
            self.assertIn(good, text)
            path = self.file("mine.toml", text.replace(good, bad, 1))
            done = self.good("catalog", "check", path, status=(3,))
            self.assertIn(f"{path}:{start}: direct_attach qsfp-dd-400g-dac: {said}", done.stdout)
        path = self.file("mine.toml", text.replace('copper = "400GBASE-CR8"', 'copper = "400GBASE-CR9"', 1))
        self.assertIn("unknown copper '400GBASE-CR9'", self.good("catalog", "check", path, status=(3,)).stdout)

    def test_faults_by_file_and_line(self):
        lines = (DATA / "modules.toml").read_text().splitlines()
        start = 1 + lines.index("[[module]]")
        power = next(i for i, line in enumerate(lines) if line == "power_max_w = 10")
        lines[power] = "power_max_w = 13"
        path = self.file("mine.toml", "\n".join(lines))
        done = self.good("catalog", "check", path, status=(3,))
        self.assertIn(f"{path}:{start}: module qsfp-dd-400g-dr4: draws 13 W, above the 10 W of power class 5", done.stdout)

    def test_search_finds_them(self):
        for name, kind, id_ in (("QDD", "form_factor", "QSFP-DD"), ("MPO-8 type B", "cable", "mpo8-b-sm"), ("Cisco-QDD-400G-DR4-S", "module", "cisco-qdd-400g-dr4-s")):
            match = self.json("catalog", "search", name)["matches"][0]
            self.assertEqual((match["kind"], match["id"]), (kind, id_))


class CatalogSearch(program.Case):
    def test_statuses(self):
        """One of each: JSON, text and exit status say the same."""
        for name, status, ids, exit_status in (
            ("400GBASE-DR4", "exact", ["400GBASE-DR4"], 0),
            ("400G-DR4", "alias", ["400GBASE-DR4"], 0),
            ("QSFP-100G-LR4-S", "alias", ["100GBASE-LR4"], 0),
            ("om4", "exact", ["OM4"], 0),
            ("VSR4", "ambiguous", ["400GBASE-VR4", "400GBASE-SR4", "400GBASE-FR4", "400GBASE-DR4-2"], 1),
            ("QSFP28-DR4", "nonexistent", ["100GBASE-DR", "100G-PSM4", "400GBASE-DR4"], 1),
            ("200GBASE-DR1", "unlisted", ["1.6TBASE-DR8"], 1),
            ("400GBASE-CR8", "exact", ["400GBASE-CR8"], 0),
            ("MCP7Y10", "alias", ["nvidia-mcp7y10"], 0),
            ("zzzzzzz", "unknown", [], 1),
        ):
            found = self.json("catalog", "search", name, status=(exit_status,))
            self.assertEqual((found["name"], found["status"]), (name, status))
            self.assertEqual([match["id"] for match in found["matches"]], ids)
            text = self.good("catalog", "search", name, status=(exit_status,)).stdout
            for part in [name, *ids, *([found["explanation"]] if found["explanation"] else []), *(m["summary"] for m in found["matches"])]:
                self.assertIn(part, text)
            for meaning in found.get("meanings", []):
                for part in (meaning["text"], meaning["confidence"], ", ".join(meaning["source"])):
                    self.assertIn(part, text)

    def test_two_guides_mean_two_things(self):
        meanings = self.json("catalog", "search", "VSR4", status=(1,))["meanings"]
        self.assertEqual([m["source"][0] for m in meanings], ["SFF", "GUIDE-QDD", "GUIDE-MIGRATION"])
        for meaning in meanings:
            for key in meaning["source"]:
                self.good("catalog", "show", key, "--kind", "source")

    def test_every_name_of_the_files(self):
        """Against the TOML as Python reads it."""
        status = {"remark": "alias"}
        for entry in entries("name"):
            found = self.json("catalog", "search", entry["id"], status=(0, 1))
            self.assertIn(found["status"], (status.get(entry["kind"], entry["kind"]), *(("exact",) if entry["kind"] == "remark" else ())))
            self.assertEqual(found["explanation"], entry["text"])
            self.assertEqual([m["text"] for m in found["meanings"]], [m["text"] for m in entry.get("meaning", [])])
            for alias in entry.get("aliases", []):
                self.assertEqual(self.json("catalog", "search", alias, status=(0, 1))["explanation"], entry["text"], alias)
            shown = self.json("catalog", "show", entry["id"], "--kind", "name")[0]
            self.assertEqual(shown["title"], entry["text"])

    def test_refusals_use_it(self):
        """The same words where a scenario or a sheet is asked for by a name that is none."""
        for name, parts in (
            ("QSFP28-DR4", ["does not exist", "100GBASE-DR, 100G-PSM4, 400GBASE-DR4", "four host lanes of 25 Gb/s"]),
            ("VSR4", ["ambiguous", "400GBASE-VR4", "400GBASE-FR4", "2 km single-mode"]),
            ("400GBASE-DR5", ["no PMD known here", "400GBASE-DR4"]),
        ):
            scenario = self.file("x.toml", f'[link]\npmd = "{name}"\n')
            self.refused(["link", scenario], ["link.pmd", name, *parts], statuses=(2, 3))
            self.refused(["catalog", "show", name, "--kind", "pmd"], [name, parts[1].split(",")[0]], statuses=(2,))

    def test_show_reads_a_name(self):
        self.assertEqual(self.json("catalog", "show", "QSFP28 100G LR4 10km")[0]["id"], "100GBASE-LR4")

    def test_names_without_sense(self):
        for name in ("", " ", "-", "\u00e9", "x" * 5000, "400G 100G"):
            self.good("catalog", "search", "--", name, status=(1,))
        self.refused(["catalog", "search"], statuses=(2,))


class CatalogCheck(program.Case):
    def test_built_in_data(self):
        report = self.json("catalog", "check")
        self.assertEqual(report["problems"], [])
        self.assertEqual(report["pmds"], 58)
        self.assertEqual(len(report["identities"]), 334)
        exceptions = [i for i in report["identities"] if i["exception"]]
        self.assertEqual(len(exceptions), 5)
        for identity in report["identities"]:
            self.assertNotEqual(identity["holds"], bool(identity["exception"]))
            self.assertEqual(identity["holds"], abs(identity["printed"] - identity["computed"]) <= identity["tolerance"])
        text = self.good("catalog", "check").stdout
        self.assertIn("329 of 334 identities hold", text)
        self.assertIn("0 problems", text)
        for exception in exceptions:
            self.assertIn(exception["exception"], text)

    def test_the_documentation_counts_the_same(self):
        report = self.json("catalog", "check")
        said = " ".join((DATA.parent.parent / "docs" / "catalog.md").read_text().split())
        unverified = report["limits"] - report["limits_sure"] - report["limits_likely"]
        for words in (
            f"{report['pmds']} PMDs",
            f"with {report['limits']} limits, of which {report['limits_sure']} are sure, {report['limits_likely']} likely and {unverified} unverified",
            f"{len(report['identities'])} in all",
        ):
            self.assertIn(words, said)

    def test_the_shipped_files(self):
        built_in, files = self.json("catalog", "check"), self.json("catalog", "check", DATA)
        key = lambda report: sorted(map(str, report["identities"]))
        self.assertEqual(key(built_in), key(files))
        self.assertEqual({k: v for k, v in built_in.items() if k != "identities"}, {k: v for k, v in files.items() if k != "identities"})

    def test_problems_by_file_and_line(self):
        lines = (DATA / "pmds" / "400g-single-mode.toml").read_text().splitlines()
        oma = next(i for i, line in enumerate(lines) if line.startswith("oma_outer_min_dbm = -0.8"))
        lines[oma] = "oma_outer_min_dbm = -80.8"
        loss = next(i for i, line in enumerate(lines) if line.startswith("insertion_loss_max_db"))
        lines[loss] = lines[loss].replace("LABPRO", "LABOR").replace("value", "valu")
        path = self.file("mine.toml", "\n".join(lines))
        done = self.good("catalog", "check", path, status=(3,))
        self.assertIn(f"{path}:{oma + 1}: pmd.tx.oma_outer_min_dbm: is -80.8, not a number from -20 to 20 dBm", done.stdout)
        self.assertIn(f"{path}:{loss + 1}: pmd.channel.insertion_loss_max_db.valu: unknown key", done.stdout)
        self.assertIn(f"{path}:{loss + 1}: unknown source 'LABOR'", done.stdout)
        report = self.json("catalog", "check", path, status=(3,))
        self.assertGreaterEqual(len(report["problems"]), 3)
        self.assertIn({"file": str(path), "line": oma + 1}, [{k: p[k] for k in ("file", "line")} for p in report["problems"]])

    def test_identities_that_do_not_close(self):
        text = (DATA / "pmds" / "400g-single-mode.toml").read_text()
        path = self.file("mine.toml", text.replace("stressed_sensitivity_oma_dbm = -1.9", "stressed_sensitivity_oma_dbm = -1.8"))
        done = self.good("catalog", "check", path, status=(3,))
        start = 1 + next(i for i, line in enumerate(text.splitlines()) if line == "[[pmd]]")
        self.assertIn(f"{path}:{start}: 400GBASE-DR4: stressed_sensitivity is -1.8, computed -1.9", done.stdout)

    def test_a_user_s_own_device(self):
        device = '[[device]]\nid = "mine"\nkind = "receiver"\nsummary = "mine"\nsource = "TYP"\nconfidence = "sure"\nvalues.apd_gain = 7\n'
        self.good("catalog", "check", self.file("mine.toml", device))
        bad = self.good("catalog", "check", self.file("bad.toml", device.replace("7", "700")), status=(3,))
        self.assertIn("bad.toml:7: device.values.apd_gain: is 700", bad.stdout)

    def test_files_that_cannot_be_read(self):
        self.refused(["catalog", "check", "missing.toml"], ["missing.toml"], statuses=(3,))
        self.refused(["catalog", "check", self.folder], [str(self.folder), ".toml"], statuses=(3,))
        for content in (b"", b"\x00\xff\xfe", b"[[pmd]]\n" * 3, b"a = " + b"[" * 10000, b"[\n=1]", b"\xef\xbb\xbf[[pmd]]\nid = 1"):
            path = self.file("strange.toml", content)
            done = program.run("catalog", "check", path)
            self.assertIn(done.returncode, (0, 3), content[:20])
            self.assertEqual(done.returncode == 3, "strange.toml:" in done.stdout, content[:20])

    def test_start_up_does_not_read_the_catalogue(self):
        """Constant tables cost nothing: the program starts in milliseconds. Generous, for loaded machines."""
        times = []
        for _ in range(5):
            start = time.perf_counter()
            self.good("info")
            times.append(time.perf_counter() - start)
        self.assertLess(min(times), 0.2)


class Schema(unittest.TestCase):
    """data/catalog/schema.json is what the compiler makes, and the data satisfy it."""

    def problems(self, schema, value, root, path="$"):
        if "$ref" in schema:
            yield from self.problems(root["$defs"][schema["$ref"].rsplit("/", 1)[1]], value, root, path)
        if "const" in schema and value != schema["const"]:
            yield f"{path}: is not {schema['const']}"
        if "enum" in schema and value not in schema["enum"]:
            yield f"{path}: is none of {schema['enum']}"
        kind = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}
        if "type" in schema:
            right = isinstance(value, kind[schema["type"]])
            if not right or (isinstance(value, bool) and schema["type"] in ("integer", "number")):
                yield f"{path}: is no {schema['type']}"
                return
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
                yield f"{path}: {value} is out of range"
        if isinstance(value, str) and len(value) < schema.get("minLength", 0):
            yield f"{path}: is too short"
        if isinstance(value, list):
            if len(value) < schema.get("minItems", 0):
                yield f"{path}: is too short"
            for i, item in enumerate(value):
                if "items" in schema:
                    yield from self.problems(schema["items"], item, root, f"{path}[{i}]")
        if isinstance(value, dict):
            for key in schema.get("required", []):
                if key not in value:
                    yield f"{path}: {key} is missing"
            for key, item in value.items():
                if key in schema.get("properties", {}):
                    yield from self.problems(schema["properties"][key], item, root, f"{path}.{key}")
                elif schema.get("additionalProperties", True) is False:
                    yield f"{path}.{key}: unknown"
        if "oneOf" in schema:
            found = [list(self.problems(option, value, root, path)) for option in schema["oneOf"]]
            if sum(not problems for problems in found) != 1:
                yield f"{path}: fits {sum(not p for p in found)} of {len(found)}: {min(found, key=len)}"

    def setUp(self):
        self.schema = json.loads((DATA / "schema.json").read_text())

    def test_data_satisfy_it(self):
        for path, document in documents().items():
            self.assertEqual(list(self.problems(self.schema, document, self.schema)), [], path)

    def test_it_refuses_what_is_wrong(self):
        good = documents()[DATA / "pmds" / "400g-single-mode.toml"]
        changes = (
            lambda pmd: pmd["tx"].update(oma_outer_min_dbm=99),
            lambda pmd: pmd["tx"].update(oma_outer_min_dbm={"value": 99}),
            lambda pmd: pmd["tx"].update(oma_outer_min_dbm={"confidence": "sure"}),
            lambda pmd: pmd["tx"].update(oma_outer_min_dbm="-0.8"),
            lambda pmd: pmd["tx"].update(oma=1),
            lambda pmd: pmd["tx"].update(confidence="certain"),
            lambda pmd: pmd["signal"].update(lanes=2.5),
            lambda pmd: pmd.pop("source"),
            lambda pmd: pmd.update(colour="red"),
        )
        for i, change in enumerate(changes):
            bad = copy.deepcopy(good)
            change(bad["pmd"][0])
            self.assertNotEqual(list(self.problems(self.schema, bad, self.schema)), [], i)

    @unittest.skipUnless("CATALOG_COMPILER" in os.environ, "CATALOG_COMPILER is not set")
    def test_it_is_what_the_keys_say(self):
        made = subprocess.run([os.environ["CATALOG_COMPILER"], "--schema"], capture_output=True, text=True, check=True)
        self.assertEqual(made.stdout, (DATA / "schema.json").read_text(), "catalog_compiler --schema > data/catalog/schema.json")


class Sources(unittest.TestCase):
    def test_every_source_is_used(self):
        used = set()

        def walk(node):
            if isinstance(node, dict):
                source = node.get("source", [])
                used.update([source] if isinstance(source, str) else [s for s in source if isinstance(s, str)])
                for value in node.values():
                    walk(value)
            elif isinstance(node, list):
                for value in node:
                    walk(value)

        for document in documents().values():
            walk(document)
        keys = {entry["key"] for entry in entries("source")}
        self.assertEqual(used, keys)


if __name__ == "__main__":
    program.main()
