// Everything works without this script. It adds: the search as you type, the keys `/` and Ctrl+K that lead there, the choice
// of a version to look at the site as, one tab stop and a button in each example, and a mark in the outline. What is rarely wanted
// is loaded when a reader turns to it.
(() => {
  const names = document.currentScript.dataset;
  const loads = {};
  const load = (name) => loads[name] ??= new Promise((ready, failed) => {
    const script = document.createElement('script');
    script.src = names[name];
    script.onload = ready;
    // The next turn to it tries again.
    script.onerror = () => { delete loads[name]; failed(new Error(`cannot load ${names[name]}`)); };
    document.head.append(script);
  });
  const asked = new URLSearchParams(location.search);

  let looked = Promise.resolve();
  const choice = document.getElementById('page.v');
  if (choice) {
    const fill = () => {
      if (choice.length > 1) return;
      for (const name of choice.dataset.versions.split(' ')) choice.append(new Option(name, name.replace('MSNP', '').toLowerCase()));
    };
    const look = () => load('lens').then(() => self.wirebookLens.look(choice.value), () => {});
    choice.addEventListener('pointerdown', fill);
    choice.addEventListener('focus', fill);
    choice.addEventListener('change', look);
    if (asked.get('v')) {
      fill();
      choice.value = asked.get('v');
      if (choice.value) looked = look();
      else choice.value = '';
    }
  }

  // What is done to the parts of a page: at first, and when `wirebook serve` has put new ones into it.
  let outline = [];
  const mark = () => {
    const current = outline.findLast(([, heading]) => heading?.getBoundingClientRect().top < innerHeight * 0.3);
    for (const [link] of outline) {
      if (link === current?.[0]) link.setAttribute('aria-current', 'location');
      else link.removeAttribute('aria-current');
    }
    const box = document.querySelector('.outline details');
    if (current) box.scrollTop = current[0].offsetTop - box.clientHeight / 2;
  };
  const watch = new IntersectionObserver(mark, { rootMargin: '0px 0px -70%' });
  const furnish = self.wirebookFurnish = () => {
    for (const lane of document.querySelectorAll('.lanes')) {
      const head = lane.previousElementSibling;
      for (const link of lane.getElementsByTagName('a')) link.tabIndex = -1;
      const first = lane.querySelector('[tabindex="0"]') ?? lane.querySelector('code > [class]');
      if (first) first.tabIndex = 0;
      if (head.querySelector('.copy')) continue;
      const copy = document.createElement('button');
      copy.className = 'copy';
      copy.textContent = 'Copy';
      head.append(copy);
    }
    watch.disconnect();
    outline = [...document.querySelectorAll('.outline a')].map((link) => [link, document.getElementById(decodeURIComponent(link.hash.slice(1)))]);
    for (const [, heading] of outline) if (heading) watch.observe(heading);
  };
  furnish();

  const turn = (event) => {
    const name = event.target.closest?.('.wire') ? 'example' : event.target.closest?.('.filters, .scroll:has(.commands)') && 'table';
    if (name) load(name).catch(() => {});
  };
  document.addEventListener('pointerover', turn);
  document.addEventListener('focusin', turn);
  if (location.search && document.querySelector('.filters')) load('table').catch(() => {});

  const field = document.getElementById('page.q');
  if (!field) return;
  let searching = false;
  const search = () => {
    if (searching) return;
    searching = true;
    // The form still leads to the index where the search cannot be loaded.
    looked.then(() => load('search')).then(() => self.wirebookSearch.start(field.form), () => { searching = false; });
  };
  field.addEventListener('focus', search);
  if (asked.get('q')) search();
  document.addEventListener('keydown', (event) => {
    const editing = event.target.closest?.('input, textarea, select, [contenteditable]');
    const slash = event.key === '/' && !editing && !event.ctrlKey && !event.metaKey && !event.altKey;
    const control = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (slash || (control && (!editing || editing === field))) {
      event.preventDefault();
      field.focus();
      field.select();
    }
  });

  // Pages that come from disk may not be asked for.
  if (location.protocol.startsWith('http')) {
    const first = new AbortController();
    const look = (event) => {
      if (!event.target.closest?.('main a[href]')) return;
      first.abort();
      load('preview').then(() => event.target.dispatchEvent(new event.constructor(event.type, event)), () => {});
    };
    for (const type of ['pointerover', 'focusin']) document.addEventListener(type, look, { signal: first.signal });
  }
})();
