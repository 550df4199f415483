"""Gymnasium environments of every task. Importing this registers them; nothing heavy is loaded until one is made."""

from switch_bench.envs.registration import register

register()
