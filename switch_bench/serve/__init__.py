"""What others connect to: a policy server, an MCP server, an Inspect task, a terminal."""
