// The table of commands: sorting by column, a filter by text with a count, and the state of both in the address, so that
// a view can be shared. `site.js` loads this when a reader turns to the table; filters by choice work without it.
(() => {
  const form = document.querySelector('.filters');
  const table = document.querySelector('.commands');
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  const output = form.querySelector('output');
  const lens = document.getElementById('page.v');
  let order = 0;

  const text = (row, column) => row.cells[column].textContent.trim();
  const numbers = (row, column) => text(row, column).match(/\d+/g)?.map(Number) ?? [0];
  const compare = (column) => (a, b) => {
    const [x, y] = [numbers(a, column), numbers(b, column)];
    const byVersion = /^(MSNP|CVR|Every)/.test(text(a, column)) && (x[0] - y[0] || (x[1] ?? 99) - (y[1] ?? 99));
    return byVersion || text(a, column).localeCompare(text(b, column), 'en');
  };
  // Column from 1, negative for the other way round; 0 for the order of the page.
  const sort = () => {
    const column = Math.abs(order) - 1;
    const sorted = order ? [...rows].sort(compare(column)) : rows;
    if (order < 0) sorted.reverse();
    body.append(...sorted);
    heads.forEach((head, index) => {
      if (index === column) head.setAttribute('aria-sort', order > 0 ? 'ascending' : 'descending');
      else head.removeAttribute('aria-sort');
    });
  };
  heads.forEach((head, index) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      order = order === index + 1 ? -index - 1 : order === -index - 1 ? 0 : index + 1;
      sort();
      remember();
    });
  });

  const filter = () => {
    const words = form.elements.t.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) {
      const all = row.textContent.toLowerCase();
      row.classList.toggle('unfit', !words.every((word) => all.includes(word)));
    }
    const shown = rows.filter((row) => row.getClientRects().length).length;
    output.textContent = `${shown} of ${rows.length} commands`;
  };

  // Short names in the address: `v=8` for the class `v8`, `k=draft` for `known-draft`.
  const short = (field) => field.value.replace(/^(known-|by-)/, '').replace(/^v(?=[0-9c])/, '');
  const fields = () => [...form.elements].filter((field) => field.name);
  const remember = () => {
    const here = new URL(location.href);
    for (const field of fields()) {
      if (field.value) here.searchParams.set(field.name, short(field));
      else here.searchParams.delete(field.name);
    }
    if (order) here.searchParams.set('o', order);
    else here.searchParams.delete('o');
    if (here.href !== location.href) history.replaceState(history.state, '', here);
  };
  const recall = () => {
    const asked = new URLSearchParams(location.search);
    for (const field of fields()) {
      const value = asked.get(field.name);
      if (!value) continue;
      if (field.name === 't') field.value = value;
      else for (const option of field.options) option.selected ||= short(option) === value;
    }
    const column = Number(asked.get('o'));
    if (Number.isInteger(column) && Math.abs(column) <= heads.length) order = column;
  };
  const change = () => {
    filter();
    remember();
    // The version of the table is that of the whole site.
    const version = short(form.elements.v);
    if (lens && lens.value !== version) {
      lens.dispatchEvent(new Event('focus'));
      lens.value = version;
      lens.dispatchEvent(new Event('change'));
    }
  };

  form.addEventListener('input', change);
  form.addEventListener('change', change);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => {
    order = 0;
    sort();
    // The fields are empty only after this event.
    setTimeout(change);
  });
  // What a reader chose before this came stays.
  if (fields().every((field) => !field.value)) recall();
  if (order) sort();
  change();
})();
