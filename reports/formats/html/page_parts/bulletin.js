// Makes each cell of a table that prints a number a button that opens the number's note, like those in the text.
// Which note stands on the cell, its row or the head of its column: reports/formats/html/tables.py.
for (const table of document.querySelectorAll("main table")) {
  const heads = table.tHead.rows[0].cells;
  for (const row of table.tBodies[0].rows) {
    for (const cell of row.querySelectorAll("td")) {
      const note = cell.dataset.note ?? row.dataset.note ?? heads[cell.cellIndex].dataset.note;
      if (!note || cell.firstElementChild || !/\d/.test(cell.textContent)) continue;
      const button = document.createElement("button");
      button.setAttribute("popovertarget", note);
      button.setAttribute("aria-describedby", "t" + note);
      button.append(...cell.childNodes);
      cell.append(button);
    }
  }
}
