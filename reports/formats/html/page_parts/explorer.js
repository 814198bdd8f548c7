// The explorer's own program: it reads the figures that the page carries, fills the form, and shows what a reader
// chooses as two charts with their tables and CSV files. The charts themselves are Vega-Lite specifications, written in
// explorer_parts.py; names and words come from explorer.py. A missing number is a gap and "—", never 0.
"use strict";

const at = (id) => document.getElementById(id);
const { texts, ...names } = JSON.parse(at("names").textContent);
const charts = JSON.parse(at("charts").textContent);
const words = (key, parts = {}) => texts[key].replace(/{(\w+)}/g, (_, part) => parts[part]);
const listed = (items) => items.join(texts["list.comma"]);
const periods = new Map(names.periods.map((period, place) => [period.key, { ...period, place }]));
const PARTS = ["value", "numerator", "denominator", "previous_value", "year_ago_value"];
const choice = { figure: "", dimension: "", kind: "", period: "", members: new Set() };
const views = {};
let figures; // figure -> dimension -> member -> period -> row

async function readFigures() {
  const bytes = Uint8Array.from(atob(at("rows").textContent), (letter) => letter.charCodeAt(0));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const nest = (content, read) => new Map(Object.entries(content).map(([key, inner]) => [key, read(inner)]));
  const readRows = ([keys, complete, numerator, denominator, value, previous_value, year_ago_value]) =>
    new Map(keys.map((key, n) => [key, {
      is_complete: complete[n] === 1, numerator: numerator[n], denominator: denominator[n], value: value[n],
      previous_value: previous_value[n], year_ago_value: year_ago_value[n],
    }]));
  const readMembers = (members) => nest(members, readRows);
  return nest(await new Response(unpacked).json(), (dimensions) => nest(dimensions, readMembers));
}

// Numbers are printed as reports/words/wording.py prints them: half up by their decimal digits, and never as 0 or 100%
// unless they are.
const formats = new Map();
function round(value, decimals, style) {
  const key = `${style}${decimals}`;
  if (!formats.has(key)) {
    const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    formats.set(key, new Intl.NumberFormat("en", { ...digits, style: style === "percent" ? style : "decimal", useGrouping: style !== "days" }));
  }
  return formats.get(key).format(String(value));
}
function roundCarefully(value, decimals, style, limits) {
  const whole = style === "percent" ? 100 : 1;
  const limit = limits.find((each) => Math.abs(value * whole - each) < 1e-9);
  if (limit !== undefined) return round(limit / whole, 0, style);
  let text = round(value, decimals, style);
  while (limits.includes(parseFloat(text.replaceAll(",", "")))) text = round(value, (decimals += 1), style);
  return text;
}
function printed(row, part, { style, decimals }) {
  const amount = row?.[part] ?? null;
  if (!row) return "—";
  if (amount === null) return "/";
  if (part === "numerator" || part === "denominator") return Number.isInteger(amount) ? round(amount, 0, "count") : round(amount, 2, "days");
  if (style === "days") return round(amount, decimals, "days");
  if (style === "share" || style === "rate") return roundCarefully(amount, decimals, "percent", [0, 100]);
  return roundCarefully(amount, 0, "count", [0]);
}

const figure = () => names.figures[choice.figure];
const title = () => (figure().unit ? words("titled", { name: figure().name, unit: figure().unit }) : figure().name);
const rowsOf = (member) => figures.get(choice.figure).get(choice.dimension).get(member) ?? new Map();
const periodsOf = (kind) => names.periods.filter((period) => period.kind === kind);
const nameOf = (period, row) => (row && !row.is_complete ? period.partial : period.name);
const quantity = (text) => (figure().unit && text !== "—" && text !== "/" ? words("quantity", { number: text, unit: figure().unit }) : text);
// [key, name] of each member that the figure has in any period, in the office's order
const membersOf = () => names.members[choice.dimension].filter(([member]) => rowsOf(member).size);
const chosenMembers = () => membersOf().filter(([member]) => choice.members.has(member));
// each chosen member with the colour and the shape of its line
const linesOf = () => chosenMembers().map((member, place) => ({ member, key: member[0], name: member[1], colour: charts.lines[place][0], shape: charts.lines[place][1] }));

// What the reader chose is kept where the next figure has it; else the first, newest or largest is chosen.
function settle() {
  const keep = (key, known, otherwise) => { if (!known.includes(choice[key])) choice[key] = otherwise(known); };
  keep("figure", Object.keys(names.figures), (known) => known[0]);
  const has = figures.get(choice.figure);
  keep("dimension", Object.keys(names.dimensions).filter((key) => has.has(key)), (known) => (known.includes("town") ? "town" : known[0]));
  const kinds = Object.keys(names.kinds).filter((kind) => periodsOf(kind).some(({ key }) => membersOf().some(([member]) => rowsOf(member).has(key))));
  keep("kind", kinds, (known) => known[0]);
  const isWhole = ({ key }) => membersOf().some(([member]) => rowsOf(member).get(key)?.is_complete);
  keep("period", periodsOf(choice.kind).map(({ key }) => key), (known) => (periodsOf(choice.kind).filter(isWhole).at(-1) ?? periods.get(known.at(-1))).key);
  const shown = membersOf().map(([member]) => member);
  const kept = shown.filter((member) => choice.members.has(member)).slice(0, charts.lines.length);
  const largest = [...shown].sort((a, b) => (rowsOf(b).get(choice.period)?.value ?? -1) - (rowsOf(a).get(choice.period)?.value ?? -1));
  choice.members = new Set(kept.length ? kept : largest.slice(0, 3));
}

function make(tag, text = "", attributes = {}) {
  const made = tag === "svg" || tag === "path" ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
function fill(select, options, chosen) {
  select.replaceChildren(...options.map(([value, text]) => make("option", text, { value })));
  select.value = chosen;
}
function fillForm() {
  const has = figures.get(choice.figure);
  fill(at("figure"), Object.entries(names.figures).map(([key, each]) => [key, each.name]), choice.figure);
  fill(at("dimension"), Object.entries(names.dimensions).filter(([key]) => has.has(key)), choice.dimension);
  fill(at("kind"), Object.entries(names.kinds), choice.kind);
  fill(at("period"), periodsOf(choice.kind).map(({ key, name }) => [key, name]).reverse(), choice.period);
  const [legend, list] = at("members").children, focused = document.activeElement.value;
  legend.textContent = words("explorer.members", { dimension: names.dimensions[choice.dimension], n: charts.lines.length });
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

function fillTable(section, head, rows) {
  const cells = (texts, tag) => texts.map((text, place) => (place && tag === "td" ? make("td", text) : make("th", text, { scope: tag === "th" ? "col" : "row" })));
  const line = (texts, tag) => { const made = make("tr"); made.append(...cells(texts, tag)); return made; };
  section.querySelector("thead").replaceChildren(line(head, "th"));
  section.querySelector("tbody").replaceChildren(...rows.map(([isNow, ...texts]) => {
    const made = line(texts, "td");
    if (isNow) made.className = "now";
    return made;
  }));
  section.querySelector(".scroll").setAttribute("aria-label", words("explorer.table", { title: section.querySelector("h2").textContent }));
}

// "2021年1月至2021年3月" for neighbours
function listRuns(missing) {
  const runs = [];
  for (const period of missing) {
    const last = runs.at(-1);
    if (last && periodsOf(period.kind).indexOf(last[1]) + 1 === periodsOf(period.kind).indexOf(period)) last[1] = period;
    else runs.push([period, period]);
  }
  return listed(runs.map(([first, last]) => (first === last ? first.name : words("date.span", { start: first.name, end: last.name }))));
}
function whyAbsent(key, member) {
  return names.absent.filter(([period, of, by, who]) => period === key && of === choice.figure && by === choice.dimension && (who === null || who === member)).map((each) => each[4]);
}
function describeNotes(section, pairs) {
  const partial = pairs.filter(({ row }) => row && !row.is_complete).map(({ period }) => period.partial);
  const gaps = pairs.filter(({ row }) => !row), members = [...new Set(gaps.map(({ member }) => member))];
  const reasons = [...new Set(gaps.flatMap(({ period, member }) => whyAbsent(period.key, member[0])))];
  const missing = members.map((member) => words("explorer.gap", { member: member[1], periods: listRuns(gaps.filter((gap) => gap.member === member).map(({ period }) => period)) }));
  const because = reasons.length ? words("explorer.because", { reasons: reasons.join(texts["list.clause"]) }) : "";
  section.querySelector(".notes").textContent = [
    partial.length ? words("explorer.partial", { periods: listed([...new Set(partial)]) }) : "",
    gaps.length ? words("explorer.gaps", { gaps: listed(missing) + because }) : "",
    pairs.some(({ row }) => row && row.value === null) ? words("explorer.nothing") : "",
  ].join(" ").trim();
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
  return { low: fromZero ? Math.min(0, low) : Math.max(Math.min(0, low), low - room), high: high === 0 && fromZero ? 1 : high + room };
}

function showCourse() {
  const section = at("course"), shown = periodsOf(choice.kind), lines = linesOf();
  const pairs = lines.flatMap((line) => shown.map((period) => ({ line, period, member: line.member, row: rowsOf(line.key).get(period.key) })));
  const heading = words("explorer.course", { figure: title(), kind: names.kinds[choice.kind] });
  section.querySelector("h2").textContent = heading;
  section.querySelector(".picture").setAttribute("aria-label", words("explorer.spoken_course", { title: heading, n: shown.length }));
  section.querySelector(".legend").setAttribute("aria-label", words("explorer.legend", { period: periods.get(choice.period).name }));
  section.querySelector(".legend").replaceChildren(make("li", periods.get(choice.period).name), ...lines.map((line) => {
    const item = make("li"), key = make("svg", "", { viewBox: "-1.4 -1.4 2.8 2.8", "aria-hidden": "true" });
    key.append(make("path", "", { d: line.shape, fill: line.colour }));
    item.append(key, line.name, make("b", quantity(printed(rowsOf(line.key).get(choice.period), "value", figure()))));
    return item;
  }));
  describeNotes(section, pairs);
  fillTable(section, [words("explorer.period"), ...lines.map(({ name }) => name)], shown.map((period) => {
    const rows = lines.map(({ key }) => rowsOf(key).get(period.key)), partial = rows.find((row) => row && !row.is_complete);
    return [period.key === choice.period, nameOf(period, partial), ...rows.map((row) => printed(row, "value", figure()))];
  }).reverse());
  section.querySelector(".tools button").onclick = () => saveCsv(`${figure().name}-${names.kinds[choice.kind]}`, pairs);
  const headings = Object.fromEntries(shown.map(({ key, heading: text, year, is_first }, place) => [key, year && (is_first || !place) ? [text, year] : [text]]));
  const rows = pairs.map(({ line, period, row }) => ({
    period: period.key, member: line.key, value: row?.value ?? null, joined: row?.is_complete ? row.value : null,
    colour: line.colour, shape: line.shape, fill: row?.is_complete ? line.colour : charts.paper,
    printed: lines.length > 1 ? "" : printed(row, "value", figure()), // several numbers would lie over each other
    told: words("explorer.told", { member: line.name, period: nameOf(period, row), value: quantity(printed(row, "value", figure())) }),
  }));
  const isCount = !figure().is_fraction && figure().style !== "days";
  return draw("course", rows, { headings, chosen: choice.period, form: figure().is_fraction ? "~%" : ",~f", ...bounds(rows.map(({ value }) => value), isCount) });
}

function showRanking() {
  const section = at("ranking"), period = periods.get(choice.period), colours = new Map(linesOf().map((line) => [line.key, line.colour]));
  section.hidden = document.querySelector("#course .use").hidden = membersOf().length < 2;
  if (section.hidden) return Promise.resolve();
  const pairs = membersOf().map((member) => ({ member, period, row: rowsOf(member[0]).get(period.key) }));
  pairs.sort((a, b) => (b.row?.value ?? -Infinity) - (a.row?.value ?? -Infinity) || 0);
  const heading = words("explorer.ranking", { period: nameOf(period, pairs.find(({ row }) => row)?.row), figure: title(), dimension: names.dimensions[choice.dimension] });
  section.querySelector("h2").textContent = heading;
  section.querySelector(".picture").setAttribute("aria-label", words("explorer.spoken_members", { title: heading, n: pairs.length }));
  describeNotes(section, pairs);
  const parts = PARTS.filter((part) => part === "value" || pairs.some(({ row }) => row && row[part] !== null && (part !== "numerator" || row.denominator !== null)));
  fillTable(section, [names.member, ...parts.map((part) => (part === "value" ? title() : names.parts[part]))],
    pairs.map(({ member, row }) => [choice.members.has(member[0]), member[1], ...parts.map((part) => printed(row, part, figure()))]));
  section.querySelector(".tools button").onclick = () => saveCsv(`${figure().name}-${period.name}`, pairs);
  const rows = pairs.map(({ member, row }) => {
    const colour = row ? (colours.get(member[0]) ?? charts.rest) : "transparent", text = printed(row, "value", figure());
    return {
      member: member[0], value: row?.value ?? null, end: row?.value ?? 0, colour, fill: !row || row.is_complete ? colour : charts.paper,
      dash: row?.is_complete ? [1, 0] : [3, 2], printed: text, told: words("explorer.told", { member: member[1], period: nameOf(period, row), value: quantity(text) }),
    };
  });
  const { low, high } = bounds(rows.map(({ end }) => end), true);
  return draw("ranking", rows, { headings: Object.fromEntries(pairs.map(({ member }) => member)), height: 30 * rows.length, low, high: high + (high - low) * 0.16 });
}

function saveCsv(name, pairs) {
  // a cell that a spreadsheet would take for a formula is written as text, as reports/formats/spreadsheet.py does
  const cell = (value) => {
    const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) && Number.isNaN(Number(value)) ? `'${value}` : String(value ?? "");
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = pairs.map(({ member, period, row }) => [
    period.name, period.as_of, row ? words(row.is_complete ? "explorer.is_complete" : "explorer.is_partial") : "", figure().name, names.dimensions[choice.dimension], member[1],
    row?.value, figure().is_fraction ? "1" : figure().unit, row?.numerator, row?.denominator, row?.previous_value, row?.year_ago_value,
    row ? "" : [words("explorer.absent"), ...whyAbsent(period.key, member[0])].join(" "), names.source,
  ]);
  const text = [texts["explorer.columns"], ...lines].map((line) => `${line.map(cell).join(",")}\r\n`).join("");
  const link = make("a", "", { download: `${names.mark ? `${names.mark}-` : ""}${name}.csv` });
  link.href = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

function tell(_, event, __, text) {
  const box = at("told");
  box.hidden = !text;
  if (!text) return;
  box.textContent = text;
  box.style.left = `${Math.max(8, Math.min(event.clientX + 14, innerWidth - box.offsetWidth - 8))}px`;
  box.style.top = `${event.clientY - box.offsetHeight - 12 > 0 ? event.clientY - box.offsetHeight - 12 : event.clientY + 18}px`;
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
  at("basis").textContent = [basis, numerator && denominator ? `${numerator} ÷ ${denominator}` : ""].filter(Boolean).join("\n");
  writeAddress();
  await Promise.all([showCourse(), showRanking()]);
  at("shown").textContent = listed([...document.querySelectorAll("section:not([hidden]) h2")].map((heading) => heading.textContent));
  document.body.dataset.shown = String(Number(document.body.dataset.shown ?? 0) + 1);
}

for (const key of ["figure", "dimension", "kind", "period"]) at(key).addEventListener("change", () => choose({ [key]: at(key).value }));
at("members").addEventListener("change", ({ target }) => toggle(target.value));
at("choices").addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", () => { readAddress(); choose({}); });
(async () => {
  figures = await readFigures();
  readAddress();
  // Vega measures words by the typeface that the page carries
  await Promise.all([document.fonts.load('13px "Noto Sans SC"'), document.fonts.load('bold 13px "Noto Sans SC Bold"')]);
  await choose({});
})();
