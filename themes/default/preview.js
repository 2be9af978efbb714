// What a link leads to: that page's title and description, while pointer or focus is on the link. Escape closes the box.
(() => {
  const box = document.createElement('div');
  box.className = 'preview';
  box.id = 'page.preview';
  box.setAttribute('role', 'tooltip');
  const known = new Map();
  let link, timer;
  const hide = () => {
    clearTimeout(timer);
    link?.removeAttribute('aria-describedby');
    link = undefined;
    box.remove();
  };
  const tell = async (address) => {
    // Without its style, which the policy of this page need not allow.
    const html = (await (await fetch(address)).text()).replace(/<style>[^]*?<\/style>/, '');
    const page = new DOMParser().parseFromString(html, 'text/html');
    return [page.querySelector('h1')?.textContent, page.querySelector('meta[name=description]')?.content];
  };
  const show = async (asked) => {
    const address = asked.href.split('#')[0];
    if (!known.has(address)) known.set(address, tell(address).catch(() => []));
    const [title, text] = await known.get(address);
    if (link !== asked || !text) return;
    box.textContent = text;
    box.prepend(Object.assign(document.createElement('b'), { textContent: title }));
    document.body.append(box);
    const place = asked.getBoundingClientRect();
    const below = place.bottom + box.offsetHeight + 4 < innerHeight;
    box.style.left = `${Math.max(8, Math.min(place.left, innerWidth - box.offsetWidth - 16)) + scrollX}px`;
    box.style.top = `${(below ? place.bottom + 4 : place.top - box.offsetHeight - 4) + scrollY}px`;
    asked.setAttribute('aria-describedby', box.id);
  };
  const turn = (target) => {
    const asked = target.closest('main a[href*=".html"]:not([title])');
    if (box.contains(target) || (asked && asked === link && box.isConnected)) return clearTimeout(timer);
    if (asked === link) return;
    if (!asked || asked.origin !== location.origin || asked.pathname === location.pathname) { timer = setTimeout(hide, 250); return; }
    hide();
    link = asked;
    timer = setTimeout(show, 300, asked);
  };
  document.addEventListener('pointerover', (event) => event.pointerType === 'mouse' && turn(event.target));
  document.addEventListener('focusin', (event) => event.target.matches(':focus-visible') && turn(event.target));
  document.addEventListener('keydown', (event) => event.key === 'Escape' && hide());
})();
