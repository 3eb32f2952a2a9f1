// The web page in a real browser: `make test-web` brings playwright-core and axe-core, and Chromium
// is the system's. A service is started on a folder of its own for all tests.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import AxeBuilder from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { issuer, keys } from "./issuer.mjs";

const SAMPLES = path.resolve("tests/data/generated");
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const SIZES = [[375, 740], [768, 900], [1280, 860]];
const ENDED = ["SUCCEEDED", "PARTIAL", "FAILED"];
const SECONDS = 120_000;

let browser, address, stop;

// Start a service on a folder of its own; tell where it is, what it said, and how to stop it.
async function started(...options) {
  const data = mkdtempSync(path.join(tmpdir(), "fanfold-web-"));
  const service = spawn(".venv/bin/fanfold", ["up", "--data", data, "--port", "0", ...options]);
  const said = await new Promise((resolve, reject) => {
    let text = "";
    service.stdout.on("data", (part) => {
      text += part;
      if (/with this command/.test(text)) resolve(text);
    });
    service.on("exit", () => reject(new Error(text)));
  });
  const end = () => {
    service.kill("SIGTERM");
    rmSync(data, { recursive: true, force: true });
  };
  return { said, address: `${said.match(/http:\/\/[\d.]+:\d+/)[0]}/`, stop: end };
}

before(async () => {
  assert.ok(readdirSync(SAMPLES).includes("scan.pdf"), "no samples: make test makes them");
  ({ address, stop } = await started());
  // Chromium's own sandbox wants a user of its own, which root in a container has not.
  const args = process.getuid() === 0 ? ["--no-sandbox"] : [];
  browser = await chromium.launch({ executablePath: CHROMIUM, args });
});

after(async () => {
  await browser?.close();
  stop?.();
});

// A page of the browser on which nothing may go wrong unseen.
async function opened(t, facts = {}, at = address) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...facts });
  const page = await context.newPage();
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) wrong.push(message.text());
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(wrong, []);
  });
  await page.goto(at);
  return page;
}

// The newest document of that name.
const card = (page, name) =>
  page.locator("article", { has: page.locator(`[title="${name}"]`) }).first();

async function ended(page, name) {
  const state = card(page, name).locator(".state");
  await page.waitForFunction(
    ([element, states]) => states.includes(element.textContent),
    [await state.elementHandle({ timeout: SECONDS }), ENDED], { timeout: SECONDS });
  return state.textContent();
}

async function sent(page, name) {
  await page.setInputFiles("#files", path.join(SAMPLES, name));
  return ended(page, name);
}

// What a box of the picture covers in points, by its word.
const boxOf = (page, word) => page.evaluate((wanted) => {
  const rects = [...document.querySelectorAll("rect.word")];
  const rect = rects.find((one) => one.querySelector("title").textContent === wanted);
  return ["x", "y", "width", "height"].map((side) => Number(rect.getAttribute(side)));
}, word);

test("a scan's page is shown with its words where the result has them", async (t) => {
  const page = await opened(t);
  assert.equal(await sent(page, "scan.pdf"), "SUCCEEDED");
  await card(page, "scan.pdf").locator(".pages button").nth(1).click();
  await page.waitForSelector("#viewer image", { timeout: SECONDS, state: "attached" });
  assert.match(await page.locator(".place").textContent(), /^2 of/);
  const link = await card(page, "scan.pdf").locator(".links a").first().getAttribute("href");
  const id = link.match(/documents\/([^/]+)/)[1];
  const told = await (await fetch(`${address}v1/documents/${id}/pages/2`)).json();
  const word = told.blocks[0].lines[0].words[0];
  const [x, y, width, height] = await boxOf(page, word.text);
  const expected = [word.box[0], word.box[1], word.box[2] - word.box[0], word.box[3] - word.box[1]];
  [x, y, width, height].forEach((side, at) => assert.ok(Math.abs(side - expected[at]) < 0.01));
});

test("words are found in all documents, and on the pages of one", async (t) => {
  const page = await opened(t);
  await sent(page, "scan.pdf");
  await page.fill("#holding", "keeper");
  await page.waitForSelector("#found-list mark", { timeout: SECONDS });
  assert.match(await page.locator("#found-said").textContent(), /^\d+ documents? ha/);
  assert.equal((await page.locator("#found-list mark").first().textContent()).toLowerCase(), "keeper");
  const wanted = await page.locator("#found-list button").first().textContent();
  await page.locator("#found-list button").first().click();
  await page.waitForSelector("#viewer .grid .has", { timeout: SECONDS });
  assert.equal(`Page ${(await page.locator(".place").textContent()).split(" ")[0]}`, wanted);
  assert.match((await page.locator("#viewer span.hit").first().textContent()).toLowerCase(), /keeper/);
  const pages = await page.locator("#viewer .grid .has").allTextContents();
  assert.ok(pages.length > 1, `${pages}`);
  await page.press(".find", "Enter");
  await page.waitForFunction(
    (before) => `Page ${document.querySelector(".place").textContent.split(" ")[0]}` !== before, wanted);
  await page.fill(".find", "nowhere in it");
  await page.waitForFunction(() => !document.querySelector("#viewer .grid .has"));
});

test("pointing at a word in the text marks it on the picture, and the other way", async (t) => {
  const page = await opened(t);
  await sent(page, "scan.pdf");
  await card(page, "scan.pdf").locator(".pages button").first().click();
  await page.locator("span.word").nth(3).hover();
  assert.equal(await page.locator("rect.here").getAttribute("data-word"), "3");
  await page.locator("rect.word").nth(5).hover();
  assert.equal(await page.locator("span.here").getAttribute("data-word"), "5");
});

test("words are found, pages are turned by keys, and the page is enlarged", async (t) => {
  const page = await opened(t);
  await sent(page, "scan.pdf");
  await card(page, "scan.pdf").locator(".pages button").first().click();
  const word = (await page.locator("span.word").first().textContent()).trim();
  await page.fill(".find", word);
  assert.ok(await page.locator("rect.hit").count() > 0);
  await page.locator(".frame").focus();
  const before = await page.locator(".sheet").evaluate((one) => one.clientWidth);
  await page.keyboard.press("+");
  assert.ok(await page.locator(".sheet").evaluate((one) => one.clientWidth) > before);
  await page.keyboard.press("ArrowRight");
  assert.match(await page.locator(".place").textContent(), /^2 of/);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#viewer").evaluate((one) => one.open), false);
});

test("a page is read again with another mode from where it is looked at", async (t) => {
  const page = await opened(t);
  await sent(page, "native.pdf");
  await card(page, "native.pdf").locator(".pages button").first().click();
  await page.waitForFunction(() => /text layer/.test(document.querySelector(".about").textContent));
  await page.locator(".again select").selectOption("ocr");
  await page.locator(".again button").first().click();
  await page.waitForFunction(
    () => /^recognised/.test(document.querySelector(".about").textContent), null,
    { timeout: SECONDS });
});

test("of a long scan pages are there before its end, and can be looked at", async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "fanfold-long-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const long = path.join(folder, "long.pdf");
  const made = spawnSync(".venv/bin/python", ["-c", `
import pikepdf, sys
whole, part = pikepdf.new(), pikepdf.open(sys.argv[1])
for _ in range(8): whole.pages.extend(part.pages)
whole.save(sys.argv[2])`, path.join(SAMPLES, "scan.pdf"), long]);
  assert.equal(made.status, 0, String(made.stderr));
  const page = await opened(t);
  await page.setInputFiles("#files", long);
  const done = card(page, "long.pdf").locator(".pages button[data-state=done]");
  await done.first().waitFor({ timeout: SECONDS });
  assert.ok(!ENDED.includes(await card(page, "long.pdf").locator(".state").textContent()));
  await done.first().click();
  await page.waitForSelector("#viewer span.word", { timeout: SECONDS });
  await page.keyboard.press("Escape");
  assert.equal(await ended(page, "long.pdf"), "SUCCEEDED");
  assert.match(await card(page, "long.pdf").locator(".counts").textContent(), /^32 of 32 pages/);
});

test("a page is read again in another language", async (t) => {
  const page = await opened(t);
  await sent(page, "page.png");
  await card(page, "page.png").locator(".pages button").first().click();
  await page.waitForSelector("#viewer span.word", { timeout: SECONDS });
  await page.locator(".again input").fill("osd-is-none");
  await page.locator(".again button").first().click();
  await page.locator("#viewer, #notice").filter({ hasText: "not installed" }).first().waitFor();
  await page.locator(".again input").fill("eng");
  const asked = page.waitForRequest(/retry$/);
  await page.locator(".again button").first().click();
  assert.deepEqual((await asked).postDataJSON(), { pages: "1", options: { languages: "eng" } });
  assert.equal((await (await asked).response()).status(), 202);
});

test("all results come as one zip", async (t) => {
  const page = await opened(t);
  await page.locator("details summary").first().click();
  await page.check("[name=outputs][value=zip]");
  await sent(page, "native.pdf");
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    card(page, "native.pdf").locator(".links a", { hasText: "zip" }).first().click(),
  ]);
  const bytes = readFileSync(await saved.path());
  assert.equal(bytes.subarray(0, 2).toString(), "PK");
});

test("pages are named by ranges", async () => {
  const source = readFileSync("functions/api/static/ranges.js", "utf8");
  const { ranges } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
  assert.equal(ranges([1, 2, 3, 7, 9, 10]), "1-3,7,9-10");
  assert.equal(ranges([4]), "4");
});

test("all pages that are worth a look are read again from there", async (t) => {
  const page = await opened(t);
  await sent(page, "truncated.png");
  await card(page, "truncated.png").locator(".pages button").first().click();
  const asked = page.waitForRequest(/retry$/);
  await page.locator(".again select").selectOption("ocr");
  await page.locator(".again .all").click();
  assert.deepEqual((await asked).postDataJSON(), { pages: "1", options: { mode: "ocr" } });
  assert.equal((await (await asked).response()).status(), 202);
});

test("a service that listens for others is used with its token", async (t) => {
  const other = await started("--host", "127.0.0.2");
  t.after(other.stop);
  const token = other.said.match(/token[^\n]*\n +(\S+)/)[1];
  const page = await opened(t, {}, other.address);
  await page.waitForSelector("#entry:not([hidden])");
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    await check(page);
  }
  await page.fill("#entry input", "nonsense");
  await page.click("#entry button");
  await page.waitForSelector("#refused:not([hidden])");
  await page.fill("#entry input", token);
  await page.click("#entry button");
  await page.waitForSelector("#entry", { state: "hidden" });
  assert.equal(await sent(page, "native.pdf"), "SUCCEEDED");
  const [saved] = await Promise.all([
    page.waitForEvent("download"), card(page, "native.pdf").locator(".links a").first().click(),
  ]);
  assert.equal(saved.suggestedFilename(), "native.txt");
  await page.reload();
  await page.waitForSelector("#documents article");
  assert.equal(await page.locator("#entry").isVisible(), false);
});

test("people sign in with another issuer, on a deployed page", async (t) => {
  const people = await issuer("https://fanfold.example");
  t.after(people.stop);
  const parameters = {
    ApiAuth: "jwt", JwtIssuer: people.facts.url, JwtAudience: "https://fanfold.example",
    JwtKeys: keys, JwtScopePrefix: "fanfold/", SignInClient: "the-page",
    SignInUrl: `${people.facts.url}/authorize`, SignInTokenUrl: `${people.facts.url}/token`,
  };
  const cloud = spawn(".venv/bin/python", ["-m", "tests.web.rehearsal", JSON.stringify(parameters)]);
  t.after(() => cloud.stdin.end());
  const said = await new Promise((resolve) => cloud.stdout.once("data", resolve));
  const page = await opened(t, {}, `${String(said).trim()}/`);
  people.facts.refuses = true;
  await page.click("#issuer");
  await page.locator("#notice", { hasText: "Signing in failed: access_denied." }).waitFor();
  people.facts.refuses = false;
  await check(page);
  await page.click("#issuer");
  await page.waitForSelector("#empty:not([hidden])");
  assert.equal(await page.locator("#entry").isVisible(), false);
  assert.equal(people.facts.scope, "openid fanfold/read fanfold/write");
  assert.equal(new URL(page.url()).search, "");
  assert.equal(await sent(page, "native.pdf"), "SUCCEEDED");
  await page.reload();
  await page.waitForSelector("#documents article");
});

test("a file that cannot be read says why", async (t) => {
  const page = await opened(t);
  const name = "no-pages.pdf";
  assert.equal(await sent(page, name), "FAILED");
  assert.match(await card(page, name).locator(".reason").textContent(), /\w+ .*\./);
});

test("a document that wants a password is opened with it", async (t) => {
  const page = await opened(t);
  const name = "locked-user.pdf", one = card(page, name);
  assert.equal(await sent(page, name), "FAILED");
  for (const [password, state] of [["ebb", "FAILED"], ["tide", "SUCCEEDED"]]) {
    await one.locator(".locked input").fill(password);
    const answered = page.waitForResponse(/password$/);
    await one.locator(".locked button").click();
    assert.equal((await answered).status(), 202);
    await one.locator(`.state[data-state=${state}]`).waitFor();
  }
  assert.equal(await one.locator(".locked").isVisible(), false);
});

test("a service that is gone is said where one sees it", async (t) => {
  const other = await started();
  const page = await opened(t, {}, other.address);
  await page.waitForSelector("#empty:not([hidden])");
  other.stop();
  await page.locator("#notice", { hasText: "cannot be reached" }).waitFor();
});

test("what the service refuses keeps a line that says why", async (t) => {
  const page = await opened(t);
  await page.fill("[name=languages]", "tlh");
  await page.setInputFiles("#files", path.join(SAMPLES, "native.pdf"));
  const why = page.locator("#uploads .why");
  await why.filter({ hasText: "tlh" }).waitFor();
  await page.locator("#uploads button").click();
  assert.equal(await page.locator("#uploads li").count(), 0);
});

test("a deletion is taken back, or goes through", async (t) => {
  const page = await opened(t);
  await page.clock.install();
  await page.goto(address);
  await page.setInputFiles("#files", path.join(SAMPLES, "page.bmp"));
  const one = card(page, "page.bmp");
  await one.locator(".delete").click();
  await one.locator(".undo").click();
  await page.clock.runFor(20_000);
  assert.equal(await one.count(), 1);
  await one.locator(".delete").click();
  await page.clock.runFor(11_000);
  await page.waitForFunction(() => !document.querySelector('[title="page.bmp"]'));
});

test("documents are found by their names and states", async (t) => {
  const page = await opened(t);
  await sent(page, "native.pdf");
  await sent(page, "no-pages.pdf");
  await page.fill("#name", "NATIVE");
  await page.waitForFunction(() => [...document.querySelectorAll("article")].every(
    (one) => one.hidden !== /native/.test(one.querySelector(".name").textContent)));
  await page.fill("#name", "");
  await page.selectOption("#state", "FAILED");
  await page.waitForFunction(() => {
    const states = [...document.querySelectorAll("article .state")].map((one) => one.textContent);
    return states.length > 0 && states.every((state) => state === "FAILED");
  });
});

for (const colorScheme of ["light", "dark"]) {
  for (const [width, height] of SIZES) {
    test(`nothing serious for axe, and nothing out of sight: ${colorScheme}, ${width}`, async (t) => {
      const page = await opened(t, { colorScheme, viewport: { width, height } });
      await sent(page, "scan.pdf");
      await check(page);
      await card(page, "scan.pdf").locator(".pages button").first().click();
      await page.waitForSelector("#viewer image", { timeout: SECONDS, state: "attached" });
      await check(page);
    });
  }
}

async function check(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter((one) => ["serious", "critical"].includes(one.impact));
  assert.deepEqual(serious.map((one) => [one.id, one.nodes.map((node) => node.html)]), []);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(over <= 0, `${over} pixels too wide`);
}
