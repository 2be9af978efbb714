// Everything works without this script. It adds: the search as you type (loaded when a reader turns to the field), the
// keys `/` and Ctrl+K that lead there, and an outline that is open where there is room for it.
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
})();
