"""Bad scenarios, captures and lists: every one a clear error that names the place, what was read, what is allowed."""

import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import lightlane_program as program
from lightlane_program import pcap

FRAME = bytes(range(60))


class TestScenario(program.Case):
    def toml(self, text, *names, statuses=(2, 3)):
        path = self.file("scenario.toml", text)
        self.refused(["phy", path], names, statuses)

    def test_files_that_are_no_scenario(self):
        self.refused(["phy", "nowhere.toml"], ["nowhere.toml"], (3,))
        self.refused(["phy", self.folder], [str(self.folder)], (3,))
        self.toml("this is no toml", "scenario.toml", "line 1", statuses=(3,))
        self.toml("[link]\npmd = ", "scenario.toml", "line 2", statuses=(3,))
        self.toml(b"\x00\xff\xfe".decode("latin1"), "scenario.toml", statuses=(3,))
        self.toml("[link]\npmd = \"400GBASE-DR4\"\npmd = \"400GBASE-FR4\"\n", "scenario.toml", "pmd", statuses=(3,))

    def test_unknown_keys(self):
        self.toml("[link]\ncolour = 1\n", "colour", statuses=(2,))
        self.toml("[lnk]\npmd = 1\n", "lnk", statuses=(2,))
        self.toml("pmd = 1\n", "pmd", statuses=(2,))
        self.toml("[plant]\nlength_km = 1\n", "length_km", statuses=(2,))
        self.toml("[[events]]\nkind = \"cut\"\nlight = 1\n", "light", statuses=(2,))
        self.toml("[optic]\n", "optic", statuses=(2,))

    def test_an_empty_file_is_the_default_scenario(self):
        self.good("phy", self.file("empty.toml", ""), "--frames", 1)

    def test_wrong_types(self):
        self.toml("[link]\npmd = 400\n", "link.pmd", "400", statuses=(2,))
        self.toml("[plant]\nlength_m = \"far\"\n", "plant.length_m", "far", statuses=(2,))
        self.toml("[plant]\nlength_m = \"2 km\"\n", "plant.length_m", statuses=(2,))
        self.toml("[phy]\nprecoding = 1\n", "phy.precoding", statuses=(2,))
        self.toml("[phy]\nlane_order = 3\n", "phy.lane_order", statuses=(2,))
        self.toml("[phy]\nlane_order = [\"a\"]\n", "phy.lane_order", statuses=(2,))
        self.toml("[traffic]\nframes = 1.5\n", "traffic.frames", statuses=(2,))
        self.toml("link = 1\n", "link", statuses=(2,))
        self.toml("events = 1\n", "events", statuses=(2,))

    def test_values_out_of_range(self):
        cases = [
            ("plant", "length_m", "-5"),
            ("plant", "length_m", "1e12"),
            ("plant", "length_m", "nan"),
            ("plant", "length_m", "inf"),
            ("plant", "connectors", "-1"),
            ("errors", "ber", "0.6"),
            ("errors", "ber", "-0.1"),
            ("errors", "burst_continuation", "1.0"),
            ("phy", "tx_clock_ppm", "101"),
            ("phy", "rx_clock_ppm", "-100.5"),
            ("phy", "degrade_interval_codewords", "3"),
            ("traffic", "frame_octets", "63"),
            ("traffic", "frame_octets", "100000"),
            ("traffic", "ipg_octets", "65536"),
            ("errors", "snr_db", "-10.1"),
            ("traffic", "repeat", "0"),
            ("traffic", "frames", "-1"),
            ("run", "seed", "-1"),
            ("run", "duration_us", "-1"),
        ]
        for table, key, value in cases:
            self.toml(f"[{table}]\n{key} = {value}\n", f"{table}.{key}", "allowed", statuses=(2,))
            self.refused(["phy", "--set", f"{table}.{key}={value}"], [f"{table}.{key}"], (2,))
            self.refused(["phy", f"--{key.replace('_', '-')}={value}"], [key], (2,))

    def test_words_that_are_not_in_the_list(self):
        self.toml('[link]\npmd = "401GBASE-DR4"\n', "link.pmd", "401GBASE-DR4", "400GBASE-DR4", statuses=(2,))
        self.toml('[link]\nstructure = "3lane"\n', "link.structure", "3lane", "400g-4lane", statuses=(2,))
        self.toml('[link]\nbreakout = "8x50g"\n', "link.breakout", "8x50g", "4x100g", statuses=(2,))
        self.toml('[errors]\nmodel = "gremlins"\n', "errors.model", "gremlins", "awgn", statuses=(2,))
        self.toml('[traffic]\npacing = "fast"\n', "traffic.pacing", "fast", "back_to_back", statuses=(2,))

    def test_lists_that_do_not_fit(self):
        lanes = list(range(16))
        for order in (lanes[:15], lanes + [16], lanes[:15] + [14], lanes[:15] + [-1], [0] * 16):
            self.toml(f"[phy]\nlane_order = {order}\n", "phy.lane_order", statuses=(2,))
        self.toml("[phy]\nline_order = [0, 1, 2, 2]\n", "phy.line_order", statuses=(2,))
        self.toml("[phy]\nskew_bits = [1, 2]\n", "phy.skew_bits", "16", statuses=(2,))
        self.toml(f"[phy]\nskew_bits = {[-1] + [0] * 15}\n", "phy.skew_bits", statuses=(2,))
        self.toml(f"[phy]\nskew_bits = {[10**9] + [0] * 15}\n", "phy.skew_bits", "1000000000", statuses=(2,))
        self.toml("[errors]\nmodel = \"symbols\"\nlane_ber = [1e-4]\n", "errors.lane_ber", "4", statuses=(2,))

    def test_what_does_not_go_together(self):
        nrz = '[link]\npmd = "100GBASE-LR4"\n'
        self.toml(nrz + "[phy]\nprecoding = true\n", "phy.precoding", statuses=(2,))
        self.toml('[link]\nfec_placement = "module"\n', "link.fec_placement", statuses=(2,))
        self.toml('[link]\npmd = "100GBASE-DR"\nbreakout = "4x100g"\n', "link.breakout", statuses=(2,))
        self.toml('[errors]\nmodel = "list"\n', "errors.list", statuses=(2,))
        self.toml('[errors]\nmodel = "bursts"\nber = 1e-4\n', "errors.burst_continuation", statuses=(2,))
        self.toml('[[events]]\nkind = "cut"\nlane = 4\n', "lane", "4", statuses=(2,))
        self.toml('[[events]]\nkind = "earthquake"\n', "kind", "earthquake", statuses=(2,))
        for bits in (0, 2, -5):
            self.toml(f'[[events]]\nkind = "bit_slip"\nbits = {bits}\n', "events.bits", str(bits), statuses=(2,))
        self.toml('[traffic]\ncapture = "-"\n[link]\nduplex = true\n', "traffic.capture", statuses=(2,))
        self.toml('[traffic]\ncapture = "-"\n[link]\nbreakout = "2x200g"\n', "traffic.capture", statuses=(2,))
        model = '[errors]\nmodel = "gilbert_elliott"\n'
        self.toml(model + "good_to_bad = 0.6\nbad_to_good = 0.6\n", "errors.good_to_bad", statuses=(2,))
        limits = "degrade_activate_threshold = 0\ndegrade_deactivate_threshold = 5\n"
        self.toml("[phy]\ndegrade_enable = true\n" + limits, "phy.degrade_deactivate_threshold", statuses=(2,))
        self.refused(["phy", "--ber", "1e-4"], ["errors.ber", "errors.model"], (2,))

    def test_assignments(self):
        self.refused(["phy", "--set", "plant.length_m"], ["plant.length_m"], (2,))
        self.refused(["phy", "--set", "=5"], statuses=(2,))
        self.refused(["phy", "--set", "nothing.here=5"], ["nothing.here"], (2,))
        self.refused(["phy", "--set", "plant.length_m="], ["plant.length_m"], (2,))
        self.refused(["phy", "--set", "plant.length_m=5 km"], ["plant.length_m"], (2,))

    def test_the_printed_scenario_reads_back_the_same(self):
        for pmd in ("400GBASE-DR4", "200GBASE-FR4", "100GBASE-DR", "100GBASE-LR4"):
            first = self.good("phy", "--print-config", "--pmd", pmd, "--seed", "17").stdout
            path = self.file("printed.toml", first)
            self.assertEqual(self.good("phy", path, "--print-config").stdout, first)
            self.assertIn(pmd, first)


class TestErrorList(program.Case):
    def listed(self, text, *names):
        path = self.file("errors.txt", text)
        self.refused(["phy", "--set", "errors.model=list", "--set", f"errors.list={path}"], names, (2, 3))

    def test_lists(self):
        self.refused(["phy", "--set", "errors.model=list", "--set", "errors.list=none.txt"], ["none.txt"], (3,))
        self.listed("0\n", "errors.txt", "1")
        self.listed("0 100\nzero 5\n", "errors.txt", "2", "zero")
        self.listed("4 100\n", "errors.txt", "4")
        self.listed("0 -5\n", "errors.txt", "-5")
        self.listed("0 99999999999999999999999\n", "errors.txt")
        self.listed("0 100 =7\n", "errors.txt", "7")
        self.listed("0 100 +1 more\n", "errors.txt", "more")
        self.listed("0 100\n1 100\n\n0 100\n", "errors.txt", "line 4", "line 1", "symbol 100")
        self.good("phy", "--frames", 1, "--model", "list", "--list", self.file("none.txt", ""))


class TestCapture(program.Case):
    def capture(self, content, *names, statuses=(3,)):
        path = self.file("bad.pcap", content)
        out = self.folder / "out.pcap"
        self.refused(["phy", "--capture", path, "--out", out], ("bad.pcap", *names), statuses)

    def test_files_that_are_no_capture(self):
        self.refused(["phy", "--capture", "none.pcap"], ["none.pcap"], (3,))
        self.refused(["phy", "--capture", self.folder], [str(self.folder)], (3,))
        self.capture(b"")
        self.capture(b"\xd4\xc3")
        self.capture(b"hello, this is no capture at all", "offset 0")
        self.capture(pcap(FRAME)[:23])
        self.capture(b"\x1f\x8b\x08\x00" + bytes(100))

    def test_cut_and_broken_records(self):
        good = pcap(FRAME, FRAME)
        for length in (24 + 1, 24 + 15, 24 + 16 + 1, len(good) - 1):
            self.capture(good[:length], "offset")
        self.capture(pcap((0, 0, 0xFFFFFFFF, 60, FRAME)), "offset", "4294967295")
        self.capture(pcap((0, 0, 2**30, 2**30, FRAME)), "offset")
        self.capture(pcap(FRAME, (0, 0, 0, 0, b"")), "offset")

    def test_frames_that_no_mac_takes(self):
        self.capture(pcap(FRAME, bytes(16407)), f"offset {24 + 16 + len(FRAME)}", "16407", "16406")

    def test_times_that_picoseconds_cannot_hold(self):
        ten_years = pcap((0, 0, len(FRAME), len(FRAME), FRAME), (315360000, 0, len(FRAME), len(FRAME), FRAME))
        path = self.file("bad.pcap", ten_years)
        self.refused(["phy", "--capture", path, "--pacing", "timestamps"], ["bad.pcap: offset 100", "3650 days"], (3,))
        self.good("phy", "--capture", path)

    def test_unknown_link_types(self):
        for link_type in (0, 101, 113, 147, 65535):
            self.capture(pcap(FRAME, link_type=link_type), str(link_type))

    def test_pcapng(self):
        header = bytes.fromhex("0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000")
        self.capture(header[:20])
        self.capture(header.replace(b"\x4d\x3c\x2b\x1a", b"\x11\x22\x33\x44"))
        self.capture(header + bytes.fromhex("0600000020000000000000000000000000000000040000000400000000000000"))
        self.capture(header + bytes.fromhex("01000000ffffffff0100000000000000"))

    def test_a_failed_run_writes_no_capture_over(self):
        kept = self.file("kept.pcap", b"precious")
        bad = self.file("bad.pcap", pcap(FRAME)[:-1])
        self.refused(["phy", "--capture", bad, "--out", kept], ["bad.pcap"], (3,))
        self.assertEqual(kept.read_bytes(), b"precious")

    def test_places_where_nothing_can_be_written(self):
        self.refused(["phy", "--frames", "1", "--out", "no/such/folder/out.pcap"], ["no/such/folder"], (3,))
        self.refused(["phy", "--frames", "1", "--out", self.folder], [str(self.folder)], (2, 3))
        self.refused(["phy", "--frames", "1", "--out", "-"], ["--out"], (2,))

    def test_a_full_disk_is_an_error(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full here")
        with open("/dev/full", "w") as full:
            for arguments in (["info"], ["phy", "--print-config"]):
                done = subprocess.run([program.PROGRAM, *arguments], stdout=full, stderr=subprocess.PIPE, check=False)
                self.assertEqual(done.returncode, 3, done.stderr)
                self.assertIn(b"standard output", done.stderr)


if __name__ == "__main__":
    program.main()
