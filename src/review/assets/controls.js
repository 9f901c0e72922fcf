// Keys, the list's drawer, the theme and the help.

/** On narrow screens the list of finds is a drawer. */
const narrow = matchMedia("(max-width: 68.74rem)");
const panel = $("#panel");

function openPanel() {
  if (!narrow.matches) return ($("a", panel) ?? panel).focus();
  root.classList.add("panel-open");
  panel.inert = false;
  $("#open-panel").setAttribute("aria-expanded", "true");
  return panel.focus();
}

function closePanel({ restore = true } = {}) {
  if (!root.classList.contains("panel-open")) return false;
  root.classList.remove("panel-open");
  panel.inert = narrow.matches;
  $("#open-panel").setAttribute("aria-expanded", "false");
  if (restore) $("#open-panel").focus();
  return true;
}

function fitPanel() {
  root.classList.remove("panel-open");
  panel.inert = narrow.matches;
}
narrow.addEventListener("change", fitPanel);
addEventListener("beforeprint", () => { panel.inert = false; });
addEventListener("afterprint", fitPanel);
fitPanel();
if ($("#filters") && (narrow.matches || innerHeight < 760)) $("#filters").open = false;

/** The column of finds ends at the foot of the window while the head of the page is in view, too. */
function fitAside() {
  const above = Math.max(0, $(".layout").getBoundingClientRect().top);
  $(".aside").style.setProperty("--above", `${above}px`);
}
const resized = new ResizeObserver(fitAside);
for (const element of [$(".masthead"), $("#banner")]) resized.observe(element);
addEventListener("scroll", fitAside, { passive: true });
fitAside();

$("#open-panel").addEventListener("click", () => (root.classList.contains("panel-open") ? closePanel() : openPanel()));
$("#close-panel").addEventListener("click", () => closePanel());
$("#previous").addEventListener("click", () => move(-1));
$("#next").addEventListener("click", () => move(1));

function leaveFind() {
  const anchor = current && anchorOf(current);
  select(null);
  anchor?.focus({ preventScroll: true });
}
$("#close-detail").addEventListener("click", leaveFind);

const help = $("#help");
$("#open-help").addEventListener("click", () => help.showModal());
$("#close-help").addEventListener("click", () => help.close());
help.addEventListener("click", (event) => { if (event.target === help) help.close(); });

const shortcuts = $("#shortcuts");
shortcuts.checked = store.read("visavis:shortcuts") !== "off";
shortcuts.addEventListener("change", () => store.write("visavis:shortcuts", shortcuts.checked ? "on" : "off"));

const THEMES = ["auto", "light", "dark"];
function showTheme(theme) {
  root.dataset.theme = theme;
  $("#theme").textContent = `Theme: ${theme}`;
}
showTheme(THEMES.includes(root.dataset.theme) ? root.dataset.theme : "auto");
$("#theme").addEventListener("click", () => {
  const theme = THEMES[(THEMES.indexOf(root.dataset.theme) + 1) % THEMES.length];
  showTheme(theme);
  store.write("visavis:theme", theme);
});

const languages = new Intl.DisplayNames(["en"], { type: "language" });
for (const element of $$(".language")) {
  try { element.textContent = languages.of(element.dataset.language); } catch { /* the code stays */ }
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  n: () => move(1, (find) => !isReviewed(find)),
  a: () => decide("accept"),
  r: () => decide("reject"),
  c: openComment,
  f: openPanel,
  t: crossOver,
  "?": () => help.showModal(),
};
const ARROWS = { ArrowLeft: -1, ArrowRight: 1 };

function escape() {
  if (document.activeElement === $("#comment-text") || !$("#comment-box").hidden) {
    closeComment();
    if (current) anchorOf(current).focus({ preventScroll: true });
  } else if (!closePanel()) {
    showLinks(null);
    leaveFind();
  }
}

document.addEventListener("keydown", (event) => {
  if (help.open || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const target = event.target;
  const typing = target.matches?.("textarea, input:not([type=checkbox])");
  if (event.key === "Escape") return escape();
  if (typing) return undefined;
  if (event.key === "Enter" && target.matches?.("mark[data-find]")) {
    const find = findAt(target);
    return find && select(find);
  }
  if (Object.hasOwn(ARROWS, event.key) && !event.shiftKey && target.closest?.("main, body") && !target.matches?.("input, summary")) {
    event.preventDefault();
    return stepWord(root.dir === "rtl" ? -ARROWS[event.key] : ARROWS[event.key]);
  }
  if (shortcuts.checked && Object.hasOwn(KEYS, event.key)) {
    event.preventDefault();
    return KEYS[event.key]();
  }
  return undefined;
});

applyFilters();
const wantedFind = finds[/^#find-(\d+)/.exec(location.hash)?.[1]];
if (wantedFind) select(wantedFind);
