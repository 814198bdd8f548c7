"use strict";
const part = (id) => document.getElementById(id);
let version = "";

function showPage(address) {
  const frame = part("page");
  const top = frame.contentWindow ? frame.contentWindow.scrollY : 0;
  frame.onload = () => frame.contentWindow.scrollTo(0, top);
  frame.src = address;
}

function showPaper(addresses) {
  const paper = part("paper");
  while (paper.children.length > addresses.length) paper.lastChild.remove();
  addresses.forEach((address, place) => {
    const picture = paper.children[place] || paper.appendChild(new Image());
    picture.alt = String(place + 1);
    picture.src = address;
  });
}

function showTyped(summary, lines) {
  const typed = part("typed");
  typed.hidden = lines.length === 0;
  typed.firstChild.textContent = summary;
  typed.lastChild.replaceChildren(...lines.map((line) => {
    const item = document.createElement("li");
    item.textContent = line;
    return item;
  }));
}

async function look() {
  try {
    const state = await (await fetch("state.json", { cache: "no-store" })).json();
    part("wrong").textContent = state.mistake;
    if (state.version !== version) {
      version = state.version;
      showPage("bulletin.html?" + version);
      showPaper(state.pages.map((name) => name + "?" + version));
      showTyped(state.typed_count, state.typed);
    }
  } catch (error) { /* the preview has ended, or is about to write */ }
  setTimeout(look, 500);
}

look();
