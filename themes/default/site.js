// Everything works without this script. It adds: the search as you type (loaded when a reader turns to the field), the
// keys `/` and Ctrl+K that lead there, an outline that marks the section in view, and where a server brings the pages, a
// look at what a link leads to (loaded when a pointer or the focus is first on one).
(() => {
  const field = document.getElementById('page.q');
  if (!field) return;
  const form = field.form;
  let asked = false;
  const load = () => {
    if (asked) return;
    asked = true;
    const script = document.createElement('script');
    script.src = form.dataset.search;
    script.onload = () => self.wirebookSearch.start(form);
    // The form still leads to the index.
    script.onerror = () => { asked = false; };
    document.head.append(script);
  };
  field.addEventListener('focus', load);
  if (new URLSearchParams(location.search).get('q')) load();
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

  const outline = [...document.querySelectorAll('.outline a')].map((link) => [link, document.getElementById(decodeURIComponent(link.hash.slice(1)))]);
  const mark = () => {
    const current = outline.findLast(([, heading]) => heading?.getBoundingClientRect().top < innerHeight * 0.3);
    for (const [link] of outline) {
      if (link === current?.[0]) link.setAttribute('aria-current', 'location');
      else link.removeAttribute('aria-current');
    }
  };
  const watch = new IntersectionObserver(mark, { rootMargin: '0px 0px -70%' });
  for (const [, heading] of outline) if (heading) watch.observe(heading);

  if (location.protocol.startsWith('http')) {
    const first = new AbortController();
    const look = (event) => {
      if (!event.target.closest?.('main a[href]')) return;
      first.abort();
      const script = document.createElement('script');
      script.src = form.dataset.preview;
      script.onload = () => event.target.dispatchEvent(new event.constructor(event.type, event));
      document.head.append(script);
    };
    for (const type of ['pointerover', 'focusin']) document.addEventListener(type, look, { signal: first.signal });
  }
})();
