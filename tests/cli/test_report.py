"""`--report`: a self-contained HTML page with the figures of the JSON, written whole or not at all."""

import base64
import html.parser
import math
import os
import pathlib
import re
import shlex
import struct
import sys
import tempfile
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import lightlane_program as program

STRESSED = ["phy", "--model", "symbols", "--ber", "1.2e-3", "--frames", "3000"]
VOID = {"meta", "link", "br", "hr", "img", "input"}
PICTURE = r"data:image/png;base64,([A-Za-z0-9+/]+=*)"


class Page(html.parser.HTMLParser):
    """Elements in balance, texts by element, attributes; the TOML of the scenario apart."""

    def __init__(self, text):
        super().__init__()
        self.open, self.text, self.attributes, self.tags, self.problems = [], "", [], [], []
        self.rows, self.scenario = [], ""
        self.feed(text)
        self.close()
        if self.open:
            self.problems.append(f"never closed: {self.open}")

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> at {self.getpos()} closes nothing")

    def handle_data(self, data):
        if "style" in self.open:
            return
        if "pre" in self.open:
            self.scenario += data
            return
        self.text += data + " "
        if self.rows and ("td" in self.open or "th" in self.open):
            self.rows[-1][-1] += data


def ratio(value):
    return "0" if value == 0 else f"{value:.2e}"


def pixels(octets):
    """Width, height, rows of palette indices and the palette of a PNG, its checksums verified."""
    assert octets[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = {}, 8
    while at < len(octets):
        (length,) = struct.unpack(">I", octets[at : at + 4])
        covered = octets[at + 4 : at + 8 + length]
        assert struct.unpack(">I", octets[at + 8 + length : at + 12 + length]) == (zlib.crc32(covered),)
        chunks[covered[:4]] = covered[4:]
        at += 12 + length
    assert list(chunks) == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    width, height, *form = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert form == [8, 3, 0, 0, 0]
    raw = zlib.decompress(chunks[b"IDAT"])
    assert len(raw) == height * (width + 1)
    rows = [raw[r * (width + 1) : (r + 1) * (width + 1)] for r in range(height)]
    assert all(row[0] == 0 for row in rows)
    return width, height, [row[1:] for row in rows], chunks[b"PLTE"]


class ReportCase(program.Case):
    def report(self, *arguments, status=(0,)):
        """The page and the JSON of the same run; the page is checked for what every page must be."""
        facts = self.json(*arguments, "--report", "report.html", status=status)
        text = (self.folder / "report.html").read_text(encoding="utf-8")
        self.assertEqual(os.listdir(self.folder), ["report.html"])
        page = Page(text)
        self.assertEqual(page.problems, [])
        self.assertTrue(text.startswith("<!DOCTYPE html>"))
        for tag in ("script", "link", "img", "iframe", "object", "base", "use", "a"):
            self.assertNotIn(tag, page.tags)
        self.assertLess(len(text), 1 << 21)
        for picture in re.findall(PICTURE, text):
            pixels(base64.b64decode(picture, validate=True))
        without = re.sub(PICTURE, "", text)
        for outside in ("http", "src=", "@import", "url(", "//"):
            self.assertNotIn(outside, without)
        for name, value in page.attributes:
            self.assertFalse(name.startswith("on"), name)
            if name.endswith("href"):
                self.assertRegex(value, f"^{PICTURE}$")
            self.assertNotIn("nan", (value or "").split(), f"{name}={value}")
        for bad in ("nan", "inf", "-nan"):
            self.assertNotRegex(text, rf'="[^"]*\b{bad}\b[^"]*"')
        return page, facts

    def assert_facts(self, page, facts):
        """Frames, lanes and FEC of one direction stand on the page."""
        frames = facts["frames"]
        for key in ("sent", "delivered", "lost"):
            self.assertIn([key, f"{frames[key]:,}"], page.rows)
        self.assertIn(["loss ratio", ratio(frames["loss_ratio"])], page.rows)
        self.assertIn(["95 % interval", " to ".join(map(ratio, frames["loss_ratio_interval"]))], page.rows)
        predicted = frames["loss_ratio_predicted"]
        self.assertIn(["loss ratio predicted", "no prediction" if predicted is None else ratio(predicted)], page.rows)
        for lane in facts["lanes"]:
            row = [str(lane["lane"])] + [f"{lane[key]:,}" for key in ("symbols", "symbol_errors", "bit_errors")]
            row += [ratio(lane["pre_fec_ber"]), " to ".join(map(ratio, lane["pre_fec_ber_interval"]))]
            self.assertIn(row + [ratio(lane["pre_fec_ber_expected"])], page.rows)
        for lane in facts["receiver"]["pcs_lanes"]:
            pcs_lane = "not locked" if lane["pcs_lane"] < 0 else str(lane["pcs_lane"])
            row = [str(lane["received"]), pcs_lane, f"{lane['skew_bits']:,}", f"{lane['skew_ns']:.2f}"]
            row += [f"{lane[key]:,}" for key in ("marker_errors", "losses", "fec_symbol_errors", "bip_errors")]
            self.assertIn(row, page.rows)
        fec = facts["fec"]
        if fec is None:
            self.assertIn("no FEC", page.text)
            return
        for name, value in (
            ("corrected_blocks", f"{fec['corrected']:,}"),
            ("uncorrectable_blocks", f"{fec['uncorrectable']:,}"),
            ("corrected_bits", f"{fec['corrected_bits']:,}"),
            ("codeword error ratio", ratio(fec["codeword_error_ratio"])),
        ):
            self.assertIn([name, value], [row[:2] for row in page.rows])
        for i, (count, share) in enumerate(zip(fec["bins"], fec["bins_predicted"])):
            self.assertIn([str(i), f"{count:,}", f"{share * fec['codewords']:.1f}"], page.rows)

class TestReport(ReportCase):
    def test_a_stressed_phy(self):
        page, facts = self.report(*STRESSED, status=(1,))
        self.assert_facts(page, facts)
        self.assertIn("FAIL", page.text)
        self.assertIn("KP4 limit 2.4e-4", page.text)
        self.assertNotIn("Limits of the standard", page.text)
        self.assertIn("seed 1", page.text)
        self.assertIn("uncorr.", page.text)

    def test_without_fec_and_with_kr4(self):
        page, facts = self.report("phy", "--pmd", "100GBASE-LR4", "--frames", "100")
        self.assert_facts(page, facts)
        self.assertNotIn("limit", page.text)
        page, facts = self.report("phy", "--pmd", "100GBASE-SR4", "--model", "symbols", "--ber", "5e-5")
        self.assert_facts(page, facts)
        self.assertIn("KR4 limit 5e-5", page.text)
        for light in ("Margin", "Transmitters", "Receivers", "Power of a module"):
            self.assertNotIn(light, page.text)

    def test_extremes(self):
        """Nothing sent, hopeless errors, a dark lane: still a page."""
        self.report("phy", "--frames", "0")
        self.report("phy", "--frames", "20", "--model", "symbols", "--ber", "0.3", status=(1,))
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "cut.toml").write_text('[[events]]\nkind = "cut"\nlane = 2\ntime_us = 115\n')
        page, _ = self.report("phy", folder / "cut.toml", status=(1,))
        self.assertIn("not aligned", page.text)
        self.assertIn(["align_status", "NO"], page.rows)
        self.assertIn('kind = "cut"', page.scenario)

    def test_a_breakout_and_a_duplex_link(self):
        page, facts = self.report("phy", "--breakout", "4x100g", "--duplex", "--model", "symbols", "--ber", "2e-4")
        for port in facts["ports"]:
            self.assert_facts(page, port)
            self.assert_facts(page, port["reverse"])
            for direction in ("forward", "reverse"):
                self.assertIn(f"Port {port['port']}, {direction}", page.text)
        self.assertEqual(page.tags.count("details"), 8 + 1)

    def test_the_scenario_reads_back(self):
        page, _ = self.report("phy", "--pmd", "200GBASE-FR4", "--seed", "17")
        path = self.file("again.toml", page.scenario)
        self.assertEqual(self.good("phy", path, "--print-config").stdout, page.scenario)

    def test_texts_are_escaped(self):
        capture = self.folder / "a<b>&\"'.pcap"
        capture.write_bytes(program.pcap(bytes(range(60))))
        self.good("phy", "--capture", capture.name, "--report", "report.html")
        text = (self.folder / "report.html").read_text()
        page = Page(text)
        self.assertEqual(page.problems, [])
        self.assertIn("a&lt;b&gt;&amp;", text)
        self.assertNotIn("<b>&", text)
        self.assertIn(capture.name, page.text)


class TestCharts(ReportCase):
    def svg(self, label):
        text = (self.folder / "report.html").read_text(encoding="utf-8")
        return re.search(rf'<svg [^>]*aria-label="{label}">(.*?)</svg>', text, re.DOTALL)[1]

    def test_bars_are_as_high_as_their_logarithm(self):
        _, facts = self.report(*STRESSED, status=(1,))
        drawn = re.findall(r'height="([\d.]+)" class="(bar|bad)"', self.svg("Codewords by corrected symbols"))
        counts = [count for count in facts["fec"]["bins"] + [facts["fec"]["uncorrectable"]] if count > 0]
        self.assertEqual(len(drawn), len(counts))
        self.assertEqual([kind for _, kind in drawn].count("bad"), 1)
        unit = float(drawn[0][0]) / math.log10(10 * counts[0])
        for (height, _), count in zip(drawn, counts):
            self.assertAlmostEqual(float(height), unit * math.log10(10 * count), delta=0.3)

    def test_dots_and_marks_lie_on_one_logarithmic_axis(self):
        _, facts = self.report("phy", "--lane-ber", "1e-5,1e-4,1e-3,0", "--model", "symbols", "--frames", "3000", status=(0, 1))
        svg = self.svg("pre-FEC bit error ratio of each lane")
        places = [(float(x), facts["lanes"][i]["pre_fec_ber"]) for i, x in enumerate(re.findall(r'<circle cx="([\d.]+)"', svg))]
        self.assertEqual(len(places), 3)
        marks = re.findall(r'<line x1="([\d.]+)"[^>]* class="mark"', svg)
        places += [(float(x), ber) for x, ber in zip(marks, (1e-5, 1e-4, 1e-3))]
        places.append((float(re.search(r'<line x1="([\d.]+)"[^>]* class="limit"', svg)[1]), 2.4e-4))
        places.sort()
        (x0, y0), (x1, y1) = places[0], places[-1]
        for x, ber in places:
            self.assertAlmostEqual(math.log(ber / y0) / math.log(y1 / y0), (x - x0) / (x1 - x0), delta=0.002)

    def test_what_went_wrong_is_set_off(self):
        for ber, status, wanted in (("1.2e-3", 1, True), ("1e-5", 0, False)):
            self.report("phy", "--model", "symbols", "--ber", ber, "--frames", "3000", status=(status,))
            text = (self.folder / "report.html").read_text(encoding="utf-8")
            self.assertEqual('<tr class="alarm"><td class="text">lost' in text, wanted)
            self.assertEqual('<div class="alarm">' in text, wanted)


class TestLostFrames(ReportCase):
    def commands(self, page):
        return [row[-1] for row in page.rows if row and row[-1].startswith("lightlane replay")]

    def explained(self, command):
        return self.json(*shlex.split(command)[1:])

    def test_each_has_the_command_that_explains_it(self):
        page, facts = self.report(*STRESSED, "--seed", "3", status=(1,))
        commands = self.commands(page)
        self.assertEqual(len(commands), min(50, facts["frames"]["lost"]))
        for command, lost in list(zip(commands, facts["lost_frames"]))[:3]:
            answer = self.explained(command)
            self.assertEqual((answer["frame"], answer["lost"], answer["word"]), (lost["frame"], True, lost["word"]))

    @program.costly
    def test_of_a_link_with_odd_words(self):
        scenario = self.file("it's a link.toml", "[plant]\nstress_ber = 1.3e-3\n")
        done = self.good("link", scenario.name, "--repeat", "10", "--set", "run.measure=false", "--report", "r.html", "--format", "json", status=(1,))
        self.assertIn('"verdict": "fail"', done.stdout)
        command = self.commands(Page((self.folder / "r.html").read_text()))[0]
        self.assertIn("--light", command)
        self.assertTrue(self.explained(command)["lost"])

    def test_of_a_port(self):
        page, facts = self.report("phy", "--breakout", "2x200g", "--model", "symbols", "--ber", "1.4e-3", status=(1,))
        command = next(c for c in self.commands(page) if "--port 1" in c)
        self.assertTrue(self.explained(command)["lost"])
        self.assertEqual(self.explained(command)["frame"], facts["ports"][1]["lost_frames"][0]["frame"])

    def test_no_more_than_fifty(self):
        page, facts = self.report("phy", "--model", "symbols", "--ber", "5e-3", status=(1,))
        self.assertGreater(facts["frames"]["lost"], 50)
        self.assertEqual(len(self.commands(page)), 50)
        self.assertIn(f"the first 50 of {facts['frames']['lost']:,}", page.text)

    def test_where_no_replay_can_follow(self):
        page, _ = self.report(*STRESSED, "--duplex", status=(1,))
        self.assertEqual(self.commands(page), [])
        self.assertIn("No lightlane replay here", page.text)


class TestWriting(program.Case):
    def test_bad_input_writes_nothing(self):
        kept = self.file("kept.html", "precious")
        bad = self.file("bad.pcap", program.pcap(bytes(60))[:-1])
        self.refused(["phy", "--ber", "2", "--report", kept], ["ber"], (2,))
        self.refused(["phy", "--capture", bad, "--report", kept], ["bad.pcap"], (3,))
        self.refused(["phy", "--capture", bad, "--report", "new.html"], ["bad.pcap"], (3,))
        self.refused(["link", "nowhere.toml", "--report", kept], ["nowhere.toml"], (3,))
        self.assertEqual(kept.read_text(), "precious")

    def test_places_where_nothing_can_be_written(self):
        self.refused(["phy", "--report", "no/such/folder/r.html"], ["no/such/folder"], (3,))
        self.refused(["phy", "--report", self.folder], [str(self.folder)], (3,))
        self.refused(["phy", "--report", "-"], ["--report"], (2,))

    def test_an_old_page_is_replaced(self):
        kept = self.file("kept.html", "old")
        self.good("phy", "--report", kept)
        self.assertTrue(kept.read_text().endswith("</html>\n"))

    def test_print_config_writes_no_page(self):
        self.good("phy", "--report", "r.html", "--print-config")
        self.assertEqual(os.listdir(self.folder), [])

    def test_the_answer_is_the_same_with_a_page(self):
        with_page = self.json("phy", "--report", "r.html")
        without = self.json("phy")
        del with_page["time"], without["time"]
        self.assertEqual(with_page, without)


if __name__ == "__main__":
    program.main()
