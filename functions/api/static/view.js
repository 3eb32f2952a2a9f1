// One page to look at: its picture with the words over it, and its text beside it, tied together.
// Boxes are in points of the page as displayed; the sheet is drawn in points and scaled.
import { ask, picture } from "./api.js";
import { ranges } from "./ranges.js";

const UNSURE = 75; // confidence below which a word is doubtful
const ZOOM = 1.25, LEAST = 0.2, MOST = 8;
const SVG = "http://www.w3.org/2000/svg";

const dialog = document.getElementById("viewer");
const part = (name) => dialog.querySelector(`.${name}`);
const made = (name, text = "", kind = "") => {
  const element = document.createElement(name);
  element.textContent = text;
  if (kind) element.className = kind;
  return element;
};
const drawn = (name, facts, kind) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(facts)) element.setAttribute(key, value);
  if (kind) element.setAttribute("class", kind);
  return element;
};

let act; // what a button asks the API for, see `use`
let having = [], searching = 0; // pages that have what is looked for
let told = null, number = 1, page = null, zoom = 0, turn = 0, image = "", marked = null;

export function use(how) {
  act = how;
}

// Open a document at a page, or show its newest state if it is open already.
export function open(status, wanted, query = "") {
  if (told?.id !== status.id) having = [];
  told = status;
  if (query) part("find").value = query;
  part("title").textContent = status.name;
  if (!dialog.open) dialog.showModal();
  go(wanted);
  if (query) findAll();
}

export function refresh(status) {
  if (!dialog.open || told?.id !== status.id) return;
  const before = stateOf(number);
  told = status;
  overview();
  if (stateOf(number) !== before) go(number);
}

const stateOf = (which) => told.page_states.find((one) => one.page === which)?.state;

async function go(wanted) {
  const numbers = told.page_states.map((one) => one.page);
  if (!numbers.includes(wanted)) return;
  const fresh = wanted !== number || page === null;
  number = wanted;
  if (fresh) { page = null; marked = null; forget(); }
  overview();
  const known = told.page_states.find((one) => one.page === number);
  if (known.state !== "done") return nothing(known.error?.message ?? WAITING[known.state]);
  const asked = `v1/documents/${told.id}/pages/${number}`;
  try {
    const found = await ask(asked);
    if (number !== wanted) return;
    page = found;
    turn = found.orientation ?? 0;
    show();
    const blob = await picture(`${asked}/picture`);
    if (number !== wanted || page !== found || !blob) return;
    image = URL.createObjectURL(blob);
    show();
  } catch (error) {
    if (number === wanted) nothing(error.message);
  }
}

const WAITING = {
  waiting: "This page is still waiting to be read, or being read.",
  skipped: "This page was not asked for.",
};

function nothing(why) {
  part("sheet").replaceChildren();
  part("words").replaceChildren(made("p", why ?? "", "why"));
  part("about").textContent = "";
}

function forget() {
  if (image) URL.revokeObjectURL(image);
  image = "";
}

// The pages as a grid: a number, and a state in its sign and its name, not in its colour alone.
const SIGNS = { done: "", unsure: "?", failed: "✕", waiting: "…", skipped: "–", blank: "□" };

function shape(one) {
  if (one.state !== "done") return one.state;
  return one.review ? "unsure" : one.source === "blank" ? "blank" : "done";
}

function saying(one, state) {
  if (one.error) return one.error.message;
  if (one.state !== "done") return state;
  const facts = [state, one.source, `confidence ${one.confidence}`,
    `${(one.milliseconds / 1000).toFixed(1)} s`, one.languages];
  return facts.filter(Boolean).join(", ");
}

export function grid(place, status, choose, current = 0) {
  status.page_states.forEach((one, index) => {
    const cell = place.children[index] ?? place.appendChild(made("button"));
    const state = shape(one);
    cell.type = "button";
    cell.dataset.state = state;
    cell.textContent = `${one.page} ${SIGNS[state]}`.trim();
    cell.title = `Page ${one.page}: ${saying(one, state)}`;
    cell.setAttribute("aria-label", cell.title);
    cell.classList.toggle("has", current > 0 && having.includes(one.page));
    if (one.page === current) cell.setAttribute("aria-current", "page");
    else cell.removeAttribute("aria-current");
    cell.onclick = () => choose(one.page);
  });
  while (place.children.length > status.page_states.length) place.lastChild.remove();
}

function overview() {
  const place = told.page_states.findIndex((one) => one.page === number);
  part("place").textContent = `${number} of ${told.pages.total || told.page_states.length}`;
  part("back").disabled = place <= 0;
  part("on").disabled = place === told.page_states.length - 1;
  const unsure = told.review.length, all = part("all");
  all.hidden = !unsure || !told.ended_at;
  all.textContent = unsure === 1 ? "Read the doubtful page again"
    : `Read all ${unsure} doubtful pages again`;
  grid(part("grid"), told, go, number);
  part("grid").querySelector("[aria-current=page]")
    ?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function show() {
  const sheet = drawn("svg", {
    viewBox: `0 0 ${page.width} ${page.height}`, role: "img",
    "aria-label": `Page ${number}, its words in their places`,
  });
  sheet.append(drawn("rect", { width: page.width, height: page.height }, "paper"));
  if (image) {
    sheet.append(drawn("image", {
      href: image, width: page.width, height: page.height, preserveAspectRatio: "none",
    }));
  }
  const text = document.createDocumentFragment();
  let count = 0;
  for (const block of page.blocks) {
    const paragraph = made(block.kind === "heading" ? "h3" : "p");
    for (const line of block.lines) {
      const row = made("span", "", "line");
      for (const word of line.words) {
        const kind = doubtful(word) ? "word unsure" : "word";
        const said = made("span", word.text, kind);
        said.dataset.word = count;
        if (doubtful(word)) said.title = alternative(word);
        row.append(said, " ");
        sheet.append(...over(word, count, kind));
        count += 1;
      }
      paragraph.append(row);
    }
    text.append(paragraph);
  }
  for (const one of page.unread ?? []) {
    const [x, y, right, bottom] = one.box;
    const mark = drawn("rect", { x, y, width: right - x, height: bottom - y }, "unread");
    mark.append(drawn("title", {}));
    mark.firstChild.textContent = "Something here could not be read";
    sheet.append(mark);
  }
  for (const code of page.codes ?? []) text.append(made("p", `[${code.format}] ${code.text ?? "(data)"}`));
  if (!text.childNodes.length) text.append(made("p", "This page is blank.", "why"));
  part("sheet").replaceChildren(sheet);
  part("words").replaceChildren(text);
  about(count);
  lay();
  find();
}

const doubtful = (word) => word.sure === false || (word.sure == null && word.confidence < UNSURE);
const alternative = (word) => word.alternative
  ? `unsure; or “${word.alternative}”` : `unsure: confidence ${Math.round(word.confidence)}`;

// A word's box; without a picture its letters stand there, as wide as they are on the page.
function over(word, index, kind) {
  const [x, y, right, bottom] = word.box, width = right - x, height = bottom - y;
  const box = drawn("rect", { x, y, width, height, "data-word": index }, kind);
  const hint = drawn("title", {});
  hint.textContent = word.text;
  box.append(hint);
  if (image) return [box];
  const letters = drawn("text", {
    x, y: bottom - height / 5, "font-size": height * 0.9, textLength: Math.max(width, 1),
    lengthAdjust: "spacingAndGlyphs",
  });
  letters.textContent = word.text;
  return [letters, box];
}

function about(count) {
  const source = { native: "text layer", ocr: "recognised", mixed: "text layer and recognised" };
  const facts = [source[page.source] ?? page.source, `${count} words`,
    `confidence ${page.confidence}`, page.languages,
    page.unread?.length && `${page.unread.length} places unread`, page.review && `look: ${page.review}`];
  part("about").textContent = facts.filter(Boolean).join(" · ");
}

// Lay the sheet out: upright, and as wide as there is room unless another size was asked for.
function lay() {
  const frame = part("frame"), sheet = part("sheet").firstElementChild;
  if (!sheet || !page) return; // nothing to lay out, or the one before still stands
  const sideways = turn % 180 !== 0;
  const wide = sideways ? page.height : page.width, high = sideways ? page.width : page.height;
  const scale = zoom || Math.max(LEAST, (frame.clientWidth - 24) / wide);
  const holder = part("sheet");
  holder.style.width = `${wide * scale}px`;
  holder.style.height = `${high * scale}px`;
  sheet.style.width = `${page.width * scale}px`;
  sheet.style.height = `${page.height * scale}px`;
  sheet.style.transform = `translate(-50%, -50%) rotate(${turn}deg)`;
  holder.dataset.scale = scale;
}

function resize(factor) {
  const now = Number(part("sheet").dataset.scale) || 1;
  zoom = factor ? Math.min(MOST, Math.max(LEAST, now * factor)) : 0;
  lay();
}

// Point at a word in one place and see it in the other.
function mark(index, source) {
  for (const one of dialog.querySelectorAll(".here")) one.classList.remove("here");
  marked = index;
  if (index === null) return;
  for (const one of dialog.querySelectorAll(`[data-word="${index}"]`)) {
    one.classList.add("here");
    if (source && !source.contains(one)) one.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}

for (const name of ["sheet", "words"]) {
  const place = part(name);
  place.onpointerover = (event) => {
    const index = event.target.dataset?.word;
    if (index !== undefined) mark(index, null);
  };
  place.onclick = (event) => {
    const index = event.target.dataset?.word;
    if (index !== undefined) mark(index, place);
  };
}

// Words of the page that are looked for, as the API finds them: small letters without accents.
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
  .replaceAll("ß", "ss").match(/[\p{L}\p{N}]+/gu) ?? [];

function find() {
  const query = part("find").value.trim(), wanted = plain(query), last = wanted.at(-1);
  let hits = 0;
  for (const one of part("words").querySelectorAll("[data-word]")) {
    const hit = plain(one.textContent).some((word) => wanted.includes(word)
      || (last && !query.endsWith('"') && word.startsWith(last)));
    hits += hit;
    for (const each of dialog.querySelectorAll(`[data-word="${one.dataset.word}"]`)) {
      each.classList.toggle("hit", hit);
    }
    if (hit && hits === 1) mark(one.dataset.word, part("find"));
  }
  const pages = having.length ? `, ${having.length} ${having.length === 1 ? "page" : "pages"}` : "";
  part("hits").textContent = wanted.length ? `${hits} here${pages}` : "";
}

// Pages of the whole document that have it: told once nobody types any more.
const PATIENCE = 300; // milliseconds

function findAll() {
  find();
  clearTimeout(searching);
  searching = setTimeout(async () => {
    const query = part("find").value.trim(), id = told?.id, found = [];
    let pages = "";
    try {
      while (id && query && pages !== null) {
        const asked = new URLSearchParams({ q: query, ...(pages && { pages }) });
        const answer = await ask(`v1/documents/${id}/search?${asked}`);
        if (told?.id !== id || part("find").value.trim() !== query) return;
        found.push(...answer.hits.map((hit) => hit.page));
        pages = answer.next_pages;
      }
    } catch (error) {
      part("hits").textContent = error.message;
      return;
    }
    having = found;
    if (told) overview();
    find();
  }, PATIENCE);
}

function nextWithIt(event) {
  if (event.key !== "Enter") return;
  event.preventDefault();
  const after = having.find((one) => one > number) ?? having[0];
  if (after) go(after);
}

async function again(event) {
  event.preventDefault();
  const given = Object.fromEntries([...new FormData(event.target)].filter(([, value]) => value));
  const all = event.submitter?.classList.contains("all");
  const body = JSON.stringify({ pages: all ? ranges(told.review) : String(number), options: given });
  await act(event.submitter, `v1/documents/${told.id}/retry`, {
    method: "POST", body, headers: { "Content-Type": "application/json" },
  });
  page = null;
}

const step = (by) => {
  const place = told.page_states.findIndex((one) => one.page === number) + by;
  if (told.page_states[place]) go(told.page_states[place].page);
};
part("back").onclick = () => step(-1);
part("on").onclick = () => step(1);
part("larger").onclick = () => resize(ZOOM);
part("smaller").onclick = () => resize(1 / ZOOM);
part("fit").onclick = () => resize(0);
part("rotate").onclick = () => { turn = (turn + 90) % 360; lay(); };
part("copy").onclick = () => navigator.clipboard?.writeText(part("words").innerText);
part("again").onsubmit = again;
part("find").oninput = findAll;
part("find").onkeydown = nextWithIt;
part("close").onclick = () => dialog.close();
dialog.onclose = () => { forget(); told = page = null; having = []; part("find").value = ""; };
dialog.onkeydown = (event) => {
  if (event.target.matches("input, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  const keys = { ArrowLeft: () => step(-1), ArrowRight: () => step(1), "+": () => resize(ZOOM),
    "-": () => resize(1 / ZOOM), 0: () => resize(0) };
  if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
};
new ResizeObserver(lay).observe(part("frame"));
