// Leads on from old addresses. `data-moved` holds the new address by the id that an old one has behind `#`; under the empty id
// stands where the whole page is now, with the id that it was asked for.
(() => {
  const moved = JSON.parse(document.currentScript.dataset.moved);
  const lead = () => {
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch { /* It is no encoded text, so it stands for itself. */ }
    const page = moved[''];
    if (Object.hasOwn(moved, id)) location.replace(moved[id]);
    else if (page) location.replace(page.includes('#') ? page : page + location.hash);
  };
  lead();
  addEventListener('hashchange', lead);
})();
