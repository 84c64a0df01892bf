"""Descent Lab: optimization on loss surfaces, shown step by step."""
