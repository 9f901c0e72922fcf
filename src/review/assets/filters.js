// Filters: within a group any chosen value passes; none chosen means all.

const chosen = (name) => new Set($$(`#filters input[name=${name}]:checked`).map((input) => input.value));

function applyFilters() {
  const wanted = ["category", "verdict", "severity"].map((name) => [name, chosen(name)]);
  const unreviewed = $("#unreviewed")?.checked ?? false;
  const onlyFinds = $("#only-finds")?.checked ?? false;
  const active = unreviewed || wanted.some(([, values]) => values.size);
  // The current find stays in sight when it is decided, until the reader moves on.
  isShown = (find) => wanted.every(([name, values]) => !values.size || values.has(find.flag[name]))
    && (!unreviewed || !isReviewed(find));
  const rows = new Set();
  let count = 0;
  for (const find of finds) {
    const shown = isShown(find);
    find.note.hidden = !shown;
    for (const piece of find.pieces) {
      piece.classList.toggle("off", !shown);
      if (shown) rows.add(rowOf(piece));
    }
    if (shown) count += 1;
  }
  for (const group of $$(".group")) group.hidden = !$(".note:not([hidden])", group);
  for (const row of $$(".pair")) row.hidden = onlyFinds && !rows.has(row);
  for (const block of $$(".block")) block.hidden = !$(".pair:not([hidden])", block);
  if (finds.length) $("#none-shown").hidden = count > 0;
  if ($("#clear")) $("#clear").disabled = !active && !onlyFinds;
  $("#shown").textContent = active ? `${count} of ${finds.length}` : `${finds.length} in all`;
  $("#open-panel").textContent = `Finds (${count})`;
  if (current && !isShown(current)) select(null);
  makeReachable(current ?? finds.find(isShown) ?? null);
  return count;
}

$("#filters")?.addEventListener("change", () => say(`${applyFilters()} finds shown.`));
$("#clear")?.addEventListener("click", () => {
  for (const input of $$("#filters input:checked")) input.checked = false;
  say(`${applyFilters()} finds shown.`);
  $("#filters input").focus();
});
