"""Links: how a lab's query is declared once, read from an address, and printed again."""
