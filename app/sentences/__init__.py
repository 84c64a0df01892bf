"""What numbers say in words: sentences about answers, one module a topic."""
