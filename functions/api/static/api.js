// How the page speaks with the API. Paths are relative, so that a stage in them (/prod/) stays.
const here = location.href.replace(/[?#].*/, "").replace(/\/?$/, "/");
export const at = (path) => new URL(path, here);

// A service that listens for others wants its token: kept for this tab, sent in a header.
let token = sessionStorage.getItem("token") ?? "";
let refused = () => {};

export const signedIn = () => token !== "";
export const signed = (headers = {}) =>
  token ? { ...headers, Authorization: `Bearer ${token}` } : headers;

// Take a token for what follows; an empty one forgets it.
export function enter(given) {
  token = given;
  if (given) sessionStorage.setItem("token", given);
  else sessionStorage.removeItem("token");
}

// What to do when the service wants a token, or another one than it was shown.
export function whenRefused(then) {
  refused = then;
}

export async function call(path, options = {}) {
  const answer = await fetch(at(path), { ...options, headers: signed(options.headers) });
  if (answer.status === 401) refused();
  return answer;
}

// The API's answer, or an Error that says why there is none.
export async function ask(path, options) {
  const answer = await call(path, options);
  return understood(answer.status, await answer.text());
}

export function understood(status, text) {
  if (status === 204) return null;
  let told = {};
  try { told = JSON.parse(text); } catch { /* then the status says it */ }
  if (status >= 200 && status < 300) return told;
  const error = told.error ?? { message: `The service answered ${status}.` };
  throw Object.assign(new Error([error.message, error.hint].filter(Boolean).join(" ")), { status });
}

// A page's picture, or nothing where the document has none.
export async function picture(path) {
  const answer = await call(path, { headers: { Accept: "image/jpeg" } });
  return answer.ok ? answer.blob() : null;
}

// Without what turns a line round or takes no room: names are the sender's.
export const tame = (name) => name.replace(/\p{C}/gu, "").slice(0, 100);
