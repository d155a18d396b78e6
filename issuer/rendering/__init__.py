"""From a letter's record to the page: the same record gives the same bytes."""
