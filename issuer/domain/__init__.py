"""What a letter office is: frozen values and pure functions.

Invariant: nothing in this package reads a clock, draws a random number, opens a
file or imports anything but the standard library.
"""
