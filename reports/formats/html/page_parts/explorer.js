// The explorer's own program: it fills the form, and shows what a reader chooses as two charts with their tables and
// notes. The charts are Vega-Lite specifications that explorer_parts.py writes; the figures and the choice come from
// explorer_figures.js. A missing number is a gap and "—", never 0.
"use strict";

const views = {}; // of each chart that was drawn

// What the reader chose is kept where the next figure has it; else the first, newest or largest is chosen.
function settle() {
  const keep = (key, known, otherwise) => {
    if (!known.includes(choice[key])) choice[key] = otherwise(known);
  };
  keep("figure", Object.keys(names.figures), (known) => known[0]);
  const dimensions = Object.keys(names.dimensions).filter((key) => figures.get(choice.figure).has(key));
  keep("dimension", dimensions, (known) => ["county", "town"].find((each) => known.includes(each)) ?? known[0]);
  const some = (test) => membersOf().some(([member]) => test(rowsOf(member)));
  const isKnown = ({ key }) => some((rows) => rows.has(key));
  const kinds = Object.keys(names.kinds).filter((kind) => periodsOf(kind).some(isKnown));
  keep("kind", kinds, (known) => known[0]);
  const keys = periodsOf(choice.kind).map(({ key }) => key);
  const whole = keys.filter((key) => some((rows) => rows.get(key)?.is_complete));
  keep("period", keys, (known) => (whole.length ? whole : known).at(-1));
  const members = membersOf().map(([member]) => member);
  const kept = members.filter((member) => choice.members.has(member)).slice(0, charts.lines.length);
  const size = (member) => rowsOf(member).get(choice.period)?.value ?? -1;
  const largest = [...members].sort((a, b) => size(b) - size(a)).slice(0, 3);
  choice.members = new Set(kept.length ? kept : largest);
}

function make(tag, text = "", attributes = {}) {
  const isDrawing = tag === "svg" || tag === "path";
  const made = isDrawing ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
function fill(select, options, chosen) {
  select.replaceChildren(...options.map(([value, text]) => make("option", text, { value })));
  select.value = chosen;
}
function fillForm() {
  const dimensions = Object.entries(names.dimensions).filter(([key]) => figures.get(choice.figure).has(key));
  fill(at("figure"), Object.entries(names.figures).map(([key, { name }]) => [key, name]), choice.figure);
  fill(at("dimension"), dimensions, choice.dimension);
  fill(at("kind"), Object.entries(names.kinds), choice.kind);
  fill(at("period"), periodsOf(choice.kind).map(({ key, name }) => [key, name]).reverse(), choice.period);
  const [legend, list] = at("members").children, focused = document.activeElement.value;
  const dimension = names.dimensions[choice.dimension];
  legend.textContent = words("explorer.members", { dimension, n: charts.lines.length });
  const isFull = choice.members.size >= charts.lines.length;
  list.replaceChildren(...membersOf().map(([key, name]) => {
    const label = make("label"), box = make("input", "", { type: "checkbox", value: key });
    box.checked = choice.members.has(key);
    box.disabled = box.checked ? choice.members.size === 1 : isFull;
    label.append(box, make("span", name));
    return label;
  }));
  at("members").hidden = membersOf().length < 2;
  [...list.querySelectorAll("input")].find((box) => box.value === focused && !box.disabled)?.focus();
}

// `rows` are the texts of each row, after whether it belongs to what is chosen
function fillTable(section, head, rows) {
  const line = (cells, isNow) => {
    const made = make("tr", "", isNow ? { class: "now" } : {});
    made.append(...cells);
    return made;
  };
  const heading = (text, scope) => make("th", text, { scope });
  section.querySelector("thead").replaceChildren(line(head.map((text) => heading(text, "col"))));
  section.querySelector("tbody").replaceChildren(
    ...rows.map(([isNow, name, ...cells]) => {
      return line([heading(name, "row"), ...cells.map((text) => make("td", text))], isNow);
    }),
  );
  const title = section.querySelector("h2").textContent;
  section.querySelector(".scroll").setAttribute("aria-label", words("explorer.table", { title }));
}

// periods that follow each other are named by the first and the last of them
function listRuns(missing) {
  const runs = [], place = (period) => periodsOf(period.kind).findIndex(({ key }) => key === period.key);
  for (const period of missing) {
    const run = runs.at(-1);
    if (run && place(run.last) + 1 === place(period)) run.last = period;
    else runs.push({ first: period, last: period });
  }
  const name = ({ first, last }) => words("date.span", { start: first.name, end: last.name });
  return listed(runs.map((run) => (run.first === run.last ? run.first.name : name(run))));
}
function describeNotes(section, pairs) {
  const partial = [...new Set(pairs.filter(({ row }) => row && !row.is_complete).map(({ period }) => period.partial))];
  const gaps = pairs.filter(({ row }) => !row);
  const missing = [...new Set(gaps.map(({ member }) => member))].map((member) => {
    const lacked = gaps.filter((gap) => gap.member === member).map(({ period }) => period);
    return words("explorer.gap", { member: member[1], periods: listRuns(lacked) });
  });
  const reasons = [...new Set(gaps.flatMap(({ period, member }) => whyAbsent(period.key, member[0])))];
  const because = reasons.length ? words("explorer.because", { reasons: reasons.join(texts["list.clause"]) }) : "";
  const notes = [];
  if (partial.length) notes.push(words("explorer.partial", { periods: listed(partial) }));
  if (gaps.length) notes.push(words("explorer.gaps", { gaps: listed(missing) + because }));
  if (pairs.some(({ row }) => row && row.value === null)) notes.push(words("explorer.nothing"));
  section.querySelector(".notes").textContent = notes.join(" ");
}

async function draw(name, rows, signals) {
  const view = (views[name] ??= await embed(name));
  for (const [key, value] of Object.entries(signals)) view.signal(key, value);
  await view.data("rows", rows).runAsync();
}
function bounds(values, fromZero) {
  const known = values.filter((value) => value !== null), low = Math.min(...known), high = Math.max(...known);
  if (!known.length) return { low: 0, high: 1 };
  const room = (high - low || Math.abs(high) || 1) * 0.08;
  const lowest = Math.min(0, low);
  return { low: fromZero ? lowest : Math.max(lowest, low - room), high: fromZero && high === 0 ? 1 : high + room };
}

// shows in a section whose title is `title` what belongs to a chart: description, notes, table and file
function showAround(section, title, spoken, pairs, head, rows, file) {
  section.querySelector("h2").textContent = title;
  section.querySelector(".picture").setAttribute("aria-label", words(spoken, { title, n: rows.length }));
  describeNotes(section, pairs);
  fillTable(section, head, rows);
  section.querySelector(".tools button").onclick = () => saveCsv(file, pairs);
}
function showLegend(lines) {
  const legend = at("course").querySelector(".legend"), { key: period, name: periodName } = periods.get(choice.period);
  legend.setAttribute("aria-label", words("explorer.legend", { period: periodName }));
  legend.replaceChildren(make("li", periodName));
  for (const { key, name, colour, shape } of lines) {
    const item = make("li"), sign = make("svg", "", { viewBox: "-1.4 -1.4 2.8 2.8", "aria-hidden": "true" });
    sign.append(make("path", "", { d: shape, fill: colour }));
    item.append(sign, name, make("b", quantity(rowsOf(key).get(period))));
    legend.append(item);
  }
}
function tellOf(name, period, row) {
  return words("explorer.told", { member: name, period: nameOf(period, row), value: quantity(row) });
}

function showCourse() {
  const shown = periodsOf(choice.kind), lines = linesOf(), kind = names.kinds[choice.kind];
  const pairs = lines.flatMap((line) =>
    shown.map((period) => ({ line, member: line.member, period, row: rowsOf(line.key).get(period.key) })),
  );
  const table = shown.map((period) => {
    const rows = lines.map(({ key }) => rowsOf(key).get(period.key));
    const name = nameOf(period, rows.find((row) => row && !row.is_complete));
    return [period.key === choice.period, name, ...rows.map((row) => printed(row, "value", figure()))];
  });
  const heading = words("explorer.course", { figure: title(), kind });
  const head = [words("explorer.period"), ...lines.map(({ name }) => name)];
  const around = [pairs, head, table.reverse(), `${figure().name}-${kind}`];
  showAround(at("course"), heading, "explorer.spoken_course", ...around);
  showLegend(lines);
  const rows = pairs.map(({ line, period, row }) => ({
    period: period.key,
    member: line.key,
    value: row?.value ?? null,
    joined: row?.is_complete ? row.value : null,
    colour: line.colour,
    shape: line.shape,
    fill: row?.is_complete ? line.colour : charts.paper,
    printed: lines.length > 1 ? "" : printed(row, "value", figure()), // several numbers would lie over each other
    told: tellOf(line.name, period, row),
  }));
  const headings = shown.map(({ key, heading, year, is_first }, place) => {
    return [key, year && (is_first || !place) ? [heading, year] : [heading]];
  });
  const { is_fraction, style } = figure();
  return draw("course", rows, {
    headings: Object.fromEntries(headings),
    chosen: choice.period,
    form: is_fraction ? "~%" : texts["numbers.thousands"] ? ",~f" : "~f",
    ...bounds(rows.map(({ value }) => value), !is_fraction && style !== "days"),
  });
}

function showRanking() {
  const section = at("ranking"), period = periods.get(choice.period);
  section.hidden = at("course").querySelector(".use").hidden = membersOf().length < 2;
  if (section.hidden) return Promise.resolve();
  const pairs = membersOf().map((member) => ({ member, period, row: rowsOf(member[0]).get(period.key) }));
  const size = ({ row }) => row?.value ?? -Infinity;
  pairs.sort((a, b) => size(b) - size(a) || 0); // two that have no value are equal
  // a count is its own numerator
  const isShown = (part, row) => row && row[part] !== null && (part !== "numerator" || row.denominator !== null);
  const parts = PARTS.filter((part) => part === "value" || pairs.some(({ row }) => isShown(part, row)));
  const table = pairs.map(({ member: [key, name], row }) => {
    return [choice.members.has(key), name, ...parts.map((part) => printed(row, part, figure()))];
  });
  const periodName = nameOf(period, pairs.find(({ row }) => row)?.row), dimension = names.dimensions[choice.dimension];
  const heading = words("explorer.ranking", { period: periodName, figure: title(), dimension });
  const head = [names.member, ...parts.map((part) => (part === "value" ? title() : names.parts[part]))];
  showAround(section, heading, "explorer.spoken_members", pairs, head, table, `${figure().name}-${period.name}`);
  const colours = new Map(linesOf().map(({ key, colour }) => [key, colour]));
  const rows = pairs.map(({ member: [key, name], row }) => {
    const colour = row ? (colours.get(key) ?? charts.rest) : "transparent", isWhole = !row || row.is_complete;
    return {
      member: key,
      value: row?.value ?? null,
      end: row?.value ?? 0,
      colour,
      fill: isWhole ? colour : charts.paper,
      dash: isWhole ? [1, 0] : [3, 2],
      printed: printed(row, "value", figure()),
      told: tellOf(name, period, row),
    };
  });
  const { low, high } = bounds(rows.map(({ end }) => end), true);
  return draw("ranking", rows, {
    headings: Object.fromEntries(pairs.map(({ member }) => member)),
    height: 30 * rows.length,
    low,
    high: high + (high - low) * 0.16, // room for the number behind the longest bar
  });
}

// Vega's own box of a hint needs a style that the page's policy forbids
function tell(_, event, __, text) {
  const box = at("told");
  box.hidden = !text;
  if (!text) return;
  box.textContent = text;
  const above = event.clientY - box.offsetHeight - 12;
  box.style.left = `${Math.max(8, Math.min(event.clientX + 14, innerWidth - box.offsetWidth - 8))}px`;
  box.style.top = `${above > 0 ? above : event.clientY + 18}px`;
}
async function embed(name) {
  // ast: Vega interprets its expressions, as the page's policy forbids it to compile them
  const options = { ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: tell };
  const { view } = await vegaEmbed(at(name).querySelector(".picture > div"), charts[name], options);
  if (name === "course") view.addSignalListener("picked", (_, { period }) => period && choose({ period: period[0] }));
  else view.addEventListener("click", (_, item) => item?.datum?.member !== undefined && toggle(item.datum.member));
  return view;
}

function toggle(member) {
  const members = new Set(choice.members);
  if (!members.delete(member) && members.size < charts.lines.length) members.add(member);
  if (members.size) choose({ members });
}
// the address names what is shown, so that a reader can send it
function readAddress() {
  const asked = new URLSearchParams(location.hash.slice(1));
  for (const key of ["figure", "dimension", "kind", "period"]) choice[key] = asked.get(key) ?? choice[key];
  if (asked.has("period") && !asked.has("kind")) choice.kind = periods.get(choice.period)?.kind ?? choice.kind;
  if (asked.has("member")) choice.members = new Set(asked.getAll("member"));
}
function writeAddress() {
  const { members, ...others } = choice, address = new URLSearchParams(others);
  for (const [member] of chosenMembers()) address.append("member", member);
  history.replaceState(null, "", `#${address}`);
}
async function choose(changes) {
  Object.assign(choice, changes);
  settle();
  fillForm();
  const { basis, numerator, denominator } = figure();
  at("basis").textContent = numerator && denominator ? `${basis}\n${numerator} ÷ ${denominator}` : basis;
  await Promise.all([showCourse(), showRanking()]);
  const headings = [...document.querySelectorAll("section:not([hidden]) h2")];
  at("shown").textContent = listed(headings.map((heading) => heading.textContent));
  document.body.dataset.shown = String(Number(document.body.dataset.shown ?? 0) + 1);
  setTimeout(writeAddress); // the browser needs 7 ms to note an address: the answer is painted first
}

for (const key of ["figure", "dimension", "kind", "period"]) {
  at(key).addEventListener("change", () => choose({ [key]: at(key).value }));
}
at("members").addEventListener("change", ({ target }) => toggle(target.value));
at("choices").addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", () => {
  readAddress();
  choose({});
});
(async () => {
  figures = await readFigures();
  readAddress();
  // Vega measures words by the typeface that the page carries
  await Promise.all(['13px "Noto Sans SC"', 'bold 13px "Noto Sans SC Bold"'].map((face) => document.fonts.load(face)));
  await choose({});
})();
