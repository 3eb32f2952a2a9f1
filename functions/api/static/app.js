// The web page: the API's own states, drawn. What comes from documents is only ever textContent.
import * as viewer from "./view.js";

const LIVE = new Set(["UPLOADING", "QUEUED", "PROCESSING", "ASSEMBLING"]);
const DIRECT_BYTES = 4_000_000; // larger files go to the bucket by the upload form
const MOST = 100; // documents that the API lists at once
const FAST = 700, SLOW = 4000; // milliseconds between looks, with and without live documents

// Relative, so that a stage in the path (/prod/) stays where it is.
const here = location.href.replace(/[?#].*/, "").replace(/\/?$/, "/");
const api = (path) => new URL(path, here);
const find = (id) => document.getElementById(id);
const cards = new Map();

async function ask(path, options) {
  const answer = await fetch(api(path), options);
  if (answer.status === 204) return null;
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    const error = told.error ?? { message: `The service answered ${answer.status}.` };
    const said = [error.message, error.hint].filter(Boolean).join(" ");
    throw Object.assign(new Error(said), { status: answer.status });
  }
  return told;
}

// A picture, or nothing where the document has none.
async function picture(path) {
  const answer = await fetch(api(path), { headers: { Accept: "image/jpeg" } });
  return answer.ok ? answer.blob() : null;
}

// Without what turns a line round or takes no room: names are the sender's.
const tame = (name) => name.replace(/\p{C}/gu, "").slice(0, 100);

function notice(text, passing = false) {
  find("notice").textContent = text;
  find("notice").hidden = !text;
  find("notice").dataset.passing = passing;
}

function options() {
  const given = new FormData(find("form"));
  const chosen = ["languages", "pages", "mode"].map((name) => [name, given.get(name)?.trim()]);
  return Object.fromEntries([...chosen.filter(([, value]) => value), ["pictures", "true"]]);
}

async function send(file) {
  const chosen = options();
  if (file.size > 0 && file.size <= DIRECT_BYTES) {
    const query = new URLSearchParams({ name: file.name, ...chosen });
    return ask(`v1/documents?${query}`, {
      method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" },
    });
  }
  const told = await ask("v1/documents", {
    method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name: file.name, size: file.size, options: chosen }),
  });
  const form = new FormData();
  for (const [name, value] of Object.entries(told.upload.fields)) form.append(name, value);
  form.append("file", file);
  // The bucket is another origin; the document's state tells whether it arrived.
  await fetch(told.upload.url, { method: "POST", body: form, mode: "no-cors" });
  return told;
}

async function take(files) {
  notice("");
  for (const file of files) {
    try {
      await send(file);
    } catch (error) {
      notice(`${tame(file.name)}: ${error.message}`);
    }
  }
  look();
}

function card(id) {
  if (!cards.has(id)) {
    const element = find("card").content.firstElementChild.cloneNode(true);
    const here = `v1/documents/${id}`;
    const bind = (button, path, options) => {
      element.querySelector(button).onclick = (event) => act(event.currentTarget, path, options);
    };
    bind(".delete", here, { method: "DELETE" });
    bind(".cancel", `${here}/cancel`, { method: "POST" });
    bind(".retry", `${here}/retry`, {
      method: "POST", body: "{}", headers: { "Content-Type": "application/json" },
    });
    cards.set(id, { element, state: "", told: null });
  }
  return cards.get(id);
}

async function act(button, path, options) {
  notice("");
  button.disabled = true;
  try {
    await ask(path, options);
  } catch (error) {
    notice(error.message);
  }
  await look();
  button.disabled = false;
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
  part(".reason").textContent = told.reason
    ? [told.reason.message, told.reason.hint].filter(Boolean).join(" ") : "";
  part(".links").replaceChildren(...told.results.map((format) => {
    const link = document.createElement("a");
    link.href = api(`v1/documents/${told.id}/result?format=${format}`);
    link.textContent = format;
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
    const { documents, cursor } = await ask(`v1/documents?limit=${wished}`);
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
    const there = new Set(documents.map((one) => one.id));
    for (const id of cards.keys()) if (!there.has(id)) cards.delete(id);
    const wanted = documents.map((one) => cards.get(one.id).element);
    const list = find("documents");
    if (wanted.some((element, index) => list.children[index] !== element)
        || list.children.length !== wanted.length) list.replaceChildren(...wanted);
  } catch (error) {
    notice(error.message, true);
  }
  clearTimeout(timer);
  timer = setTimeout(look, wait);
}

// The box takes any of them, joined by +; the list only helps. Without it nothing is lost.
ask("v1/languages").then((told) => find("languages").append(...told.languages.map((name) => {
  const option = document.createElement("option");
  option.value = name;
  return option;
}))).catch(() => {});

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
find("more").onclick = () => { wished = Math.min(wished + 20, MOST); look(); };
find("form").onsubmit = (event) => event.preventDefault();
viewer.use({ ask, picture, act });
look();
