"""Work outside a request: messages to addresses outside, and the loop that sends them."""
