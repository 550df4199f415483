"""Drawing of panels, scales, caps, displays, labels and materials: pure functions of declarations."""
