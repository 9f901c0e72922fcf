"use strict";
// Sorts the articles by the column whose name is clicked; numbers begin with the greatest.
(() => {
  const table = document.querySelector(".articles");
  const body = table.tBodies[0];
  const heads = [...table.querySelectorAll("thead th")];
  const collator = new Intl.Collator(undefined, { numeric: true });
  const value = (row, column) => row.cells[column].dataset.value;

  function sort(column) {
    const head = heads[column];
    const first = head.classList.contains("number") ? "descending" : "ascending";
    const other = first === "ascending" ? "descending" : "ascending";
    const order = head.getAttribute("aria-sort") === first ? other : first;
    const sign = order === "ascending" ? 1 : -1;
    const rows = [...body.rows];
    rows.sort((one, two) => sign * collator.compare(value(one, column), value(two, column)));
    body.append(...rows);
    for (const each of heads) each.setAttribute("aria-sort", each === head ? order : "none");
    document.getElementById("sorted").textContent = `sorted by ${head.textContent}, ${order}`;
  }

  heads.forEach((head, column) => {
    const name = head.querySelector(".name");
    const button = document.createElement("button");
    button.type = "button";
    button.append(...name.childNodes);
    button.addEventListener("click", () => sort(column));
    name.replaceWith(button);
  });
})();
