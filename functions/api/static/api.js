// How the page speaks with the API. Paths are relative, so that a stage in them (/prod/) stays.
const here = location.href.replace(/[?#].*/, "").replace(/\/?$/, "/");
export const at = (path) => new URL(path, here);

// The API's answer, or an Error that says why there is none.
export async function ask(path, options) {
  const answer = await fetch(at(path), options);
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
  const answer = await fetch(at(path), { headers: { Accept: "image/jpeg" } });
  return answer.ok ? answer.blob() : null;
}

// Without what turns a line round or takes no room: names are the sender's.
export const tame = (name) => name.replace(/\p{C}/gu, "").slice(0, 100);
