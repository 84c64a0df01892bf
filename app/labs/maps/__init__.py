"""Maps: what becomes of a run over two of its numbers, every pixel a run of its own."""
