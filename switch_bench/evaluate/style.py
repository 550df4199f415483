"""How a report looks: its style sheet, for light and dark, wide and narrow, screen and print."""

from __future__ import annotations

from switch_bench.evaluate.look import COLOURS, TIMELINE_STYLE

STYLE = (
    f"{COLOURS}{TIMELINE_STYLE}"
    + """
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 28px 24px 80px; }
h1 { font-size: 26px; font-weight: 650; margin: 0 0 2px; letter-spacing: -0.01em; }
h2 { font-size: 18px; font-weight: 650; margin: 34px 0 10px; }
h2.small { font-size: 13px; font-weight: 500; color: var(--soft); margin: 0 0 6px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
nav { margin: 0 0 10px; }
h3 { font-size: 13px; font-weight: 600; margin: 18px 0 6px; color: var(--soft); }
a { color: inherit; }
code, pre { font: 12.5px/1.45 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
pre { overflow: auto; background: var(--lane); padding: 12px; border-radius: 6px; max-height: 420px; }
.facts { color: var(--soft); margin: 0; }
.facts span + span::before { content: " · "; }
.none { color: var(--soft); font-size: 13px; margin: 4px 0; }
.head { display: grid; grid-template-columns: minmax(220px, 300px) 1fr; gap: 28px; align-items: start;
  background: var(--card); border: 1px solid var(--faint); border-radius: 10px; padding: 20px 24px;
  margin-top: 18px; }
.rate { font-size: 46px; font-weight: 650; line-height: 1.1; font-variant-numeric: tabular-nums; }
.rate small { font-size: 17px; font-weight: 500; color: var(--soft); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 500; color: var(--soft); font-size: 13px; padding: 4px 12px 4px 0;
  border-bottom: 1px solid var(--faint); vertical-align: bottom; }
td, tbody th { padding: 6px 12px 6px 0; border-bottom: 1px solid var(--faint); vertical-align: baseline; }
tbody th { font-weight: 500; color: var(--ink); font-size: 14px; }
td.n, th.n { text-align: right; white-space: nowrap; }
th button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; }
th button::after { content: " ↕"; opacity: .45; }
th[aria-sort=ascending] button::after { content: " ↑"; opacity: 1; }
th[aria-sort=descending] button::after { content: " ↓"; opacity: 1; }
.plot { width: 100%; min-width: 110px; height: 18px; display: block; overflow: visible; }
.wide { min-width: 130px; width: 20%; padding-right: 22px; vertical-align: middle; }
.plot.axis { height: 15px; } .plot.axis text { fill: var(--soft); font-size: 11px; }
.plot .grid { stroke: var(--faint); } .plot .range { stroke: var(--plot); stroke-width: 2; }
.plot .range.thin { stroke-width: 1; } .plot .range.thick { stroke-width: 5; opacity: .5; }
.plot .dot { fill: var(--plot); } .plot .dot.faint { fill-opacity: .7; }
.plot .cross { fill: var(--bad); font-size: 15px; font-weight: 600; }
.plot .held { fill: var(--plot); } .plot .undecided { fill: var(--faint); } .plot .not { fill: none; }
.plot .hatch { stroke: var(--soft); stroke-width: 12; stroke-dasharray: 2 3; }
.plot .frame { fill: none; stroke: var(--soft); }
.head .plot.whisker { margin-top: 8px; }
.parts { margin-bottom: 10px; } .parts th, .parts td { border: 0; padding: 2px 12px 2px 0; }
.parts .wide { width: 60%; }
.tasks td, .tasks tbody th, .groups td, .groups tbody th { vertical-align: middle; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(340px, 100%), 1fr)); gap: 8px 40px; }
.charts .wide { width: 50%; }
.record th { white-space: nowrap; width: 1%; padding-right: 40px; color: var(--soft); }
.record dl { margin: 0; display: grid; gap: 2px 18px; }
.record td > dl + dl { margin-top: 8px; padding-top: 8px; border-top: 1px solid var(--faint); }
.record dl > div { display: flex; gap: 0 8px; flex-wrap: wrap; } .record dt { color: var(--soft); }
.record dd { margin: 0; overflow-wrap: anywhere; } .record td { font-size: 13.5px; }
.filter { display: flex; gap: 8px 14px; flex-wrap: wrap; margin: 6px 0 12px; align-items: end; }
.filter[hidden] { display: none; }
.filter label { display: grid; font-size: 12.5px; color: var(--soft); }
.filter select, .filter input, .filter button { font: inherit; font-size: 14px; color: var(--ink);
  background: var(--card); border: 1px solid var(--edge); border-radius: 6px; padding: 4px 8px; max-width: 100%;
  min-height: 32px; }
.filter select { max-width: 240px; } .filter button { cursor: pointer; }
.filter output { color: var(--soft); font-size: 13px; padding-bottom: 6px; }
.scroll.tall { max-height: 70vh; overflow: auto; background: var(--card); border: 1px solid var(--faint);
  border-radius: 10px; padding: 0 14px; }
.tall thead th { position: sticky; top: 0; background: var(--card); padding-top: 8px; z-index: 1; }
.because { color: var(--soft); font-size: 13px; min-width: 260px; line-height: 1.35; }
.because > span { display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; }
.has-film { color: var(--soft); font-size: 11px; }
.play { display: flex; gap: 10px 24px; flex-wrap: wrap; align-items: flex-start; }
.play > div { flex: 1 1 320px; }
.film { margin: 0; flex: 0 1 480px; min-width: 0; }
.film video { width: 100%; height: auto; aspect-ratio: 480 / 416; border-radius: 6px; background: #16181c;
  display: block; }
.film figcaption { font-size: 12.5px; color: var(--soft); margin-top: 4px; }
.episode { background: var(--card); border: 1px solid var(--faint); border-radius: 10px; margin: 0 0 16px; }
.episode > summary { list-style: none; cursor: pointer; padding: 14px 20px; display: flex; gap: 12px;
  align-items: baseline;
  flex-wrap: wrap; }
.episode > summary::-webkit-details-marker { display: none; }
.episode[hidden] { display: none; }
.episode.single { padding-top: 16px; margin-top: 12px; }
.episode .body { padding: 0 20px 18px; }
.episode > summary::before { content: "▸"; color: var(--soft); }
.episode[open] > summary::before { content: "▾"; }
.episode .name { font-weight: 600; }
.episode .aside { color: var(--soft); font-size: 13px; margin-left: auto; }
.chip { font-size: 13px; font-weight: 600; white-space: nowrap; }
.true { color: var(--good); }
.false { color: var(--bad); }
.null { color: var(--unsure); }
.error { color: var(--error); }
.unjudged { color: var(--soft); }
.said { font-size: 17px; margin: 0 0 8px; }
.why { margin: 0 0 6px; }
.verdict { list-style: none; margin: 10px 0 0; padding: 0; }
.verdict li { display: grid; grid-template-columns: 20px 90px 1fr; gap: 6px; padding: 3px 0; font-size: 14px; }
.verdict b { font-weight: 600; } .verdict .words { color: var(--soft); } .verdict .false .words { color: var(--ink); }
.scores { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 8px 20px; margin: 0; }
.scores dt { color: var(--soft); font-size: 12.5px; }
.scores dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; }
.ledger { font-size: 13.5px; } .ledger td { padding: 3px 14px 3px 0; vertical-align: top; }
.ledger td:first-child { white-space: nowrap; }
.told { font-size: 13.5px; margin: 2px 0; }
.knowledge { width: 100%; max-width: 860px; display: block; font-size: 11.5px; }
.knowledge line { stroke: var(--faint); stroke-width: 2; } .knowledge text { fill: var(--soft); }
.strip { display: flex; gap: 10px; overflow-x: auto; padding: 2px 2px 10px; }
.strip figure { margin: 0; flex: 1 0 196px; max-width: 300px; }
.strip img { width: 100%; aspect-ratio: 4 / 3; object-fit: cover; border-radius: 5px; display: block;
  background: var(--faint);
  cursor: zoom-in; margin-bottom: 4px; }
.strip img:focus { position: fixed; inset: 0; margin: auto; z-index: 9; width: auto; max-width: 96vw;
  max-height: 94vh;
  height: min(94vh, 960px); object-fit: contain; background: none; outline: 100vmax solid #000c;
  border-radius: 0; cursor: zoom-out; }
.strip figcaption { font-size: 12.5px; color: var(--soft); line-height: 1.35; overflow-wrap: anywhere; }
.strip figcaption b { color: var(--ink); font-weight: 600; }
.scroll { overflow-x: auto; }
.more { margin-top: 10px; font-size: 13px; } .more summary { cursor: pointer; color: var(--soft); }
@media (max-width: 760px) {
  main { padding: 18px 14px 60px; } h1 { font-size: 22px; overflow-wrap: anywhere; }
  .head { grid-template-columns: minmax(0, 1fr); padding: 16px; } .verdict li { grid-template-columns: 20px 1fr; }
  .verdict .words { grid-column: 2; } .episode .aside { margin-left: 0; } .episode .name { overflow-wrap: anywhere; }
  .episode > summary, .episode .body { padding-left: 14px; padding-right: 14px; }
  .filter label { flex: 1 1 140px; } .filter select { max-width: none; width: 100%; } .filter input { width: 100%; }
  .scroll.tall { max-height: 80vh; padding: 0 10px; }
}
@media print {
  .filter, .film, nav { display: none; } .episode { break-inside: auto; } tr, figure, li { break-inside: avoid; }
  h2, h3, summary { break-after: avoid; } .scroll, .scroll.tall { overflow: visible; max-height: none; border: 0; }
  main { max-width: none; padding: 0; } .strip { flex-wrap: wrap; overflow: visible; }
  table { font-size: 11px; } th, tbody th { font-size: 11px; } td, th { padding-right: 6px; }
  th button::after { content: none !important; } td .chip, .because { font-size: 11px; }
  .plot.axis text { font-size: 9px; }
  .plot { min-width: 50px; } .wide { min-width: 60px; width: 15%; padding-right: 10px; } .because { min-width: 120px; }
  .strip figure { flex: 0 1 160px; } .tall thead th { position: static; } .because > span { -webkit-line-clamp: none; }
}
"""
)
