"""Flask, thin: parse, one service call, one template. One blueprint per audience."""
