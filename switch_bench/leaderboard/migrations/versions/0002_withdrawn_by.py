"""Who has withdrawn a submission, and when: what was withdrawn before this step, maintainers have."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the two columns, and fill them from the audit log."""
    op.add_column("submissions", sa.Column("withdrawn_by", sa.String(length=16), nullable=False, server_default=""))
    op.add_column("submissions", sa.Column("withdrawn_at", sa.Double(), nullable=True))
    op.execute(
        "UPDATE submissions SET withdrawn_by = 'maintainer', withdrawn_at = coalesce("
        "(SELECT max(at) FROM audit WHERE audit.target = submissions.id AND audit.what = 'withdrawn'), created) "
        "WHERE withdrawn"
    )


def downgrade() -> None:
    """Take them away: what is withdrawn stays so."""
    with op.batch_alter_table("submissions") as table:
        table.drop_column("withdrawn_at")
        table.drop_column("withdrawn_by")
