"""Wireshark's tools read what we write, and we read what they write. Skipped where they are not installed.

The capture goes through both halves of the MAC (mac_loop), so that tshark checks our FCS too.
"""

import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import lightlane_program as program

MAC_LOOP = os.environ.get("MAC_LOOP", "mac_loop")
CAPTURE = program.ROOT / "data" / "captures" / "two-hosts.pcapng"
TOOLS = ["tshark", "editcap", "mergecap", "capinfos"]
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None]


def output_of(*arguments):
    done = subprocess.run([str(a) for a in arguments], capture_output=True, check=True, timeout=120)
    return done.stdout


def frames_of(path, directory):
    """(time in ns, octets) of every frame, by way of editcap and the plainest of formats."""
    plain = directory / "plain.pcap"
    output_of("editcap", "-F", "nsecpcap", path, plain)
    data = plain.read_bytes()
    magic, *_, link = struct.unpack_from("<IHHIIII", data)
    assert magic == 0xA1B23C4D and link & 0xFFFF == 1, hex(magic)
    frames, at = [], 24
    while at < len(data):
        seconds, nanoseconds, captured, original = struct.unpack_from("<IIII", data, at)
        assert captured == original
        frames.append((seconds * 10**9 + nanoseconds, data[at + 16 : at + 16 + captured]))
        at += 16 + captured
    return frames


@unittest.skipIf(MISSING, f"not installed: {', '.join(MISSING)}")
class TestCaptureTshark(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def loop(self, source, target, *options):
        return json.loads(output_of(MAC_LOOP, source, target, *options))

    def refused(self, source):
        target = self.folder / "refused.pcapng"
        done = subprocess.run([MAC_LOOP, source, target], capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertFalse(list(self.folder.glob("refused*")), "a refused capture left a file")
        return done.stderr

    def fields(self, path, *names, options=()):
        arguments = [part for name in names for part in ("-e", name)]
        text = output_of("tshark", "-r", path, *options, "-T", "fields", *arguments).decode()
        return [line.split("\t") for line in text.splitlines()]

    def test_tshark_reads_every_format(self):
        expected = frames_of(CAPTURE, self.folder)
        self.assertGreater(len(expected), 100)
        for name, options, step in [
            ("ns.pcapng", [], 1),
            ("us.pcapng", ["--us"], 1000),
            ("ns.pcap", [], 1),
            ("us.pcap", ["--us"], 1000),
        ]:
            with self.subTest(name):
                target = self.folder / name
                self.loop(CAPTURE, target, *options)
                got = frames_of(target, self.folder)
                self.assertEqual(len(got), len(expected))
                for (time, octets), (sent_time, sent) in zip(got, expected):
                    self.assertEqual(octets, sent.ljust(60, b"\0"))
                    self.assertEqual(time, sent_time // step * step)

    def test_capinfos_names_format_and_resolution(self):
        for name, options, kind, precision in [
            ("a.pcapng", [], "pcapng", "nanoseconds"),
            ("b.pcapng", ["--us"], "pcapng", "microseconds"),
            ("c.pcap", [], "nanosecond pcap", "nanoseconds"),
            ("d.pcap", ["--us"], "tcpdump/... - pcap", "microseconds"),
        ]:
            with self.subTest(name):
                self.loop(CAPTURE, self.folder / name, *options)
                facts = dict(
                    line.split(":", 1) for line in output_of("capinfos", self.folder / name).decode().splitlines() if ":" in line
                )
                self.assertIn(kind, facts["File type"])
                self.assertIn(precision, facts["File timestamp precision"])
                self.assertEqual(facts["File encapsulation"].strip(), "Ethernet")

    def test_tshark_finds_our_fcs_right_and_the_damaged_wrong(self):
        target = self.folder / "fcs.pcapng"
        report = self.loop(CAPTURE, target, "--keep-fcs", "--damage", "7", "--damage", "100")
        self.assertEqual(report["fcs_errors"], 2)
        rows = self.fields(
            target, "eth.fcs.status", "frame.packet_flags_crc_error", options=["-o", "eth.check_fcs:TRUE"]
        )
        self.assertEqual(len(rows), report["frames"])
        for number, (status, crc_error) in enumerate(rows):
            damaged = number in (7, 100)
            self.assertEqual(status, "0" if damaged else "1", f"frame {number}")
            self.assertEqual(crc_error in ("1", "True"), damaged, f"frame {number}")

    def test_nothing_is_malformed(self):
        target = self.folder / "a.pcapng"
        self.loop(CAPTURE, target)
        self.assertEqual(output_of("tshark", "-r", target, "-Y", "_ws.malformed"), b"")

    def test_we_read_what_the_tools_write(self):
        expected = [octets.ljust(60, b"\0") for _, octets in frames_of(CAPTURE, self.folder)]
        for kind in ("pcap", "nsecpcap", "pcapng"):
            with self.subTest(kind):
                source, target = self.folder / f"from.{kind}", self.folder / f"to-{kind}.pcapng"
                output_of("editcap", "-F", kind, CAPTURE, source)
                self.loop(source, target)
                self.assertEqual([octets for _, octets in frames_of(target, self.folder)], expected)

    def test_we_read_merged_captures_of_several_interfaces(self):
        source, target = self.folder / "merged.pcapng", self.folder / "to.pcapng"
        output_of("mergecap", "-I", "none", "-w", source, CAPTURE, CAPTURE)
        report = self.loop(source, target)
        self.assertEqual(report["frames"], 2 * len(frames_of(CAPTURE, self.folder)))

    def test_cut_frames_are_counted(self):
        source = self.folder / "cut.pcapng"
        output_of("editcap", "-s", "100", CAPTURE, source)
        lengths = [len(octets) for _, octets in frames_of(CAPTURE, self.folder)]
        report = self.loop(source, self.folder / "to.pcapng")
        self.assertEqual(report["cut_frames"], sum(length > 100 for length in lengths))
        self.assertEqual(report["frames"], sum(length <= 100 for length in lengths))

    def test_other_link_types_and_formats_are_refused(self):
        cooked = self.folder / "cooked.pcapng"
        output_of("editcap", "-T", "linux-sll", CAPTURE, cooked)
        self.assertIn("link type 113 (Linux cooked capture); allowed: 1 (Ethernet)", self.refused(cooked))
        modified = self.folder / "modified.pcap"
        output_of("editcap", "-F", "modpcap", CAPTURE, modified)
        self.assertIn("modified pcap", self.refused(modified))
        cut = self.folder / "cut.pcapng"
        cut.write_bytes(CAPTURE.read_bytes()[:-10])
        self.assertIn("ends inside a packet block", self.refused(cut))


if __name__ == "__main__":
    program.main()
