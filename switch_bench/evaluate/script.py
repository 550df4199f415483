"""What a report's script does: it filters, sorts and highlights. The page can be read without."""

from __future__ import annotations

from switch_bench.evaluate.look import TIMELINE_SCRIPT

SCRIPT = (
    TIMELINE_SCRIPT
    + r"""
// Tables: a click on a column's head sorts by it, empty cells last.
const sortable = [];
for (const table of document.querySelectorAll('table.sortable')) {
  const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0];
  const first = [...body.rows];
  const value = (row, i, kind) => {
    const cell = row.cells[i], raw = cell.dataset.value ?? cell.textContent.trim();
    if (kind === 'text') return raw;
    return raw === '' || isNaN(raw) ? null : Number(raw);
  };
  const sort = (i, down) => {
    const kind = heads[i].dataset.sort, sign = down ? -1 : 1;
    const keyed = first.map(row => [value(row, i, kind), row]);
    keyed.sort(([a], [b]) => a === b ? 0 : a === null ? 1 : b === null ? -1
      : sign * (kind === 'text' ? a.localeCompare(b, 'en', {numeric: true}) : a - b));
    body.append(...keyed.map(([, row]) => row));
    heads.forEach((h, k) => k === i ? h.setAttribute('aria-sort', down ? 'descending' : 'ascending')
      : h.removeAttribute('aria-sort'));
  };
  heads.forEach((head, i) => {
    if (!head.dataset.sort) return;
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      sort(i, head.getAttribute('aria-sort') === 'ascending');
      if (table.classList.contains('episodes')) keep();
    });
  });
  if (table.classList.contains('episodes')) sortable.push({heads, sort});
}

// Episodes: filtered by what is chosen, which is kept in the address.
const filter = document.querySelector('form.filter');
const tags = filter && JSON.parse(document.getElementById('tags').textContent);
const rows = [...document.querySelectorAll('table.episodes tbody tr')];
const told = [...document.querySelectorAll('details.episode')];
const words = new Map(rows.map(row => [row, row.textContent.toLowerCase()]));
const said = new Map(told.map(e => [e, e.querySelector('.said')?.textContent.toLowerCase() ?? '']));
const fields = filter ? [...filter.elements].filter(field => field.name) : [];

function fits(e, wanted, text) {
  for (const [name, value] of wanted) {
    if (name === 'text') { if (!text.includes(value.toLowerCase())) return false; }
    else if (name === 'outcome' || name === 'task') { if (e.dataset[name] !== value) return false; }
    else if (!(tags[e.dataset.task]?.[name] ?? []).includes(value)) return false;
  }
  return true;
}
function apply() {
  const wanted = fields.map(field => [field.name, field.value.trim()]).filter(([, value]) => value);
  const shown = new Set();
  let count = 0;
  for (const row of rows) {
    row.hidden = !fits(row, wanted, words.get(row));
    count += !row.hidden;
    if (!row.hidden) shown.add(row.querySelector('a').getAttribute('href'));
  }
  for (const e of told) e.hidden = !shown.has('#' + e.id);
  filter.querySelector('output').textContent = `${count} of ${rows.length} episodes`;
}
function keep() {
  const state = new URLSearchParams();
  for (const field of fields) if (field.value.trim()) state.set(field.name, field.value.trim());
  const {heads} = sortable[0], by = heads.findIndex(head => head.hasAttribute('aria-sort'));
  if (by >= 0) state.set('sort', (heads[by].getAttribute('aria-sort') === 'descending' ? '-' : '') + by);
  history.replaceState(null, '', '#' + state);
}
function restore() {
  const hash = decodeURIComponent(location.hash.slice(1));
  if (!hash.includes('=')) {
    const e = hash ? document.getElementById(hash) : null;
    if (e?.matches('details')) { e.hidden = false; e.open = true; e.scrollIntoView(); }
    return;
  }
  const state = new URLSearchParams(location.hash.slice(1));
  for (const field of fields) {
    const value = state.get(field.name) ?? '';
    field.value = field.tagName === 'SELECT' && ![...field.options].some(o => o.value === value) ? '' : value;
  }
  const by = Number.parseInt(state.get('sort') ?? '', 10);
  const {heads, sort} = sortable[0];
  if (heads[Math.abs(by)]?.dataset.sort) sort(Math.abs(by), state.get('sort').startsWith('-'));
  apply();
  document.getElementById('episodes').scrollIntoView();
}
if (filter) {
  filter.hidden = false;
  filter.addEventListener('input', () => { apply(); keep(); });
  filter.addEventListener('submit', submit => submit.preventDefault());
  filter.addEventListener('reset', () => setTimeout(() => { apply(); keep(); }));
  addEventListener('hashchange', restore);
  restore();
}
addEventListener('beforeprint', () => { for (const e of told) if (!e.hidden) e.open = true; });
for (const img of document.querySelectorAll('.strip img'))
  img.addEventListener('mousedown', press => {
    if (document.activeElement === img) { press.preventDefault(); img.blur(); }
  });
"""
)
