// What a word of an example is, told in a line at the figure's foot; and copies of examples. The generator adds what the
// words mean to the end of this file; `site.js` loads it when a reader first turns to an example.
self.wirebookExample = (() => {
  let meanings = {};
  const place = '.lanes li > :is(code, pre) > [class]';
  const wordsOf = (figure) => [...figure.querySelectorAll(place)];

  // The list below the figure says what each word is, one line a word.
  const tell = (word) => {
    const figure = word.closest('.wire');
    const list = [...figure.querySelectorAll('.fields li')].flatMap((item) => item.textContent.split('\n'));
    const said = list[wordsOf(figure).indexOf(word)];
    if (!said) return;
    const [what] = said.split(': ', 1);
    const [name] = what.split(/[ ,]/, 1);
    const command = word.closest('li').querySelector('.k')?.textContent;
    let line = figure.querySelector('.told');
    if (!line) {
      line = document.createElement('p');
      line.className = 'told';
      line.setAttribute('role', 'status');
      figure.querySelector('.lanes').after(line);
    }
    const strong = document.createElement('b');
    strong.textContent = name;
    const meaning = meanings[command]?.[name];
    line.replaceChildren(strong, what.slice(name.length) + (meaning ? '. ' + meaning : ''));
  };

  const move = (event, word) => {
    const words = wordsOf(word.closest('.wire'));
    const at = words.indexOf(word);
    const line = word.closest('li');
    const beginnings = words.filter((one, index) => !index || one.closest('li') !== words[index - 1].closest('li'));
    const row = beginnings.findIndex((one) => one.closest('li') === line);
    const next = {
      ArrowLeft: words[at - 1],
      ArrowRight: words[at + 1],
      ArrowUp: beginnings[row - 1],
      ArrowDown: beginnings[row + 1],
      Home: words[0],
      End: words.at(-1),
    }[event.key];
    if (event.altKey || event.ctrlKey || event.metaKey || !(event.key in { ArrowLeft: 0, ArrowRight: 0, ArrowUp: 0, ArrowDown: 0, Home: 0, End: 0 })) return;
    event.preventDefault();
    if (!next) return;
    for (const one of words) if (one.tabIndex === 0) one.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  };

  // What goes over the wire: lines and payloads, without remarks and labels.
  const textOf = (figure) => [...figure.querySelectorAll('.lanes :is(.c, .s) > :is(code, pre)')].map((one) => one.textContent).join('\n') + '\n';
  const copy = async (button) => {
    const figure = button.closest('.wire');
    try {
      await navigator.clipboard.writeText(textOf(figure));
      button.textContent = 'Copied';
    } catch {
      // Where a browser does not let it, the text is at least selected.
      getSelection().selectAllChildren(figure.querySelector('.lanes'));
      button.textContent = 'Selected';
    }
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  };

  const wordAt = (event) => event.target.closest?.(place);
  for (const name of ['pointerover', 'focusin']) {
    document.addEventListener(name, (event) => { if (wordAt(event)) tell(wordAt(event)); });
  }
  document.addEventListener('keydown', (event) => { if (wordAt(event)) move(event, wordAt(event)); });
  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('.copy');
    if (button) copy(button);
  });
  const load = (known) => {
    meanings = known;
    // What the reader turned to before this came.
    const word = document.activeElement?.closest(place) ?? document.querySelector(`${place}:hover`);
    if (word) tell(word);
  };
  return { load };
})();
