"""What labs ask besides runs: critical points, escapes from saddles, averages, searches."""
