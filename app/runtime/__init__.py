"""Where computations run: at once or in blocks, which programs are compiled, and what is kept of the answers."""
