"""Numbers on paper, for a day on which the network is down."""
