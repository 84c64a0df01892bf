"""Settings from the environment, each with a default that is safe on a school's machine."""

import os

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read from variables of the same name in capitals, such as PORT."""

    model_config = SettingsConfigDict(frozen=True)

    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8000, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    reload: bool = Field(default=False, description="for development: restart on changes, do not cache static files")
    workers: int = Field(default=1, ge=1, le=64, description="processes that share the port, each with its own memory")
    compute_threads: int = Field(default=os.cpu_count() or 1, ge=1, description="computations at the same time")
    compute_queue: int = Field(default=64, ge=1, description="computations that may wait before requests are refused")
    map_threads: int = Field(default=os.cpu_count() or 1, ge=1, description="blocks of maps computed at the same time")
    map_queue: int = Field(default=16, ge=1, description="maps being computed before requests are refused")
    map_megabytes: int = Field(default=32, ge=0, description="memory for finished maps")
    devices: int = Field(default=1, ge=1, le=64, description="devices that JAX simulates, to share a map among")
    compilation_cache: str = Field(
        default="auto",
        description="folder in which compiled programs are kept for the next start; auto: the user's cache; off: none",
    )
    root_path: str = Field(default="", description="path under which a proxy serves the app")
