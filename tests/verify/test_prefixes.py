"""The ends of episodes at which a goal stands, against judging every prefix by itself."""

from __future__ import annotations

from hypothesis import given, settings
from test_stl_oracle import END, GOALS, traces

from switch_bench.trace.signals import Signals, prefix
from switch_bench.verify import stl_ast as ast
from switch_bench.verify.prefixes import standing
from switch_bench.verify.stl import Formula, evaluate, parse
from switch_bench.verify.stl_truth import atom_table


@settings(max_examples=200, deadline=None)
@given(traces(), GOALS | GOALS.map(ast.Not))
def test_a_goal_stands_for_those_ends_at_which_the_prefix_holds_it(trace, node):
    runs = standing(node, atom_table(node, Signals.of(trace)), END)
    stands = {t for s, e in runs for t in range(s, e)}
    alone = {t for t in range(END + 1) if evaluate(Formula("", node), prefix(trace, t), final=True).value}
    assert stands == alone


@settings(max_examples=40, deadline=None)
@given(traces())
def test_in_the_end_means_now(trace):
    node = parse("eventually always lamp.on").root
    table = atom_table(node, Signals.of(trace))
    lit = {t for s, e in table[parse("lamp.on").root] for t in range(s, min(e, END + 1))}
    assert {t for s, e in standing(node, table, END) for t in range(s, e)} == lit
