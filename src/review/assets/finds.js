// The page's data, its finds, and moving from find to find.

const root = document.documentElement;
const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

const [header, ...pairs] = $("#bitext").textContent.split("\n").filter(Boolean).map((line) => JSON.parse(line));

/** Every find, in the order of the text. */
const finds = $$(".note").map((note) => {
  const pair = pairs[note.dataset.pair];
  return { number: Number(note.dataset.find), note, pair, flagIndex: Number(note.dataset.flag), flag: pair.flags[note.dataset.flag], pieces: [] };
}).sort((one, other) => one.number - other.number);
for (const piece of $$("main [data-find]")) finds[piece.dataset.find].pieces.push(piece);

/** The element that stands for a find in the text: its first piece in the source, or its chip. */
const anchorOf = (find) => document.getElementById(`find-${find.number}`);

let current = null;
let isShown = () => true;

const say = (message) => { $("#status").textContent = message; };

/** Lights up all pieces of a find. */
let lit = [];
function light(find) {
  for (const element of lit) element.classList.remove("lit");
  lit = find ? [...find.pieces, find.note] : [];
  for (const element of lit) element.classList.add("lit");
}
const findAt = (target) => {
  const element = target instanceof Element ? target.closest("[data-find]") : null;
  const find = element ? finds[element.dataset.find] : null;
  return find && isShown(find) ? find : null;
};
document.addEventListener("pointerover", (event) => light(findAt(event.target)));
document.addEventListener("focusin", (event) => light(findAt(event.target)));
root.addEventListener("pointerleave", () => light(null));

/** Makes a find the current one: shows what is known of it, scrolls to it, moves the focus there. */
function select(find, { focus = true } = {}) {
  if (current) {
    for (const piece of current.pieces) piece.classList.remove("current");
    current.note.removeAttribute("aria-current");
    closeComment();
  }
  current = find;
  $("#detail").hidden = !find;
  root.classList.toggle("has-current", Boolean(find));
  if (!find) return;
  for (const piece of find.pieces) piece.classList.add("current");
  find.note.setAttribute("aria-current", "true");
  showDetail(find);
  makeReachable(find);
  const list = $("#groups");
  const offset = find.note.getBoundingClientRect();
  const frame = list.getBoundingClientRect();
  if (offset.top < frame.top + 28 || offset.bottom > frame.bottom) list.scrollTop += offset.top - frame.top - frame.height / 3;
  if (focus) {
    const anchor = anchorOf(find);
    anchor.focus({ preventScroll: true });
    anchor.closest(".pair").scrollIntoView({ block: "center" });
    const place = anchor.getBoundingClientRect();
    if (place.top < 60 || place.bottom > innerHeight - 40) anchor.scrollIntoView({ block: "center" });
  }
}

/** One find of the text is in the tab order: the current one, or the first. */
let reachable = null;
function makeReachable(find) {
  reachable?.setAttribute("tabindex", "-1");
  reachable = find ? anchorOf(find) : null;
  reachable?.setAttribute("tabindex", "0");
}

function showDetail(find) {
  const { flag, pair } = find;
  const whole = find.pieces.some((piece) => piece.matches(".chip"));
  const detail = $("#detail");
  detail.className = `detail ${find.note.closest(".group").classList.item(1)} ${flag.verdict} ${flag.severity}`;
  $("#detail-category").textContent = $("h3 bdi", find.note.closest(".group")).textContent;
  $("#detail-verdict").textContent = `${$(".sign", find.note).textContent} ${flag.verdict}, ${flag.severity} severity`;
  $("#detail-place").textContent = `${find.number + 1} of ${finds.length}`;
  $("#detail-source").textContent = whole ? `Pair ${pair.id}` : flag.source.text || "nothing";
  const target = $("#detail-target");
  target.textContent = flag.target?.text ?? "nothing";
  target.classList.toggle("none", !flag.target);
  $(".terms .to").hidden = whole;
  $("#detail-reason").textContent = flag.reason;
  const voice = $(".voice", find.note)?.textContent.toLowerCase();
  $("#detail-entry").textContent = [flag.entry, `pair ${pair.id}`, voice].filter(Boolean).join(" · ");
  showDecision(find);
}

/** The next find that passes the filters and `wanted`, in the direction given. */
function neighbour(step, wanted = () => true) {
  let at = current ? current.number + step : step > 0 ? 0 : finds.length - 1;
  for (; at >= 0 && at < finds.length; at += step) {
    if (isShown(finds[at]) && wanted(finds[at])) return finds[at];
  }
  return null;
}

function move(step, wanted) {
  const find = neighbour(step, wanted);
  if (find) {
    select(find);
    // What was decided under “unreviewed only” leaves the list now that the reader moves on.
    if ($("#unreviewed").checked) applyFilters();
  } else say(wanted ? "No further unreviewed find." : step > 0 ? "This is the last find." : "This is the first find.");
}

document.addEventListener("click", (event) => {
  const element = event.target instanceof Element ? event.target.closest("[data-find]") : null;
  if (!element || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const find = findAt(element);
  if (!find) return;
  const inList = element.classList.contains("note");
  if (inList && !event.target.closest("a")) return;
  event.preventDefault();
  // A click in the text must not take away a selection of words that the reader is making.
  if (!inList && !getSelection().isCollapsed) return;
  if (inList) closePanel({ restore: false });
  select(find, { focus: inList || element.id === `find-${find.number}` });
});
