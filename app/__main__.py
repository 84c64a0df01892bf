"""`python -m app`: serve the laboratory."""

import uvicorn

from app.settings import Settings


def main() -> None:
    """Start the server that the settings ask for."""
    settings = Settings()
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=settings.host,
        port=settings.port,
        reload=settings.reload,
        reload_dirs=["app", "templates"] if settings.reload else None,
        # Each process has threads, programs and facts of its own; what is compiled is shared on disk.
        workers=None if settings.reload else settings.workers,
        root_path=settings.root_path,
        access_log=False,
        server_header=False,
    )


if __name__ == "__main__":
    main()
