"""The causal device network: signals, events, wires, flows, zones. It knows no physics."""
