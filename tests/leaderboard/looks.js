// What is looked at on every page: each gives a list of what is wrong.
({
  // Text whose colour doesn't stand out from what is behind it by 4.5 : 1, or 3 : 1 if it is large (WCAG 2.2, 1.4.3).
  contrast() {
    const parse = said => { const n = said.match(/[\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
    const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3]));
    const light = c => { const [r, g, b] = c.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
    const behind = element => {
      const layers = [];
      for (let e = element; e; e = e.parentElement) layers.push(parse(getComputedStyle(e).backgroundColor));
      const canvas = matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255];
      return layers.reverse().reduce((under, layer) => over(layer, under), canvas);
    };
    const lane = () => { const probe = document.createElement('i'); probe.className = 'probe'; document.body.append(probe);
      const c = getComputedStyle(document.documentElement).getPropertyValue('--lane').trim(); probe.remove();
      return [1, 3, 5].map(i => parseInt(c.slice(i, i + 2), 16)); };
    const wrong = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.nodeValue.trim(), e = walker.currentNode.parentElement;
      if (!text || !e.checkVisibility({visibilityProperty: true}) || e.closest('noscript, title, option, video, .visually-hidden')) continue;
      const style = getComputedStyle(e), drawn = e instanceof SVGElement;
      let colour = parse(drawn ? style.fill : style.color), opacity = 1;
      for (let a = e; a; a = a.parentElement) opacity *= parseFloat(getComputedStyle(a).opacity);
      const under = drawn ? lane() : behind(e);
      const top = over([...colour.slice(0, 3), colour[3] * opacity], under);
      const [a, b] = [light(top), light(under)].sort((x, y) => y - x);
      const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      const ratio = (a + 0.05) / (b + 0.05);
      if (ratio < (large ? 3 : 4.5)) wrong.push(`${ratio.toFixed(2)}: ${text.slice(0, 50)} <${e.tagName} ${e.className.baseVal ?? e.className}>`);
    }
    return [...new Set(wrong)];
  },

  // What can be operated and has no name; drawings that neither say something nor are hidden; twice the same id; labels
  // and references that lead nowhere.
  labels() {
    const wrong = [], all = selector => [...document.querySelectorAll(selector)];
    const named = e => e.getAttribute('aria-label') || (e.getAttribute('aria-labelledby') && document.getElementById(e.getAttribute('aria-labelledby'))?.textContent.trim())
      || [...(e.labels || [])].some(label => label.textContent.trim()) || e.textContent.trim();
    for (const e of all('a[href], button, input:not([type=hidden]), select, textarea, summary, video, progress, [role=region], section, nav'))
      if (e.checkVisibility() && !named(e)) wrong.push('no name: ' + e.outerHTML.slice(0, 90));
    for (const e of all('input:not([type=hidden]), select, textarea'))
      if (e.checkVisibility() && !e.labels.length && !e.getAttribute('aria-label')) wrong.push('no label: ' + e.outerHTML.slice(0, 90));
    for (const e of all('svg')) if (!e.closest('[aria-hidden=true]') && !(/^(img|group)$/.test(e.getAttribute('role')) && e.getAttribute('aria-label'))) wrong.push('silent drawing: ' + e.outerHTML.slice(0, 90));
    for (const e of all('img')) if (!e.hasAttribute('alt')) wrong.push('no alt: ' + e.outerHTML.slice(0, 90));
    const ids = all('[id]').map(e => e.id);
    for (const id of new Set(ids)) if (ids.filter(other => other === id).length > 1) wrong.push('id twice: ' + id);
    for (const name of ['aria-labelledby', 'aria-describedby', 'for'])
      for (const e of all(`[${name}]`)) for (const id of e.getAttribute(name).split(/\s+/)) if (!document.getElementById(id)) wrong.push(`${name} leads nowhere: ${id}`);
    for (const e of all('table')) if (!e.closest('.md') && !e.caption?.textContent.trim() && !e.getAttribute('aria-label') && !e.hasAttribute('aria-labelledby')) wrong.push('table without a name: ' + e.outerHTML.slice(0, 90));
    for (const e of all('th')) if (!e.scope) wrong.push('head of nothing: ' + e.outerHTML.slice(0, 90));
    for (const e of all('a[href^="#"]')) if (!document.getElementById(e.hash.slice(1))) wrong.push('leads nowhere: ' + e.outerHTML.slice(0, 90));
    if (all('main').length !== 1) wrong.push('no main, or several');
    return wrong;
  },

  // Headings that leave out a level, are empty, or aren't begun by the one of level 1.
  headings() {
    const found = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter(e => e.checkVisibility());
    const levels = found.map(e => Number(e.tagName[1])), wrong = [];
    if (levels.filter(level => level === 1).length !== 1 || levels[0] !== 1) wrong.push('not begun by the one heading of level 1');
    levels.forEach((level, i) => { if (i && level > levels[i - 1] + 1) wrong.push('leaves out a level: ' + found[i].textContent); });
    for (const e of found) if (!e.textContent.trim()) wrong.push('empty heading');
    return wrong;
  },
})
