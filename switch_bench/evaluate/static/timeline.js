// Timelines: what led to an event is highlighted; a click keeps it so; the arrow keys go from event to event.
'use strict';
for (const svg of document.querySelectorAll('svg.timeline')) {
  const marks = [...svg.querySelectorAll('.event')];
  const events = new Map(marks.map(e => [e.dataset.id, e]));
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
  const order = [...marks].sort((a, b) => a.dataset.id - b.dataset.id);
  order.forEach((e, i) => {
    e.addEventListener('mouseenter', () => light(e));
    e.addEventListener('mouseleave', () => light(held));
    e.addEventListener('focus', () => light(e));
    e.addEventListener('blur', () => light(held));
    e.addEventListener('click', c => { c.stopPropagation(); held = held === e ? null : e; light(held); });
    e.addEventListener('keydown', key => {
      const to = { ArrowRight: i + 1, ArrowDown: i + 1, ArrowLeft: i - 1, ArrowUp: i - 1, Home: 0, End: order.length - 1 }[key.key];
      const next = order[to];
      if (!next) return;
      key.preventDefault();
      e.setAttribute('tabindex', -1);
      next.setAttribute('tabindex', 0);
      next.focus();
    });
  });
  svg.addEventListener('click', () => { held = null; light(null); });
}
