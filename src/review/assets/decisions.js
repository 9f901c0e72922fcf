// Decisions: kept in the browser under the text's hash, saved to a file and loaded from one.

const storageKey = `visavis:review:${root.dataset.key}`;
const WORDS = { accept: "accepted", reject: "rejected" };

const store = {
  read(key) { try { return localStorage.getItem(key); } catch { return null; } },
  write(key, value) { try { localStorage.setItem(key, value); return true; } catch { return false; } },
};

/** From a find to { decision: "accept" | "reject" | null, comment, at }. */
let decisions = new Map();
let unsaved = false;
let stored = store.write("visavis:probe", "1");

const decisionOf = (find) => decisions.get(find) ?? { decision: null, comment: "", at: null };
const isReviewed = (find) => decisionOf(find).decision !== null;

/** The decisions as the file holds them. */
const record = () => finds.filter((find) => decisions.has(find)).map((find) => ({
  pair: find.pair.id,
  flag: find.flagIndex,
  entry: find.flag.entry,
  source: find.flag.source.text,
  ...decisionOf(find),
}));

const idOf = (pair, flag, entry, source) => JSON.stringify([pair, flag, entry, source]);
const byId = new Map(finds.map((find) => [idOf(find.pair.id, find.flagIndex, find.flag.entry, find.flag.source.text), find]));

/** Takes in decisions that fit this page's finds; the newer of two wins. Returns how many fit and how many do not. */
function take(list) {
  let fit = 0;
  let unfit = 0;
  for (const one of Array.isArray(list) ? list : []) {
    const find = one && byId.get(idOf(one.pair, one.flag, one.entry, one.source));
    const decision = one?.decision ?? null;
    const known = decision === null || Object.hasOwn(WORDS, decision);
    if (!find || !known) { unfit += 1; continue; }
    fit += 1;
    const comment = typeof one.comment === "string" ? one.comment : "";
    const at = typeof one.at === "string" ? one.at : "";
    if (at >= (decisionOf(find).at ?? "")) decisions.set(find, { decision, comment, at });
  }
  return { fit, unfit };
}

function restore() {
  const text = store.read(storageKey);
  if (!text) return;
  try { take(JSON.parse(text)); } catch { /* not ours: start afresh */ }
}

function keep() {
  stored = store.write(storageKey, JSON.stringify(record()));
  unsaved = true;
  warnIfNotKept();
}

function warnIfNotKept() {
  if (stored) return;
  const banner = $("#banner");
  banner.hidden = false;
  banner.textContent = "This browser keeps no decisions for this page: save them as a file before you close it.";
}

function showDecision(find) {
  const { decision, comment } = decisionOf(find);
  const note = find.note;
  for (const element of [note, ...find.pieces]) {
    element.classList.toggle("accepted", decision === "accept");
    element.classList.toggle("rejected", decision === "reject");
    element.classList.toggle("commented", Boolean(comment));
  }
  $(".outcome", note).textContent = [WORDS[decision], comment && `“${comment}”`].filter(Boolean).join(": ");
  if (find !== current) return;
  $("#accept").setAttribute("aria-pressed", String(decision === "accept"));
  $("#reject").setAttribute("aria-pressed", String(decision === "reject"));
  $("#comment").classList.toggle("filled", Boolean(comment));
  if (document.activeElement !== $("#comment-text")) $("#comment-text").value = comment;
}

function showProgress() {
  const done = finds.filter(isReviewed).length;
  $("#progress").value = done;
  $("#progress").hidden = finds.length === 0;
  $("#progress-text").textContent = finds.length ? `${done} of ${finds.length} reviewed` : "";
  return done;
}

function change(find, what) {
  const after = { ...decisionOf(find), ...what, at: new Date().toISOString() };
  if (after.decision === null && !after.comment) decisions.delete(find);
  else decisions.set(find, after);
  keep();
  showDecision(find);
  return showProgress();
}

/** Decides on the current find; the same decision again takes it back. */
function decide(decision) {
  if (!current) return say("No find is current: press j for the next.");
  const before = decisionOf(current).decision;
  const after = before === decision ? null : decision;
  const done = change(current, { decision: after });
  say(`${after ? `Find ${WORDS[after]}` : "Decision taken back"}. ${done} of ${finds.length} reviewed.`);
  return undefined;
}

function openComment() {
  if (!current) return say("No find is current: press j for the next.");
  $("#comment-box").hidden = false;
  $("#comment").setAttribute("aria-expanded", "true");
  $("#comment-text").focus();
  return undefined;
}

function closeComment() {
  $("#comment-box").hidden = true;
  $("#comment").setAttribute("aria-expanded", "false");
}

function save() {
  const generated = new Date().toISOString();
  const review = { visavis: "review", version: 1, document: documentName(), bitext: root.dataset.key, generated, decisions: record() };
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([`${JSON.stringify(review, null, 2)}\n`], { type: "application/json" }));
  link.download = `${documentName().split(/[\\/]/).pop().replace(/[\u0000-\u001f<>:"|?*]/g, "_") || "page"}.review.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  unsaved = false;
  say(`${review.decisions.length} decisions saved to ${link.download}.`);
}

const documentName = () => header.documents.map((one) => one.name).join(", ");

function load(text) {
  const banner = $("#banner");
  banner.hidden = false;
  let review = null;
  try { review = JSON.parse(text); } catch { /* told below */ }
  if (review?.visavis !== "review" || review.version !== 1 || !Array.isArray(review.decisions)) {
    banner.textContent = "This file holds no decisions: choose one that “Save decisions” wrote.";
  } else {
    const { fit, unfit } = take(review.decisions);
    keep();
    showAll();
    applyFilters();
    banner.textContent = `${fit} decisions loaded${unfit ? `; ${unfit} belong to no find of this page and were left out` : ""}.`;
  }
  say(banner.textContent);
}

function showAll() {
  for (const find of finds) showDecision(find);
  showProgress();
}

$("#accept").addEventListener("click", () => decide("accept"));
$("#reject").addEventListener("click", () => decide("reject"));
$("#comment").addEventListener("click", () => ($("#comment-box").hidden ? openComment() : closeComment()));
$("#comment-text").addEventListener("input", (event) => { if (current) change(current, { comment: event.target.value.trim() }); });
$("#save").addEventListener("click", save);
$("#load").addEventListener("click", () => $("#load-file").click());
$("#load-file").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (file) load(await file.text());
  event.target.value = "";
});
addEventListener("storage", (event) => {
  if (event.key !== storageKey) return;
  decisions = new Map();
  restore();
  showAll();
});
addEventListener("beforeunload", (event) => { if (!stored && unsaved) event.preventDefault(); });

restore();
showAll();
warnIfNotKept();
