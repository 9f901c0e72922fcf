// Word links: a word becomes an element only when its pair is first pointed at or moved to.

/** Parts the text of one side into words, and returns the elements of each word. */
function wrapWords(text) {
  if (text.words) return text.words;
  const words = [];
  text.words = words;
  if (!text.dataset.words) return words;
  const bounds = [];
  let at = 0;
  const numbers = text.dataset.words.split(" ").map(Number);
  for (let i = 0; i < numbers.length; i += 2) {
    const start = at + numbers[i];
    at = start + numbers[i + 1];
    bounds.push([start, at]);
    words.push([]);
  }
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  let offset = 0;
  let word = 0;
  for (const node of nodes) {
    const end = offset + node.length;
    const parts = document.createDocumentFragment();
    let done = offset;
    const piece = (to) => { const part = node.data.slice(done - offset, to - offset); done = to; return part; };
    while (word < bounds.length && bounds[word][0] < end) {
      const [start, stop] = bounds[word];
      if (start > done) parts.append(piece(start));
      const span = document.createElement("span");
      span.className = "w";
      span.dataset.word = word;
      span.tabIndex = -1;
      span.textContent = piece(Math.min(stop, end));
      parts.append(span);
      words[word].push(span);
      if (stop > end) break;
      word += 1;
    }
    if (done < end) parts.append(piece(end));
    node.replaceWith(parts);
    offset = end;
  }
  return words;
}

const rowOf = (element) => element?.closest(".pair");
const textsOf = (row) => [$(".source .t", row), $(".target .t", row)];

/** The words that a word is linked to, on the other side. */
function linked(text, word) {
  const row = rowOf(text);
  const sides = textsOf(row);
  const side = sides.indexOf(text);
  const other = wrapWords(sides[1 - side]);
  const links = pairs[row.id.slice("pair-".length)].words;
  return links.filter((link) => link[side] === word).map((link) => other[link[1 - side]]).filter(Boolean);
}

let shownWords = [];
function showLinks(text, word) {
  for (const span of shownWords) span.classList.remove("here", "linked");
  shownWords = [];
  if (!text) return;
  const here = wrapWords(text)[word] ?? [];
  const there = linked(text, word).flat();
  for (const span of here) span.classList.add("here");
  for (const span of there) span.classList.add("linked");
  shownWords = [...here, ...there];
}

document.addEventListener("pointerover", (event) => {
  const text = event.target instanceof Element ? event.target.closest("p.t") : null;
  if (!text) return showLinks(null);
  for (const side of textsOf(rowOf(text))) wrapWords(side);
  const span = document.elementFromPoint(event.clientX, event.clientY)?.closest(".w");
  return showLinks(span && text.contains(span) ? text : null, Number(span?.dataset.word));
});

/** The word that has the focus. */
let cursor = null;

function goToWord(text, word) {
  const spans = wrapWords(text)[word];
  if (!spans?.length) return;
  cursor = { text, word };
  spans[0].focus();
  spans[0].scrollIntoView({ block: "nearest" });
  showLinks(text, word);
  const others = linked(text, word).map((pieces) => pieces.map((span) => span.textContent).join(""));
  say(others.length ? `linked to ${others.join(", ")}` : "no link");
}

/** To the next or previous word of the sentence in which the focus or the current find is. */
function stepWord(step) {
  const focused = document.activeElement;
  if (cursor && focused?.classList.contains("w")) return goToWord(cursor.text, cursor.word + step);
  const mark = focused?.closest("mark");
  const text = mark?.closest("p.t") ?? $(".source .t", rowOf(focused?.closest("main *")) ?? rowOf(current && anchorOf(current)) ?? $(".pair"));
  if (!text) return undefined;
  const words = wrapWords(text);
  const inMark = mark ? words.findIndex((spans) => spans.some((span) => mark.contains(span))) : -1;
  return goToWord(text, inMark >= 0 ? inMark : step > 0 ? 0 : words.length - 1);
}

/** Across to the first word that the focused word is linked to. */
function crossOver() {
  if (!cursor) return say("Move to a word first, with the arrow keys.");
  const [there] = linked(cursor.text, cursor.word);
  if (!there?.length) return say("no link");
  return goToWord(there[0].closest("p.t"), Number(there[0].dataset.word));
}
