"""What Alembic runs: all steps in one transaction, on the engine of `database.py`."""

from __future__ import annotations

from alembic import context

from switch_bench.leaderboard.models import Base


def run() -> None:
    """Run the steps that are asked for."""
    attributes = context.config.attributes
    engine = attributes["engine"](attributes["path"])
    try:
        with engine.connect() as connection:
            context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
            with context.begin_transaction():
                context.run_migrations()
            connection.commit()
    finally:
        engine.dispose()


run()
