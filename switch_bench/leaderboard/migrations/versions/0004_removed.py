"""Since when a submission's files are removed, and which workers were seen when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the table."""
    op.add_column("submissions", sa.Column("removed", sa.Double(), nullable=True))
    op.create_table(
        "workers",
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("seen", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("owner", name="pk_workers"),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("workers")
    with op.batch_alter_table("submissions") as table:
        table.drop_column("removed")
