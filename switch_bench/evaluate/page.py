"""How the report looks: its style sheet, and the small script that filters and highlights (it works without)."""

STYLE = """
:root {
  color-scheme: light dark;
  --paper: #fbfaf8; --card: #ffffff; --ink: #22252a; --soft: #666d78; --faint: #e4e2dd; --lane: #f4f2ee;
  --good: #1d7f4e; --bad: #c0392f; --unsure: #a06a00; --error: #7b4bb3;
  --agent: #d2542c; --person: #2f6fc4; --device: #59616d; --flow: #2b8a83; --why: #d2542c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16181c; --card: #1e2126; --ink: #e6e7ea; --soft: #9aa1ad; --faint: #343941; --lane: #252930;
    --good: #57c28a; --bad: #f0776c; --unsure: #e3b04b; --error: #b995e8;
    --agent: #f58a5f; --person: #7fb0f5; --device: #a7aebb; --flow: #5cc4bb; --why: #f58a5f;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 28px 24px 80px; }
h1 { font-size: 26px; font-weight: 650; margin: 0 0 2px; letter-spacing: -0.01em; }
h2 { font-size: 18px; font-weight: 650; margin: 34px 0 10px; }
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
.parts { display: grid; grid-template-columns: repeat(auto-fill, minmax(130px, 1fr)); gap: 12px 20px; margin: 0; }
.parts dt { color: var(--soft); font-size: 13px; }
.parts dd { margin: 0; font-size: 20px; font-weight: 600; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 500; color: var(--soft); font-size: 13px; padding: 4px 10px 4px 0;
  border-bottom: 1px solid var(--faint); }
td { padding: 6px 10px 6px 0; border-bottom: 1px solid var(--faint); }
td.n, th.n { text-align: right; }
.bar { width: 180px; height: 14px; display: block; }
.bar .track { fill: var(--faint); } .bar .range { fill: var(--soft); opacity: .45; } .bar .mark { fill: var(--ink); }
.filter { display: flex; gap: 8px; flex-wrap: wrap; margin: 6px 0 14px; }
.filter button { font: inherit; font-size: 13px; color: inherit; background: none; border: 1px solid var(--faint);
  border-radius: 99px; padding: 3px 12px; cursor: pointer; }
.filter button[aria-pressed=true] { background: var(--ink); color: var(--paper); border-color: var(--ink); }
.episode { background: var(--card); border: 1px solid var(--faint); border-radius: 10px; margin: 0 0 16px; }
.episode > summary { list-style: none; cursor: pointer; padding: 14px 20px; display: flex; gap: 12px;
  align-items: baseline;
  flex-wrap: wrap; }
.episode > summary::-webkit-details-marker { display: none; }
.episode > summary:focus-visible { outline: 2px solid var(--person); border-radius: 10px; }
.episode .body { padding: 0 20px 18px; }
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
.timeline { width: 100%; min-width: 860px; display: block; font-size: 10.5px; }
.timeline .lane { fill: var(--lane); }
.timeline .rail { stroke: var(--faint); }
.timeline .tick { stroke: var(--faint); }
.timeline text { fill: var(--soft); }
.timeline .time { text-anchor: middle; }
.timeline .owner { fill: var(--ink); font-size: 12px; }
.timeline .zone { font-size: 9.5px; }
.timeline .scale { text-anchor: end; font-size: 10px; }
.timeline .mark { text-anchor: end; font-size: 8.5px; }
.timeline .on-bar { fill: var(--device); opacity: .3; }
.timeline .label { font-size: 10px; }
.timeline .event { fill: var(--device); cursor: pointer; outline: none; }
.timeline .by-agent { fill: var(--agent); } .timeline .by-person, .timeline .by-schedule { fill: var(--person); }
.timeline .kind-touch { opacity: .55; }
.timeline .goal { stroke: var(--good); stroke-width: 2; }
.timeline .cause { fill: none; stroke: var(--soft); opacity: .13; }
.timeline .cause.why { stroke: var(--why); opacity: .75; }
.timeline .flow polyline { fill: none; stroke: var(--flow); stroke-width: 1.5; }
.timeline.lit .event { opacity: .22; } .timeline.lit .cause { opacity: .05; }
.timeline.lit .event.on { opacity: 1; stroke: var(--ink); stroke-width: 1; }
.timeline.lit .cause.on { opacity: 1; stroke: var(--why); stroke-width: 1.6; }
.key { display: flex; gap: 2px 18px; flex-wrap: wrap; color: var(--soft); font-size: 12.5px; margin: 4px 0 0; }
.key svg { width: 12px; height: 12px; vertical-align: -1px; margin-right: 5px; overflow: visible; }
.more { margin-top: 10px; font-size: 13px; } .more summary { cursor: pointer; color: var(--soft); }
@media (max-width: 760px) { .head { grid-template-columns: 1fr; } .verdict li { grid-template-columns: 20px 1fr; }
  .verdict .words { grid-column: 2; } .bar { width: 90px; } }
@media print { .filter { display: none; } .episode { break-inside: avoid; } }
"""

SCRIPT = """
for (const svg of document.querySelectorAll('svg.timeline')) {
  const events = new Map([...svg.querySelectorAll('.event')].map(e => [e.dataset.id, e]));
  const links = [...svg.querySelectorAll('.cause')];
  let held = null;
  const light = from => {
    const found = new Set(), waiting = from ? [from.dataset.id] : [];
    while (waiting.length) {
      const id = waiting.pop();
      if (found.has(id) || !events.has(id)) continue;
      found.add(id);
      waiting.push(...events.get(id).dataset.causes.split(',').filter(Boolean));
    }
    svg.classList.toggle('lit', found.size > 0);
    for (const [id, e] of events) e.classList.toggle('on', found.has(id));
    for (const l of links) l.classList.toggle('on', found.has(l.dataset.from) && found.has(l.dataset.to));
  };
  for (const e of events.values()) {
    e.addEventListener('mouseenter', () => light(e));
    e.addEventListener('mouseleave', () => light(held));
    e.addEventListener('focus', () => light(e));
    e.addEventListener('blur', () => light(held));
    e.addEventListener('click', c => { c.stopPropagation(); held = held === e ? null : e; light(held); });
  }
  svg.addEventListener('click', () => { held = null; light(null); });
}
const filter = document.querySelector('.filter');
if (filter) {
  filter.hidden = false;
  filter.addEventListener('click', click => {
    const wanted = click.target.dataset.show;
    if (!wanted) return;
    for (const b of filter.children) b.setAttribute('aria-pressed', b === click.target);
    for (const e of document.querySelectorAll('.episode')) e.hidden = wanted !== 'all' && e.dataset.outcome !== wanted;
  });
}
for (const img of document.querySelectorAll('.strip img'))
  img.addEventListener('mousedown', press => {
    if (document.activeElement === img) { press.preventDefault(); img.blur(); }
  });
"""
