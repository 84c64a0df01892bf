"""What labs with a race share: the keys of its runs, the runs themselves, and the answer."""
