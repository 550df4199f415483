"""The running room: the tick, the jump, replays, and the worlds without the agent."""
