// Words in all documents: what was found, the best document first; a page opens where it stands.
import { ask } from "./api.js";

const PATIENCE = 300; // milliseconds after the last key
const find = (id) => document.getElementById(id);
const made = (name, text, kind) => {
  const element = document.createElement(name);
  element.textContent = text;
  if (kind) element.className = kind;
  return element;
};

let open = () => {}, timer = 0, asked = "";

// How a page is opened: told a document's id, a page's number, and what was looked for.
export function use(how) {
  open = how;
}

// Some text with what was looked for marked in it.
function excerpt({ text, matches }) {
  const line = made("span", "", "text");
  let from = 0;
  for (const [begin, end] of matches) {
    line.append(text.slice(from, begin), made("mark", text.slice(begin, end)));
    from = end;
  }
  line.append(text.slice(from));
  return line;
}

function entry(told, query) {
  const item = made("li", ""), pages = made("ul", "");
  item.append(made("span", told.name, "name"), pages);
  pages.append(...told.hits.map((hit) => {
    const row = made("li", ""), button = made("button", `Page ${hit.page}`);
    button.type = "button";
    button.onclick = () => open(told.id, hit.page, query);
    row.append(button, " ", excerpt(hit));
    return row;
  }));
  return item;
}

async function look() {
  const query = find("holding").value.trim();
  asked = query;
  if (!query) return show("", []);
  try {
    const told = await ask(`v1/search?${new URLSearchParams({ q: query })}`);
    if (asked !== query) return;
    const count = told.documents.length, behind = told.behind;
    show([count ? `${count} ${count === 1 ? "document has" : "documents have"} it.` : "No document has it.",
      behind ? `${behind} are not searched yet.` : ""].filter(Boolean).join(" "),
      told.documents.map((one) => entry(one, query)));
  } catch (error) {
    if (asked === query) show(error.message, []);
  }
}

function show(said, entries) {
  find("found").hidden = !said;
  find("found-said").textContent = said;
  find("found-list").replaceChildren(...entries);
}

find("holding").oninput = () => {
  clearTimeout(timer);
  timer = setTimeout(look, PATIENCE);
};
