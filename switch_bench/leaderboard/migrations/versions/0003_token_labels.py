"""What a token is for, by its owner's words, and when it was last used."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the two columns; of tokens that are there nothing is known."""
    op.add_column("tokens", sa.Column("label", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("tokens", sa.Column("used", sa.Double(), nullable=True))


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("tokens") as table:
        table.drop_column("used")
        table.drop_column("label")
