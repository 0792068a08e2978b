"""`lightlane breakout`: modes of modules, SONiC's files expanded, written and linted, and what it refuses."""

import csv
import io
import json
import pathlib
import random
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import lightlane_program as program

SAMPLES = program.ROOT / "tests" / "data" / "sonic"
MSN = ("--platform", SAMPLES / "mlnx_msn4700.platform.json")
O8C48 = (*MSN, "--hwsku", SAMPLES / "mlnx_msn4700.O8C48.hwsku.json")
ARISTA = ("--platform", SAMPLES / "arista_7060dx4_32.platform.json", "--hwsku", SAMPLES / "arista_7060dx4_32.hwsku.json")
BUG = SAMPLES / "config_db_dr4_4x100g_subport_bug.json"
ANY = (0, 1)

# What SONiC matches one part of a mode against, from the beginning and not to the end.
SONIC = re.compile(r"(\d{1,6})x(\d{1,6}G?)(\[(\d{1,6}G?,?)*\])?(\((\d{1,6})\))?")


def sonic_parts(mode, lanes):
    """What SONiC makes of a mode: (ports, default speed, speeds, lanes) of each part; None where it raises."""

    def speed(text):
        return int(text.replace("G", "")) * 1000 if text.endswith("G") else int(text)

    out = []
    for part in mode.split("+"):
        match = SONIC.match(part)
        if match is None:
            return None
        ports, default, alternatives, _, assigned, _ = match.groups()
        try:
            speeds = {speed(default)} | {speed(text.strip()) for text in (alternatives[1:-1].split(",") if alternatives else [])}
        except ValueError:
            return None
        out.append((int(ports), speed(default), speeds, int(assigned[1:-1]) if assigned else lanes))
    return out


def random_mode(rng):
    """Near the grammar, with slips."""
    part = lambda: "".join(
        (
            rng.choice(["1", "2", "4", "8", "", "x", "12", "0"]),
            rng.choice(["x", "x", "x", "x", "X", ""]),
            rng.choice(["100", "50", "25", "400", "", "1000000"]),
            rng.choice(["G", "G", "", "GG"]),
            rng.choice(["", "", "[50G,25G]", "[50G]", "[25G, 50G]", "[]", "[50G,]", "[,50G]", "[50G25G]", "[50000]", "[5G5]", "[50G", "(4)[10G]"]),
            rng.choice(["", "", "(4)", "(8)", "(", "(4", "(1234567)", "()", " (4)"]),
        )
    )
    return "+".join(part() for _ in range(rng.choice([1, 1, 1, 2, 3])))


def corpus():
    with (SAMPLES / "breakout_modes_corpus.csv").open() as file:
        return list(csv.DictReader(file))


class Modes(program.Case):
    def test_dr4_breaks_out_into_four(self):
        report = self.json("breakout", "QSFP-DD-400G-DR4", "--mode", "4x100G")
        self.assertEqual(report["verdict"], "possible")
        (mode,) = report["modes"]
        self.assertEqual([c["host_mask"] for c in mode["children"]], ["0x03", "0x0C", "0x30", "0xC0"])
        self.assertEqual([c["media_mask"] for c in mode["children"]], ["0x01", "0x02", "0x04", "0x08"])
        self.assertEqual({p["name"] for p in mode["partners"]}, {"100GBASE-DR", "100GBASE-FR1", "100GBASE-LR1"})
        (harness,) = mode["harnesses"]
        self.assertEqual([(l["child"], l["leg"], l["near_tx_position"], l["near_rx_position"]) for l in harness["legs"]], [(k, k, k, 13 - k) for k in range(1, 5)])

    def test_the_table_has_a_verdict_and_a_reason_for_each_mode(self):
        report = self.json("breakout", "400GBASE-FR4")
        verdicts = {m["mode"]: m["verdict"] for m in report["modes"]}
        self.assertEqual(verdicts["1x400G"], "possible")
        self.assertEqual({verdicts[m] for m in ("2x200G", "4x100G", "8x50G")}, {"no"})
        self.assertEqual(report["verdict"], "no")
        self.assertEqual(report["assumed"][0]["what"], "module: qsfp-dd-400g-fr4")
        text = self.good("breakout", "400GBASE-FR4").stdout
        for mode in report["modes"]:
            self.assertIn(mode["mode"], text)
            self.assertEqual(mode["verdict"] == "possible", not mode["reasons"])
            if mode["reasons"]:
                self.assertIn(mode["reasons"][0]["text"], text)

    def test_exit_status(self):
        for arguments, status in (
            (["qsfp-dd-400g-dr4", "--mode", "4x100G"], 0),
            (["400GBASE-FR4", "--mode", "4x100G"], 1),
            (["qsfp-dd-400g-dr4", "--mode", "4x100G", "--far", "100GBASE-LR4"], 1),
            (["qsfp-dd-400g-dr4", "--mode", "4x100G", "--cable", "mpo12-4lc-mm"], 1),
            (["qsfp28-100g-dr", "--switch", "SN4700", "--mode", "1x100G(4)"], 0),
            (["qsfp28-100g-dr", "--switch", "SN4700", "--mode", "1x100G"], 1),
            (["juniper-740-157132", "--switch", "SN5400", "--switch-port", "2", "--mode", "1x400G"], 1),
            (["400GBASE-FR4"], 0),
            (["SN5400"], 0),
            (["qsfp-dd-cage"], 0),
        ):
            self.good("breakout", *arguments, status=(status,))
            self.json("breakout", *arguments, status=(status,))

    def test_refusals(self):
        for arguments, names in (
            ([], ["module", "missing"]),
            (["nosuch"], ["nosuch"]),
            (["VSR4"], ["ambiguous"]),
            (["400GBASE-DR4", "--mode", "4y100G"], ["--mode", "4y100G"]),
            (["400GBASE-DR4", "--mode", "16x25G"], ["16 ports on 8 lanes"]),
            (["400GBASE-DR4", "--mode", "1x400G+" * 100 + "1x400G"], ["--mode"]),
            (["400GBASE-DR4", "--cable", "nosuch"], ["--cable", "nosuch"]),
            (["400GBASE-DR4", "--cage", "nosuch"], ["--cage"]),
            (["400GBASE-DR4", "--far", "nosuch"], ["--far"]),
            (["400GBASE-DR4", "--switch", "SN4700", "--switch-port", "33"], ["1 to 32"]),
            (["400GBASE-DR4", "--switch-port", "3"], ["--switch"]),
            (["SN4700", "--mode", "4x100G"], ["needs a module"]),
            (["400GBASE-DR4", "--write", "x.json"], ["--platform"]),
            (["400GBASE-DR4", "--format", "csv"], ["csv"]),
            (["--lint"], ["nothing to check"]),
            (["--lint", "--config", BUG, "--port", "Ethernet9"], ["Ethernet9"]),
            (["--lint", *MSN, "--port", "Ethernet9"], ["Ethernet9"]),
            (["--lint", "--hwsku", SAMPLES / "arista_7060dx4_32.hwsku.json"], ["--platform"]),
            ([*MSN, "--write", "x.json"], ["--hwsku", "--mode"]),
            ([*MSN, "--port", "Ethernet4"], ["Ethernet4 is a child of Ethernet0"]),
            ([*MSN, "--format", "csv"], ["csv"]),
            ([*MSN, "--port", "Ethernet0", "--mode", "4x100G"], ["no breakout mode", "4x100G[50G,25G,10G,1G]"]),
            ([*MSN, "--port", "Ethernet4", "--mode", "4x100G"], ["Ethernet4 is a child of Ethernet0"]),
            ([*MSN, "--mode", "4x100G"], ["--port"]),
            ([*O8C48, "--module", "400GBASE-DR4"], ["--lint"]),
            (["--config", BUG, "--write", "x.json"], ["--mode"]),
            (["--config", "nosuch.json"], ["nosuch.json"]),
        ):
            self.refused(["breakout", *arguments], names)


class Grammar(program.Case):
    def test_modes_are_read_as_sonics_own_expression_reads_them(self):
        rng = random.Random(20)
        modes = {random_mode(rng) for _ in range(400)}
        modes |= {row["breakout_mode"] for row in corpus()}
        modes = [mode for mode in sorted(modes) if mode]
        lanes = 8
        alike, refused = 0, 0
        # One port that lists the mode: the program must expand it where SONiC does, and to the same ports.
        for mode in modes:
            parts = sonic_parts(mode, lanes)
            total = sum(p[0] for p in parts) if parts else 1
            good = parts is not None and all(n > 0 and l // n > 0 for n, _, _, l in parts) and sum(p[3] for p in parts) <= lanes and total <= 8
            aliases = [f"p{i}" for i in range(min(total, 8) or 1)]
            platform = {"interfaces": {"Ethernet0": {"index": ",".join("1" * lanes), "lanes": "0,1,2,3,4,5,6,7", "breakout_modes": {mode: aliases}}}}
            path = self.file("platform.json", json.dumps(platform))
            done = program.run("breakout", "--platform", path, "--port", "Ethernet0", "--mode", mode, "--format", "json", cwd=self.folder)
            self.assertEqual(done.returncode, 0 if good else 2, f"{mode!r}: {done.stderr}")
            if not good:
                refused += 1
                continue
            alike += 1
            expected, lane, number = [], 0, 0
            for n, default, _, assigned in parts:
                for _ in range(n):
                    each = assigned // n
                    number += 1
                    fec = "rs" if default // each >= 50000 else None
                    expected.append((f"Ethernet{lane}", [str(i) for i in range(lane, lane + each)], default, 0 if total == 1 else number, fec))
                    lane += each
            ports = json.loads(done.stdout)["ports"]
            self.assertEqual([(p["port"], p["lanes"], p["speed_mbps"], p["subport"], p["fec"]) for p in ports], expected, mode)
        self.assertGreater(alike, 100)
        self.assertGreater(refused, 100)

    def test_modes_are_compared_as_sonic_compares_them(self):
        rng = random.Random(21)
        modes = sorted({row["breakout_mode"] for row in corpus() if row["parent_lanes"] == "8"})
        same = lambda a, b: [(p[0], p[2], p[3]) for p in sonic_parts(a, 8)] == [(p[0], p[2], p[3]) for p in sonic_parts(b, 8)]
        hits = 0
        for _ in range(60):
            listed = rng.sample(modes, 12)
            asked = rng.choice(listed if rng.random() < 0.7 else modes)
            if rng.random() < 0.5:
                asked = re.sub(r"x(\d+G?)\[(\d+G)", r"x\2[\1", asked)
            table = {mode: [f"{i}.{k}" for k in range(8)] for i, mode in enumerate(listed)}
            self.file("p.json", json.dumps({"interfaces": {"Ethernet0": {"index": "1,1,1,1,1,1,1,1", "lanes": "0,1,2,3,4,5,6,7", "breakout_modes": table}}}))
            done = program.run("breakout", "--platform", self.folder / "p.json", "--port", "Ethernet0", "--mode", asked, "--format", "json")
            first = next((i for i, mode in enumerate(listed) if same(asked, mode)), None)
            self.assertEqual(done.returncode, 2 if first is None else 0, f"{asked} in {listed}: {done.stderr}")
            if first is not None:
                hits += 1
                self.assertEqual(json.loads(done.stdout)["ports"][0]["alias"], f"{first}.0")
        self.assertGreater(hits, 20)


class Files(program.Case):
    def test_executed_results(self):
        for name, cases in json.loads((SAMPLES / "expected_breakouts.json").read_text()).items():
            for case in cases:
                flags = ("--platform", SAMPLES / f"{name}.platform.json", "--port", case["port"], "--mode", case["mode"])
                if "error" in case:
                    self.refused(["breakout", *flags], [case["mode"]])
                    continue
                self.good("breakout", *flags, "--write", "out.json")
                written = json.loads((self.folder / "out.json").read_text())
                self.assertEqual(written["PORT"], case["result"])
                self.assertEqual(written["BREAKOUT_CFG"], {case["port"]: {"brkout_mode": case["mode"]}})
                (self.folder / "out.json").unlink()

    def test_written_as_python_writes_it_and_read_again(self):
        self.good("breakout", *O8C48, "--write", "a.json")
        text = (self.folder / "a.json").read_text()
        self.assertEqual(text, json.dumps(json.loads(text), indent=4) + "\n")
        tables = json.loads(text)
        self.assertEqual(list(tables), sorted(tables))
        names = list(tables["PORT"])
        self.assertEqual(names, sorted(names, key=lambda name: int(name[8:])))
        self.assertTrue(all(list(port) == sorted(port) for port in tables["PORT"].values()))
        # Another mode and back gives the same octets; other tables stay.
        tables["VLAN"] = {"Vlan100": {"description": "Größe"}}
        text = json.dumps(dict(sorted(tables.items())), indent=4) + "\n"
        self.file("a.json", text)
        set_mode = lambda mode: self.good("breakout", *MSN, "--config", "a.json", "--port", "Ethernet0", "--mode", mode, "--write", "a.json")
        set_mode("4x100G[50G,25G,10G,1G]")
        changed = json.loads((self.folder / "a.json").read_text())
        self.assertEqual(changed["VLAN"], tables["VLAN"])
        self.assertEqual([n for n in changed["PORT"] if int(n[8:]) < 8], ["Ethernet0", "Ethernet2", "Ethernet4", "Ethernet6"])
        set_mode("2x100G[200G,50G,40G,25G,10G,1G]")
        back = json.loads((self.folder / "a.json").read_text())
        for port in ("Ethernet0", "Ethernet4"):  # autoneg is of the hwsku.json, and stays where the name does
            self.assertEqual(back["PORT"][port], tables["PORT"][port])
        self.assertEqual(back, tables)

    def test_modes_of_a_platform(self):
        report = self.json("breakout", *MSN)
        self.assertEqual(len(report["ports"]), 32)
        modes = {m["mode"]: m for m in report["ports"][0]["modes"]}
        self.assertEqual(modes["4x25G(4)[10G,1G]"]["read_as"], "4x25G(4)")
        self.assertEqual(modes["2x200G[100G,50G,40G,25G,10G,1G]"]["aliases"], ["etp1a", "etp1b"])
        text = self.good("breakout", *MSN, "--port", "Ethernet8").stdout
        for part in ("Ethernet8", "lanes 8,9,10,11,12,13,14,15", "4x25G(4)[10G,1G]", "(read as 4x25G(4))", "etp2a, etp2b"):
            self.assertIn(part, text)
        self.assertNotIn("Ethernet16", text)

    def test_an_existing_configuration_is_not_lost(self):
        path = self.file("config_db.json", '{"PORT": {}, "VLAN": {}}')
        self.refused(["breakout", *O8C48, "--write", path], ["config_db.json", "--config"])

    def test_text_json_and_csv_say_the_same(self):
        report = self.json("breakout", *ARISTA)
        self.assertEqual(len(report["ports"]), 34)
        rows = list(csv.DictReader(io.StringIO(self.good("breakout", *ARISTA, "--format", "csv").stdout)))
        text = self.good("breakout", *ARISTA).stdout
        for port, row in zip(report["ports"], rows):
            self.assertEqual(port["port"], row["port"])
            self.assertEqual(",".join(port["lanes"]), row["lanes"])
            self.assertEqual(port["speed_mbps"], int(row["speed_mbps"]))
            line = next(l for l in text.splitlines() if l.split()[:1] == [port["port"]])
            self.assertIn(row["lanes"], line)
            self.assertIn(row["alias"], line)
            self.assertIn(port["mode"], line)

    def test_stand_ins_for_a_file(self):
        for text, names in (
            ("../x86_64-arista_common/platform.json", ["symbolic link", "../x86_64-arista_common/platform.json"]),
            ("platform.json\n", ["symbolic link"]),
            ("", ["empty"]),
            ("<!DOCTYPE html>", ["web page"]),
            (b"\xff\xfe{\x00", ["UTF-16"]),
            ("[" * 100000, ["nested"]),
            ('{"interfaces": {\n"Ethernet0": }}', ["p.json:2"]),
            ('{"PORT": {}}', ["interfaces"]),
            ("null", ["object"]),
            (b"{\"a\": \"\xff\"}", ["no JSON"]),
        ):
            path = self.file("p.json", text)
            self.refused(["breakout", "--platform", path, "--hwsku", path], names, statuses=(3,))
            if "PORT" not in str(text):
                self.refused(["breakout", "--lint", "--config", path], ["p.json"], statuses=(3,))

    def test_one_bad_entry_is_named_and_the_rest_goes_on(self):
        platform = json.loads(MSN[1].read_text())
        del platform["interfaces"]["Ethernet8"]["lanes"]
        path = self.file("p.json", json.dumps(platform))
        report = self.json("breakout", "--platform", path, *O8C48[2:], status=(1,))
        self.assertEqual(len(report["ports"]), 54)
        self.assertEqual([(l["code"], l["ports"]) for l in report["lints"]], [("ENTRY", ["Ethernet8"])])


class Lints(program.Case):
    def codes(self, *arguments, status=ANY):
        report = self.json("breakout", "--lint", *arguments, status=status)
        for lint in report["lints"]:
            self.assertEqual(set(lint), {"code", "severity", "place", "ports", "text", "cure"})
        return [(lint["severity"], lint["code"], lint["ports"][0]) for lint in report["lints"]]

    def test_four_children_on_subport_0(self):
        self.assertEqual(self.codes("--config", BUG, status=(1,)), [("error", "SUBPORT_COLLISION", "Ethernet152"), ("warning", "FEC_DEFAULT", "Ethernet152")])
        text = self.good("breakout", "--lint", "--config", BUG, status=(1,)).stdout
        self.assertTrue(text.startswith("FAIL  1 error, 1 warning, 0 notes"))
        self.assertIn("cure: subports 1, 2, 3, 4", text)

    def test_shipped_files(self):
        self.assertEqual(self.codes(*ARISTA, status=(0,)), [])
        self.assertEqual([c[1] for c in self.codes(*O8C48, status=(0,))], ["MODE_DROPS", "MODE_UNLISTED", "NOT_A_PARENT"])

    def test_against_module_cable_and_switch(self):
        self.good("breakout", *MSN, "--port", "Ethernet0", "--mode", "4x100G[50G,25G,10G,1G]", "--write", "c.json")
        files = (*MSN, "--config", "c.json")
        self.assertNotIn("error", [c[0] for c in self.codes(*files, "--module", "qsfp-dd-400g-dr4", "--cable", "mpo12-4lc-sm", "--switch", "SN4700", "--far", "100GBASE-DR", status=(0,))])
        for flags, code in (
            (("--module", "qsfp-dd-400g-fr4"), "WDM_MUX"),
            (("--module", "qsfp-dd-400g-dr4", "--cable", "mpo12-4lc-mm"), "MEDIA_KIND"),
            (("--module", "qsfp-dd-400g-dr4", "--cable", "lc-duplex-sm"), "CONNECTOR"),
            (("--module", "qsfp-dd-400g-dr4", "--far", "400GBASE-DR4"), "FAR_RATE"),
            (("--module", "qsfp-dd-400g-dr4", "--far", "100GBASE-LR4"), "FAR_END"),
            (("--module", "osfp-2x400g-dr4", "--switch", "SN4700"), "CAGE"),
        ):
            self.assertIn(("error", code, "Ethernet0"), self.codes(*files, *flags, status=(1,)))

    def test_a_fault_of_another_port_is_not_of_this_one(self):
        config = json.loads(BUG.read_text())
        config["PORT"]["Ethernet0"] = {"alias": "etp1", "lanes": "1,2,3,4,5,6,7,8", "speed": "400000", "index": "1", "subport": "0", "fec": "rs"}
        path = self.file("c.json", json.dumps(config))
        self.assertEqual(self.codes("--config", path, "--port", "Ethernet0", status=(0,)), [])
        self.assertEqual(self.codes("--config", path, "--port", "Ethernet158", status=(1,))[0][1], "SUBPORT_COLLISION")

    def test_a_module_that_is_too_wide_for_the_port_is_said(self):
        codes = self.codes(*ARISTA, "--module", "qsfp-dd-400g-dr4", "--port", "Ethernet256", status=(1,))
        self.assertEqual(codes, [("error", "MEDIA_LANES", "Ethernet256")])

    def test_names_from_files_do_not_move_the_cursor(self):
        path = self.file("c.json", json.dumps({"PORT": {"Ethernet0\u001b[2J": {"lanes": "1", "speed": "x\u001b"}}}))
        self.assertNotIn("\u001b", self.good("breakout", "--lint", "--config", path, status=ANY).stdout)
        self.assertNotIn("\u001b", self.good("breakout", "--config", path, status=ANY).stdout)

    def test_large_files(self):
        ports = {f"Ethernet{i}": {"alias": "same", "lanes": str(i // 2), "speed": "100000", "index": str(i // 8), "subport": "0"} for i in range(20000)}
        path = self.file("c.json", json.dumps({"PORT": ports}))
        report = self.json("breakout", "--lint", "--config", path, status=(1,), timeout=60)
        self.assertGreater(report["errors"], 10000)


if __name__ == "__main__":
    program.main()
