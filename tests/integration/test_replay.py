"""`lightlane replay`: the frame that was lost, and the symbols that did it, at the places where they must be."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import lightlane_program as program

RUN = ("--model", "symbols", "--ber", "1.3e-3", "--frames", "3000", "--seed", "5")


def place_400g(codeword, symbol, bit):
    """PCS lane, line lane and line symbol of a bit of a codeword, by 802.3 119.2.4.7 and the default multiplexing: each
    line lane takes bits of its PCS lanes a, b, c, d in the order a c b d."""
    pair, b = divmod(codeword, 2)
    k, j = divmod(symbol, 8)
    lane = 2 * j + (k + b) % 2
    n = 680 * pair + 10 * k + bit
    return lane, lane // 4, (4 * n + (0, 2, 1, 3)[lane % 4]) // 2


class TestReplay(program.Case):
    def test_every_lost_frame_has_a_cause(self):
        report = self.json("phy", *RUN, status=(1,))
        lost = [entry["frame"] for entry in report["lost_frames"]]
        self.assertGreater(len(lost), 5)
        for index in (0, 1, len(lost) - 1):
            story = self.json("replay", *RUN, "--lost", index)
            self.assertEqual(story["frame"], lost[index])
            self.assertTrue(story["lost"])
            worst = max(len(c["wrong"]) for c in story["codewords"])
            self.assertGreater(worst, 15)
            self.assertEqual(self.json("replay", *RUN, "--frame", lost[index]), story)

    def test_symbols_lie_where_the_clause_puts_them(self):
        story = self.json("replay", *RUN, "--lost", "0")
        seen = 0
        for codeword in story["codewords"]:
            for wrong in codeword["wrong"]:
                first_bit = (wrong["value"] & -wrong["value"]).bit_length() - 1
                lane, line_lane, symbol = place_400g(codeword["codeword"], wrong["symbol"], first_bit)
                got = (wrong["pcs_lane"], wrong["line_lane"], wrong["line_symbol"])
                self.assertEqual(got, (lane, line_lane, symbol))
                seen += 1
        self.assertGreater(seen, 16)

    def test_a_frame_that_was_delivered(self):
        report = self.json("phy", *RUN, status=(1,))
        lost = {entry["frame"] for entry in report["lost_frames"]}
        frame = next(number for number in range(3000) if number not in lost)
        self.assertFalse(self.json("replay", *RUN, "--frame", frame)["lost"])

    def test_errors_from_a_file_come_back(self):
        """Forty wrong symbols of line lane 1, from a file, are counted on that lane and on its PCS lanes."""
        first = 2_100_000 * 3
        errors = "".join(f"1 {first + 40 * i}\n" for i in range(40))
        path = self.file("errors.txt", errors)
        run = ("--set=errors.model=list", f"--set=errors.list={path}", "--frames", "4000")
        report = self.json("phy", *run, status=(0, 1))
        hit = [lane["symbol_errors"] for lane in report["lanes"]]
        self.assertEqual(hit, [0, 40, 0, 0])
        self.assertEqual(sum(report["fec"]["lane_symbol_errors"][4:8]), report["fec"]["corrected_symbols"])

    def test_bad_values(self):
        self.refused(["replay", "--frames", "10", "--lost", "0"], ["--lost", "no frame is lost"], statuses=(2, 3))
        self.refused(["replay", "--frames", "10", "--frame", "10"], ["--frame", "10", "9"], statuses=(2, 3))
        self.refused(["replay", "--frames", "10", "--frame", "1", "--lost", "1"], ["--lost"], statuses=(2,))


if __name__ == "__main__":
    program.main()
