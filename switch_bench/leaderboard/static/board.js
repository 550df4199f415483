// What is better with a script: filters that act at once, progress that moves, a comparison that says what it waits for.
'use strict';

const filters = document.querySelector('form.filters');
const still = document.body.hasAttribute('data-static');

// Filters of the live board: what is chosen or typed acts at once, and leaves the focus where it is.
if (filters && !still) {
  let asking = new AbortController(), soon = 0;
  const act = async () => {
    asking.abort();
    asking = new AbortController();
    const asked = new URLSearchParams([...new FormData(filters)].filter(([, value]) => value));
    const address = `${filters.action}${asked.size ? '?' : ''}${asked}`;
    try {
      const answer = await fetch(address, { signal: asking.signal });
      if (!answer.ok) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const found = page.getElementById('results'), said = found.querySelector('[role=status]');
      history.replaceState(null, '', address);
      document.getElementById('results').replaceWith(found);
      const words = [...said.childNodes];
      said.replaceChildren();  // what is put into a status that is there is read out
      setTimeout(() => said.replaceChildren(...words), 50);
      document.dispatchEvent(new Event('rows'));
    } catch (error) {
      if (error.name !== 'AbortError') filters.submit();  // as without a script
    }
  };
  filters.addEventListener('input', event => {
    clearTimeout(soon);
    soon = setTimeout(act, event.target.matches('select') ? 0 : 250);
  });
}

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
    const count = rows.filter(row => !row.hidden).length;
    const words = count === rows.length ? `${count} submission${count === 1 ? '' : 's'}` : count ? `${count} of ${rows.length} submissions fit these filters` : 'Nothing fits these filters';
    const said = document.getElementById('count');
    if (said && said.textContent !== words) said.textContent = words;
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

// Two rows that are ticked are compared: the button waits for two, and says what is missing. On a live board ticks are
// kept while one filters and turns pages; a static one has comparisons of some pairs only.
let elsewhere = [];  // ticked, and not in the table that is shown: [id, name, suite]
const picking = () => {
  const pick = document.getElementById('pick');
  if (!pick) return;
  const [said, untick, button] = [document.getElementById('picked'), document.getElementById('untick'), pick.querySelector('[type=submit]')];
  const boxes = [...document.querySelectorAll('.pick input')];
  const start = said.textContent;
  const pairs = still && new Set(JSON.parse(pick.dataset.pairs).map(pair => pair.join('/')));
  if (still) for (const hidden of [pick, ...document.querySelectorAll('.pick')]) hidden.hidden = false;
  else
    try {
      const kept = JSON.parse(sessionStorage.getItem('picked') ?? '[]');
      for (const box of boxes) box.checked = kept.some(([id]) => id === box.value);
      elsewhere = kept.filter(([id]) => !boxes.some(box => box.value === id));
    } catch { /* storage is switched off: ticks are of this page alone */ }
  const name = text => Object.assign(document.createElement('bdi'), { textContent: text });
  const ticked = () => [...elsewhere, ...boxes.filter(box => box.checked).map(box => [box.value, box.dataset.name, box.dataset.suite])];
  const address = ([a], [b]) => [a, b].sort().join('/');
  const missing = chosen => {
    if (!chosen.length) return [start];
    if (chosen.length === 1) return [name(chosen[0][1]), ' is ticked. Tick another one to compare.'];
    if (chosen.length > 2) return [`${chosen.length} are ticked, and a comparison takes two.`];
    if (!still || pairs.has(address(...chosen))) return null;
    return [chosen[0][2] === chosen[1][2] ? 'This copy of the board has no comparison of these two.' : 'These two are of different suites.'];
  };
  const show = () => {
    const chosen = ticked(), why = missing(chosen);
    const both = () => [name(chosen[0][1]), ' and ', name(chosen[1][1]),
      ...(chosen[0][2] === chosen[1][2] ? [] : [', of different suites: only tasks of both count.'])];
    const words = why ?? both();
    if (said.textContent !== words.map(word => word.textContent ?? word).join('')) said.replaceChildren(...words);  // it is read out
    untick.hidden = !chosen.length;
    button.setAttribute('aria-disabled', String(Boolean(why)));
    for (const old of pick.querySelectorAll('[name=of]')) old.remove();
    for (const [id] of elsewhere) pick.append(Object.assign(document.createElement('input'), { type: 'hidden', name: 'of', value: id }));
    if (!still)
      try { sessionStorage.setItem('picked', JSON.stringify(chosen)); } catch { /* as above */ }
  };
  for (const box of boxes) box.addEventListener('change', show);
  untick.addEventListener('click', () => { elsewhere = []; for (const box of boxes) box.checked = false; show(); button.focus(); });
  pick.addEventListener('submit', event => {
    const chosen = ticked();
    if (missing(chosen)) return event.preventDefault();
    if (!still) return;
    event.preventDefault();
    const [a, b] = address(...chosen).split('/').map(encodeURIComponent);
    location.href = `${pick.dataset.root}/compare/${a}/${b}/index.html`;
  });
  show();
  return show;
};
let shown = picking();
document.addEventListener('rows', () => { shown = picking(); });
addEventListener('pageshow', () => shown?.());  // a browser that goes back restores ticks after scripts have run

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
