"""Numbers as sentences print them."""

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
DIGITS = 3
MOST_DIGITS = 17  # tell any two floating-point numbers apart


def short(value: float, digits: int = DIGITS) -> str:
    """Print a number to a few digits: 0.0812, 16.4, 2.57·10⁵."""
    mantissa, e, exponent = f"{value:.{digits}g}".partition("e")
    return f"{mantissa}·10{str(int(exponent)).translate(SUPERSCRIPTS)}" if e else mantissa


def apart(first: float, second: float) -> tuple[str, str]:
    """Print two numbers to as few digits as tell them apart, where they differ."""
    digits = DIGITS
    while first != second and digits < MOST_DIGITS and short(first, digits) == short(second, digits):
        digits += 1
    return short(first, digits), short(second, digits)
