"""What is fast and what is not: `make bench` measures it and prints one table. Nothing here fails on a slow machine."""
