// What is better with a script: filters that act at once, progress that moves, chains of causes that light up.
'use strict';

// Filters of the live board: choosing is enough.
const filters = document.querySelector('form.filters');
const still = document.body.hasAttribute('data-static');
if (filters && !still)
  for (const select of filters.querySelectorAll('select')) select.addEventListener('change', () => filters.requestSubmit());

// Filters and sorting of the static board: by what the rows carry.
if (filters && still) {
  filters.hidden = false;
  const rows = [...document.querySelectorAll('table.board tbody tr')];
  const apply = () => {
    const asked = new FormData(filters);
    const text = asked.get('q').trim().toLowerCase();
    for (const row of rows)
      row.hidden =
        ['track', 'suite', 'protocol', 'status'].some(name => asked.get(name) && row.dataset[name] !== asked.get(name)) ||
        !row.dataset.text.includes(text);
    for (const group of document.querySelectorAll('section.group')) group.hidden = !group.querySelector('tbody tr:not([hidden])');
    document.getElementById('nothing').hidden = rows.some(row => !row.hidden);
  };
  filters.addEventListener('input', apply);
  filters.addEventListener('submit', event => event.preventDefault());
  for (const button of document.querySelectorAll('button.sort'))
    button.addEventListener('click', () => {
      const key = button.dataset.sort;
      for (const head of document.querySelectorAll('th[aria-sort]')) head.removeAttribute('aria-sort');
      for (const other of document.querySelectorAll(`button.sort[data-sort=${key}]`))
        other.closest('th').setAttribute('aria-sort', key === 'policy' ? 'ascending' : 'descending');
      const order = {
        policy: (a, b) => a.dataset.policy.localeCompare(b.dataset.policy),
        date: (a, b) => b.dataset.date.localeCompare(a.dataset.date),
        rate: (a, b) => b.dataset.rate - a.dataset.rate,
        macro: (a, b) => b.dataset.macro - a.dataset.macro,
      }[key];
      for (const body of document.querySelectorAll('table.board tbody')) body.append(...[...body.rows].sort(order));
    });
  apply();
}

// How far a verification is.
const progress = document.getElementById('progress');
if (progress && !still) {
  const bar = progress.querySelector('progress');
  const said = progress.querySelector('output');
  const look = async () => {
    try {
      const answer = await fetch(progress.dataset.from, { headers: { Accept: 'application/json' } });
      if (answer.ok) {
        const now = await answer.json();
        if (now.status !== progress.dataset.status) return location.reload();
        bar.max = Math.max(now.of, 1);
        bar.value = now.done;
        if (now.of) said.textContent = `${now.done} of ${now.of}`;
      }
    } catch { /* the server may be back the next time */ }
    setTimeout(look, 1500);
  };
  setTimeout(look, 1000);
}

// An archive that is too large is refused before it is sent.
const drop = document.querySelector('form.drop');
if (drop) {
  const file = drop.querySelector('input[type=file]');
  const said = document.getElementById('toolarge');
  const zone = drop.querySelector('.zone');
  const check = () => {
    const [chosen] = file.files;
    const over = chosen && chosen.size > Number(drop.dataset.limit);
    said.hidden = !over;
    said.textContent = over ? `${chosen.name} has ${(chosen.size / 2 ** 20).toFixed(1)} MiB, which is too much.` : '';
    return !over;
  };
  file.addEventListener('change', check);
  drop.addEventListener('submit', event => {
    if (!check()) event.preventDefault();
    else drop.querySelector('button').textContent = 'Uploading …';
  });
  zone.addEventListener('dragover', event => { event.preventDefault(); zone.classList.add('over'); });
  zone.addEventListener('dragleave', () => zone.classList.remove('over'));
  zone.addEventListener('drop', event => {
    event.preventDefault();
    zone.classList.remove('over');
    file.files = event.dataTransfer.files;
    check();
  });
}

// A timeline: pointing at an event, or focusing it, lights all that led to it.
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
