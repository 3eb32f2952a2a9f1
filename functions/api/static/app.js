// The web page: the API's own states, drawn. What comes from documents is only ever textContent.
import { ask, at, call, enter, signedIn, whenRefused } from "./api.js";
import * as found from "./found.js";
import * as signin from "./signin.js";
import * as uploads from "./uploads.js";
import * as viewer from "./view.js";

const LIVE = new Set(["UPLOADING", "QUEUED", "PROCESSING", "ASSEMBLING"]);
const MOST = 100; // documents that the API lists at once
const FAST = 700, SLOW = 4000; // milliseconds between looks, with and without live documents
const PAGES = 1000; // whose states the API tells at once
const UNDO = 10_000; // milliseconds in which a deletion can be taken back

const find = (id) => document.getElementById(id);
const cards = new Map();

function notice(text, passing = false) {
  find("notice").textContent = text;
  find("notice").hidden = !text;
  find("notice").dataset.passing = passing;
}

function options() {
  const given = new FormData(find("form"));
  const chosen = ["languages", "pages", "mode"].map((name) => [name, given.get(name)?.trim()]);
  chosen.push(["outputs", given.getAll("outputs").join(",")], ["pictures", "true"]);
  return Object.fromEntries(chosen.filter(([, value]) => value));
}

function take(files) {
  notice("");
  return uploads.take(files, options(), look);
}

function card(id) {
  if (!cards.has(id)) {
    const element = find("card").content.firstElementChild.cloneNode(true);
    const here = `v1/documents/${id}`;
    const bind = (button, path, options) => {
      element.querySelector(button).onclick = (event) => act(event.currentTarget, path, options);
    };
    element.querySelector(".delete").onclick = () => remove(id);
    element.querySelector(".undo").onclick = () => keep(id);
    bind(".cancel", `${here}/cancel`, { method: "POST" });
    bind(".retry", `${here}/retry`, {
      method: "POST", body: "{}", headers: { "Content-Type": "application/json" },
    });
    element.querySelector(".locked").onsubmit = (event) => {
      event.preventDefault();
      const password = new FormData(event.target).get("password");
      event.target.reset();
      act(event.submitter, `${here}/password`, {
        method: "POST", body: JSON.stringify({ password }),
        headers: { "Content-Type": "application/json" },
      });
    };
    cards.set(id, { element, state: "", told: null, going: 0 });
  }
  return cards.get(id);
}

// A link cannot show a token: then the file is fetched, and saved from here.
async function save(event) {
  if (!signedIn()) return;
  event.preventDefault();
  const link = event.currentTarget, answer = await call(link.href);
  if (!answer.ok) {
    notice(`The result cannot be had: ${answer.status}.`);
    return;
  }
  const named = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get("Content-Disposition") ?? "");
  const copy = document.createElement("a");
  copy.href = URL.createObjectURL(await answer.blob());
  copy.download = named ? decodeURIComponent(named[1]) : link.textContent;
  copy.click();
  URL.revokeObjectURL(copy.href);
}

// A document is asked to be deleted when nobody has taken it back for a while.
function remove(id) {
  const one = cards.get(id);
  one.element.classList.add("going");
  one.element.querySelector(".undo").focus();
  one.going = setTimeout(() => act(null, `v1/documents/${id}`, { method: "DELETE" }), UNDO);
}

function keep(id) {
  const one = cards.get(id);
  clearTimeout(one.going);
  one.element.classList.remove("going");
}

async function act(button, path, options) {
  notice("");
  if (button) button.disabled = true;
  try {
    await ask(path, options);
  } catch (error) {
    notice(error.message);
  }
  await look();
  if (button) button.disabled = false;
}

function draw(told) {
  const one = card(told.id), part = (name) => one.element.querySelector(name);
  one.state = told.state;
  one.told = told;
  viewer.refresh(told);
  part(".name").textContent = part(".name").title = told.name;
  part(".state").textContent = told.state;
  part(".state").dataset.state = told.state;
  const { total, done, failed } = told.pages;
  part(".counts").textContent = total
    ? `${done} of ${total} ${total === 1 ? "page" : "pages"}` + (failed ? `, ${failed} failed` : "")
      + (told.review.length ? `, ${told.review.length} worth a look` : "")
    : "";
  part(".cancel").hidden = !LIVE.has(told.state);
  part(".retry").hidden = LIVE.has(told.state) || failed === 0;
  part(".reason").hidden = !told.reason;
  const locked = told.reason?.code === "PASSWORD_REQUIRED";
  part(".locked").hidden = !locked;
  part(".reason").textContent = told.reason
    ? [told.reason.message, locked ? "" : told.reason.hint].filter(Boolean).join(" ") : "";
  part(".links").replaceChildren(...told.results.map((format) => {
    const link = document.createElement("a");
    link.href = at(`v1/documents/${told.id}/result?format=${format}`);
    link.textContent = format;
    link.onclick = save;
    return link;
  }));
  viewer.grid(part(".pages"), told, (number) => viewer.open(one.told, number));
}

// Of a long document a range of its pages is shown at a time.
async function withPages(told) {
  const one = card(told.id), button = one.element.querySelector(".range");
  button.hidden = !told.next;
  if (!told.next) return told;
  const part = await ask(one.range ?? told.next), all = part.page_states;
  button.textContent = `Pages ${all[0]?.page} to ${all.at(-1)?.page} of ${told.pages.total}: `
    + (part.next ? "show the next" : "show the first");
  button.onclick = () => { one.range = part.next; one.state = ""; look(); };
  return { ...told, page_states: all };
}

// Of a long document the pages around one.
async function withRange(told, number) {
  const first = Math.floor((number - 1) / PAGES) * PAGES + 1;
  const last = Math.min(first + PAGES - 1, told.pages.total);
  const part = await ask(`v1/documents/${told.id}?pages=${first}-${last}`);
  return { ...told, page_states: part.page_states };
}

let timer = 0, latest = Promise.resolve(), wished = 20;

// One look after the other: two at a time would throw away each other's cards.
function look() {
  clearTimeout(timer);
  latest = latest.then(lookOnce);
  return latest;
}

function unlessGone(error) {
  if (![404, 410].includes(error.status)) throw error; // deleted since it was listed
}

async function lookOnce() {
  let wait = SLOW;
  try {
    const state = find("state").value;
    const query = new URLSearchParams({ limit: wished, ...(state && { state }) });
    const { documents, cursor } = await ask(`v1/documents?${query}`);
    if (find("notice").dataset.passing === "true") notice("");
    find("empty").hidden = documents.length > 0;
    find("more").hidden = !cursor || wished === MOST;
    await Promise.all(documents.map(async (listed) => {
      const one = card(listed.id);
      // What has ended does not change; only live documents are looked at again.
      if (one.state !== listed.state || LIVE.has(listed.state)) {
        const told = await ask(`v1/documents/${listed.id}`).then(withPages).catch(unlessGone);
        if (told) draw(told);
      }
      if (LIVE.has(one.state)) wait = FAST;
    }));
    filter();
    const there = new Set(documents.map((one) => one.id));
    for (const id of cards.keys()) if (!there.has(id)) cards.delete(id);
    const wanted = documents.map((one) => cards.get(one.id).element);
    const list = find("documents");
    if (wanted.some((element, index) => list.children[index] !== element)
        || list.children.length !== wanted.length) list.replaceChildren(...wanted);
  } catch (error) {
    if (error.status !== 401) {
      notice(error.status ? error.message : "The service cannot be reached.", true);
    }
  }
  clearTimeout(timer);
  timer = setTimeout(look, wait);
}

// Of the documents that are listed, show those whose names hold what was typed.
function filter() {
  const wanted = find("name").value.trim().toLowerCase();
  for (const { element } of cards.values()) {
    element.hidden = !element.querySelector(".name").textContent.toLowerCase().includes(wanted);
  }
}

// The box takes any of them, joined by +; the list only helps. Without it nothing is lost.
function begin() {
  ask("v1/languages").then((told) => find("languages").append(...told.languages.map((name) => {
    const option = document.createElement("option");
    option.value = name;
    return option;
  }))).catch(() => {});
  look();
}

whenRefused(() => {
  if (!find("entry").hidden) return;
  find("refused").hidden = !signedIn();
  find("entry").hidden = false;
  enter("");
});
find("issuer").hidden = !signin.offered();
find("issuer").onclick = () => signin.leave().catch((error) => notice(error.message));
find("entry").onsubmit = (event) => {
  event.preventDefault();
  enter(new FormData(event.target).get("token").trim());
  event.target.hidden = true;
  event.target.reset();
  begin();
};

const drop = find("drop");
drop.ondragover = (event) => { event.preventDefault(); drop.classList.add("over"); };
drop.ondragleave = () => drop.classList.remove("over");
drop.ondrop = (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  take([...event.dataTransfer.files]);
};
drop.onkeydown = (event) => { if (event.key === "Enter" || event.key === " ") find("files").click(); };
find("files").onchange = (event) => { take([...event.target.files]); event.target.value = ""; };
const older = () => { wished = Math.min(wished + 20, MOST); look(); };
find("more").onclick = older;
new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) older(); })
  .observe(find("more"));
find("state").onchange = () => look();
find("name").oninput = filter;
find("form").onsubmit = (event) => event.preventDefault();
viewer.use(act);
found.use(async (id, number, query) => {
  try {
    const told = await ask(`v1/documents/${id}`);
    viewer.open(told.next ? await withRange(told, number) : told, number, query);
  } catch (error) {
    notice(error.message);
  }
});
signin.arrive().then((token) => { if (token) enter(token); }, (error) => notice(error.message))
  .then(begin);
