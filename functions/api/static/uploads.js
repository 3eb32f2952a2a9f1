// Files on their way: each has a line that says how far it is, or why it was refused.
import { ask, at, signed, tame, understood } from "./api.js";

const DIRECT_BYTES = 4_000_000; // larger files go to the bucket by the upload form
const list = document.getElementById("uploads");

// Send files one after the other, and call `sent` after each.
export async function take(files, options, sent) {
  const lines = files.map((file) => [file, line(file)]);
  for (const [file, row] of lines) {
    try {
      await send(file, options, row.progress);
      row.element.remove();
    } catch (error) {
      row.refused(error.message);
    }
    sent();
  }
}

function line(file) {
  const element = document.getElementById("upload").content.firstElementChild.cloneNode(true);
  const part = (name) => element.querySelector(name);
  part(".name").textContent = tame(file.name);
  part("progress").setAttribute("aria-label", `Sending ${tame(file.name)}`);
  part("button").onclick = () => element.remove();
  list.append(element);
  return {
    element,
    progress: (share) => { if (share === null) part("progress").removeAttribute("value");
      else part("progress").value = share; },
    refused: (why) => {
      part("progress").remove();
      part(".why").textContent = why;
      part("button").hidden = false;
    },
  };
}

async function send(file, options, progress) {
  if (file.size > 0 && file.size <= DIRECT_BYTES) {
    const query = new URLSearchParams({ name: file.name, ...options });
    const headers = { "Content-Type": "application/octet-stream" };
    return posted(at(`v1/documents?${query}`), file, progress, signed(headers));
  }
  const { outputs, ...rest } = options;
  const told = await ask("v1/documents", {
    method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      name: file.name, size: file.size,
      options: { ...rest, ...(outputs && { outputs: outputs.split(",") }) },
    }),
  });
  const form = new FormData();
  for (const [name, value] of Object.entries(told.upload.fields)) form.append(name, value);
  form.append("file", file);
  // The form has its own signature. A bucket is another origin: where it does not let this page in,
  // nothing is heard of the way, and the document's state tells whether the file arrived.
  const target = at(told.upload.url);
  try {
    await posted(target, form, progress);
  } catch (error) {
    if (target.origin === location.origin || error.status) throw error;
    progress(null);
    await fetch(target, { method: "POST", body: form, mode: "no-cors" });
  }
  return told;
}

// fetch does not say how much of a body is sent; XMLHttpRequest does.
function posted(target, body, progress, headers = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", target);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => progress(event.loaded / event.total);
    request.onerror = () => reject(new Error("The service cannot be reached."));
    request.onload = () => {
      try {
        resolve(understood(request.status, request.responseText));
      } catch (error) {
        reject(error);
      }
    };
    request.send(body);
  });
}
