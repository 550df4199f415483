"""Run folders as data sets to learn from: LeRobotDataset v3.0 and Minari (the extra `learn`)."""
