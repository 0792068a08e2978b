"""Seeded random requests for `lightlane vector`: traffic with every block type, and lanes with skew and errors."""

import phy_model as phy

RATES = [(400, None), (200, None), (100, "kp4"), (100, "kr4"), (100, "none")]


def _hex(octets):
    return bytes(octets).hex()


def _data(rng):
    return [_hex(rng.randbytes(8)), "00000000"]


def _idle(rng):
    return [_hex([phy.IDLE] * 8), "11111111"]


def _low_power_idle(rng):
    return [_hex([phy.LPI] * 8), "11111111"]


def _mixed_idle(rng):
    return [_hex([rng.choice((phy.IDLE, phy.LPI)) for _ in range(8)]), "11111111"]


def _error(rng):
    return [_hex([phy.ERROR] * 8), "11111111"]


def _ordered_set(rng):
    code = rng.choice([[0, 0, 1], [0, 0, 2], [0, 0, 3], list(rng.randbytes(3))])
    return [_hex([rng.choice((phy.SEQUENCE, phy.SIGNAL))] + code + [0] * 4), "10000000"]


def _start(rng):
    return [_hex([phy.START] + list(rng.randbytes(7))), "10000000"]


def _terminate(rng, place=None):
    t = rng.randrange(8) if place is None else place
    fill = rng.choice(([phy.IDLE], [phy.LPI], [phy.IDLE, phy.LPI, phy.ERROR]))
    octets = list(rng.randbytes(t)) + [phy.TERMINATE] + [rng.choice(fill) for _ in range(7 - t)]
    return [_hex(octets), "0" * t + "1" * (8 - t)]


def _invalid(rng):
    """Words that no block type fits, or nearly one that does."""
    kind = rng.randrange(7)
    if kind == 0:  # anything
        return [_hex(rng.randbytes(8)), format(rng.randrange(1, 256), "08b")]
    if kind == 1:  # start or ordered set in lane 4, as only 10G has it
        octets = [phy.IDLE] * 4 + [rng.choice((phy.START, phy.SEQUENCE))] + list(rng.randbytes(3))
        return [_hex(octets), "11111000"]
    if kind == 2:  # an unknown or reserved control octet among idles
        octets = [phy.IDLE] * 8
        octets[rng.randrange(8)] = rng.choice((0x1C, 0x3C, 0x7C, 0xBC, 0xDC, 0xF7, 0x00, 0xFE, 0xFD, 0xFB, 0x9C, 0x5C))
        return [_hex(octets), "11111111"]
    if kind == 3:  # ordered set whose second half is not zero
        octets = [phy.SEQUENCE, 0, 0, 1, 0, 0, 0, 0]
        octets[rng.randrange(4, 8)] = rng.randrange(1, 256)
        return [_hex(octets), "10000000"]
    if kind == 4:  # terminate with something behind that is no control
        t = rng.randrange(7)
        octets = list(rng.randbytes(t)) + [phy.TERMINATE] + [phy.IDLE] * (7 - t)
        octets[rng.randrange(t + 1, 8)] = rng.choice((0x00, phy.TERMINATE, phy.START, phy.SEQUENCE, 0x1C))
        return [_hex(octets), "0" * t + "1" * (8 - t)]
    if kind == 5:  # the right octets with the wrong flags
        word = rng.choice((_start, _terminate, _ordered_set, _idle))(rng)
        flags = list(word[1])
        flip = rng.randrange(8)
        flags[flip] = "1" if flags[flip] == "0" else "0"
        return [word[0], "".join(flags)]
    octets = list(rng.randbytes(8))  # an error inside data
    flip = rng.randrange(8)
    octets[flip] = phy.ERROR
    return [_hex(octets), "".join("1" if i == flip else "0" for i in range(8))]


def random_words(rng, count):
    """Legal traffic most of the time, and everything else in every order."""
    words = []
    while len(words) < count:
        kind = rng.randrange(20)
        if kind < 11:  # a frame
            if kind < 9:
                words += [_idle(rng) for _ in range(rng.choice((0, 0, 1, 2)))]
            words.append(_start(rng))
            words += [_data(rng) for _ in range(rng.randrange(0, 12))]
            if kind == 0:
                words.append(_error(rng))
            words.append(_terminate(rng))
        elif kind < 15:
            make = rng.choice((_idle, _low_power_idle, _mixed_idle, _ordered_set))
            words += [make(rng) for _ in range(rng.randrange(1, 5))]
        elif kind < 18:
            words.append(_invalid(rng))
        else:
            make = rng.choice((_data, _error, _start, _terminate, _idle))
            words += [make(rng) for _ in range(rng.randrange(1, 4))]
    return words[:count]


def word_count(rate, code, units):
    """Words that fill `units` codeword pairs (200G, 400G), codewords (KP4, KR4) or rounds of 20 lanes."""
    if rate == 400:
        return 128 + 160 * (units - 1)
    if rate == 200:
        return 144 + 160 * (units - 1)
    return 20 * units if code == "none" else 60 + 80 * (units - 1)


def random_request(rng, rate, code, units, words=None):
    request = {"version": 1, "rate": rate}
    if code:
        request["code"] = code
    request["S"] = format(rng.getrandbits(58), "015x")
    if rate != 100:
        request["P"] = format(rng.randrange(1, 512), "09b")
        request["status"] = format(rng.randrange(8), "03b")
    request["words"] = words or random_words(rng, word_count(rate, code, units))
    return request


LANE_RATE_GBPS = {(400, None): 26.5625, (200, None): 26.5625, (100, "kp4"): 26.5625, (100, "kr4"): 25.78125,
                  (100, "none"): 5.15625}


MARKER_BITS = {(400, None): 120, (200, None): 120, (100, "kp4"): 322, (100, "kr4"): 322, (100, "none"): 66}


def disturb(rng, rate, code, lanes, *, permute=True, skew_ns=179.0, errors=0):
    """Lanes (lists of bits) as a receiver may see them: in any order, late by up to skew_ns, random bits before, and
    `errors` random bits wrong, none of them in a marker."""
    lanes = [list(lane) for lane in lanes]
    for _ in range(errors):
        lane = rng.choice(lanes)
        lane[rng.randrange(MARKER_BITS[rate, code], len(lane))] ^= 1
    if permute:
        rng.shuffle(lanes)
    limit = int(skew_ns * LANE_RATE_GBPS[rate, code])
    common = rng.randrange(300)
    skews = [common + rng.randrange(limit + 1) for _ in lanes]
    return [[rng.randrange(2) for _ in range(skew)] + lane for skew, lane in zip(skews, lanes)]
