"""A leaderboard: uploads, a queue of verifications, pages."""
