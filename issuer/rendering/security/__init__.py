"""Security printing: patterns of hairlines that belong to one letter.

Invariant: everything follows from the letter's record and code; no pattern is secret.
They make a copy or an edit visible. The proof is the signature, never the pattern.
"""
