"""Golden model, the Reed-Solomon codes of Ethernet by plain polynomial arithmetic over GF(2^10) (IEEE 802.3 91.5.2.7).

A codeword is a list of 514 + parity symbols, highest order first: first in time.
"""

FIELD = 0x409  # x^10 + x^3 + 1
EXP, LOG = [0] * 2046, [0] * 1024


def _fill_tables():
    value = 1
    for power in range(1023):
        EXP[power] = EXP[power + 1023] = value
        LOG[value] = power
        value <<= 1
        if value & 1024:
            value ^= FIELD


_fill_tables()


def multiply(a, b):
    return EXP[LOG[a] + LOG[b]] if a and b else 0


def divide(a, b):
    return EXP[LOG[a] - LOG[b] + 1023] if a else 0


# A polynomial is a list of coefficients, lowest power first.


def poly_multiply(a, b):
    out = [0] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            out[i + j] ^= multiply(x, y)
    return out


def poly_trim(a):
    while a and a[-1] == 0:
        a = a[:-1]
    return a


def poly_divide(a, b):
    """Quotient and remainder."""
    a, quotient = list(a), [0] * max(len(a) - len(b) + 1, 0)
    for i in range(len(a) - len(b), -1, -1):
        quotient[i] = factor = divide(a[i + len(b) - 1], b[-1])
        if factor:
            for j, y in enumerate(b):
                a[i + j] ^= multiply(factor, y)
    return poly_trim(quotient), poly_trim(a[: len(b) - 1])


def poly_add(a, b):
    long, short = (a, b) if len(a) >= len(b) else (b, a)
    return poly_trim([x ^ (short[i] if i < len(short) else 0) for i, x in enumerate(long)])


def poly_value(a, x):
    value = 0
    for coefficient in reversed(a):
        value = multiply(value, x) ^ coefficient
    return value


def generator(parity):
    g = [1]
    for j in range(parity):
        g = poly_multiply(g, [EXP[j], 1])
    return g


CODES = {"kp4": 544, "kr4": 528}
GENERATORS = {n: generator(n - 514) for n in CODES.values()}


def rs_encode(message, n):
    """514 symbols, highest order first, to n: the message, then the remainder of message(x) x^(n-514) / g(x)."""
    parity = n - 514
    _, remainder = poly_divide([0] * parity + message[::-1], GENERATORS[n])
    remainder = remainder + [0] * (parity - len(remainder))
    return message + remainder[::-1]


def rs_decode(word, n):
    """n symbols, highest order first. Returns (symbols, number corrected), or (word, -1) when no codeword lies within t.
    Sugiyama's decoder: Euclid's algorithm on x^2t and the syndrome polynomial."""
    parity = n - 514
    t = parity // 2
    coefficients = word[::-1]
    syndromes = [poly_value(coefficients, EXP[j]) for j in range(parity)]
    if not any(syndromes):
        return list(word), 0
    above, below = [0] * parity + [1], poly_trim(syndromes)
    v_above, v_below = [], [1]
    while len(below) > t:  # until the degree is below t
        quotient, remainder = poly_divide(above, below)
        above, below = below, remainder
        v_above, v_below = v_below, poly_add(v_above, poly_multiply(quotient, v_below))
    locator, evaluator = poly_trim(v_below), below
    if not locator or locator[0] == 0:
        return list(word), -1
    derivative = [c if i % 2 == 0 else 0 for i, c in enumerate(locator[1:])]
    errors = {}
    for position in range(n):
        inverse = EXP[(1023 - position) % 1023]
        if poly_value(locator, inverse) == 0:
            slope = poly_value(derivative, inverse)
            if slope == 0:
                return list(word), -1
            # First root alpha^0: the error value carries one factor X = alpha^position.
            value = multiply(EXP[position], divide(poly_value(evaluator, inverse), slope))
            errors[position] = value
    if len(errors) != len(locator) - 1 or len(errors) > t:
        return list(word), -1
    for position, value in errors.items():
        coefficients[position] ^= value
    if any(poly_value(coefficients, EXP[j]) for j in range(parity)):
        return list(word), -1
    return coefficients[::-1], len(errors)
