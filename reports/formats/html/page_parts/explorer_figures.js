// What the explorer knows: the figures, names and words that its page carries, the reader's choice among them, and how
// their numbers are printed and saved as CSV. explorer.js shows them. Names and words come from explorer.py.
"use strict";

const at = (id) => document.getElementById(id);
const { texts, ...names } = JSON.parse(at("names").textContent);
const charts = JSON.parse(at("charts").textContent);
const words = (key, parts = {}) => texts[key].replace(/{(\w+)}/g, (_, part) => parts[part]);
const listed = (items) => items.join(texts["list.comma"]);
const periods = new Map(names.periods.map((period) => [period.key, period]));
const PARTS = ["value", "numerator", "denominator", "previous_value", "year_ago_value"];
const choice = { figure: "", dimension: "", kind: "", period: "", members: new Set() };
let figures; // figure -> dimension -> member -> period -> row

async function readFigures() {
  const bytes = Uint8Array.from(atob(at("rows").textContent), (letter) => letter.charCodeAt(0));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const nest = (content, read) => new Map(Object.entries(content).map(([key, inner]) => [key, read(inner)]));
  const readRow = (n, [complete, numerator, denominator, value, previous_value, year_ago_value]) => ({
    is_complete: complete[n] === 1,
    numerator: numerator[n],
    denominator: denominator[n],
    value: value[n],
    previous_value: previous_value[n],
    year_ago_value: year_ago_value[n],
  });
  const readRows = ([keys, ...parts]) => new Map(keys.map((key, n) => [key, readRow(n, parts)]));
  const readMembers = (members) => nest(members, readRows);
  return nest(await new Response(unpacked).json(), (dimensions) => nest(dimensions, readMembers));
}

// Numbers are printed as reports/words/wording.py prints them: half up by their decimal digits, and never as 0 or 100%
// unless they are.
const formats = new Map();
function round(value, decimals, style) {
  const key = `${style}${decimals}`;
  if (!formats.has(key)) {
    const options = {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
      style: style === "percent" ? "percent" : "decimal",
      useGrouping: style !== "days",
    };
    formats.set(key, new Intl.NumberFormat("en", options));
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
  if (!row) return "—";
  return row[part] === null ? "/" : print(row[part], part, style, decimals).replaceAll(",", texts["numbers.thousands"]);
}
function print(amount, part, style, decimals) {
  if (part === "numerator" || part === "denominator") {
    return Number.isInteger(amount) ? round(amount, 0, "count") : round(amount, 2, "days");
  }
  if (style === "days") return round(amount, decimals, "days");
  if (style === "share" || style === "rate") return roundCarefully(amount, decimals, "percent", [0, 100]);
  return roundCarefully(amount, 0, "count", [0]);
}

const figure = () => names.figures[choice.figure];
const title = () => {
  const { name, unit } = figure();
  return unit ? words("titled", { name, unit }) : name;
};
const rowsOf = (member) => figures.get(choice.figure).get(choice.dimension).get(member) ?? new Map();
const periodsOf = (kind) => names.periods.filter((period) => period.kind === kind);
const nameOf = (period, row) => (row && !row.is_complete ? period.partial : period.name);
const quantity = (row) => {
  const number = printed(row, "value", figure()), { unit } = figure();
  return unit && row && row.value !== null ? words("quantity", { number, unit }) : number;
};
// [key, name] of each member that the figure has in any period, in the office's order
const membersOf = () => names.members[choice.dimension].filter(([member]) => rowsOf(member).size);
const chosenMembers = () => membersOf().filter(([member]) => choice.members.has(member));
// each chosen member with the colour and the shape of its line
const linesOf = () =>
  chosenMembers().map((member, place) => {
    const [colour, shape] = charts.lines[place];
    return { member, key: member[0], name: member[1], colour, shape };
  });

function whyAbsent(key, member) {
  const isOf = ([period, of, by, who]) =>
    period === key && of === choice.figure && by === choice.dimension && (who === null || who === member);
  return names.absent.filter(isOf).map(([, , , , reason]) => reason);
}

function saveCsv(name, pairs) {
  // a text that a spreadsheet would take for a formula is marked as text, as reports/formats/spreadsheet.py does
  const begins = /^(?:[\s\x00-\x1f]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])/, number = /^[+-]?\d[\d,]*(?:\.\d+)?\s?[%‰]?$/;
  const isFormula = (value) => typeof value === "string" && begins.test(value) && !number.test(value);
  const cell = (value) => {
    const text = isFormula(value) ? `'${value}` : String(value ?? "");
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const { is_fraction, unit } = figure();
  const lines = pairs.map(({ member, period, row }) => [
    period.name,
    period.as_of,
    row ? words(row.is_complete ? "explorer.is_complete" : "explorer.is_partial") : "",
    figure().name,
    names.dimensions[choice.dimension],
    member[1],
    row?.value,
    is_fraction ? "1" : unit,
    row?.numerator,
    row?.denominator,
    row?.previous_value,
    row?.year_ago_value,
    row ? "" : [words("explorer.absent"), ...whyAbsent(period.key, member[0])].join(" "),
    names.source,
  ]);
  const text = [texts["explorer.columns"], ...lines].map((line) => `${line.map(cell).join(",")}\r\n`).join("");
  const link = make("a", "", { download: `${names.mark && `${names.mark}-`}${name}.csv` });
  link.href = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
