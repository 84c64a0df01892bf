"""The web: API, pages, static files. It calls labs and numerics, never the other way round."""
