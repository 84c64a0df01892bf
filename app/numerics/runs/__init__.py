"""What a run is, the ways to execute runs, and what became of them."""
