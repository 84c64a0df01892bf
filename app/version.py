"""The version of the app, which answers carry and caches depend on."""

VERSION = "0.1.0"
