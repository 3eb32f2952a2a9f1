// Take the picture of the web page that the README shows, beside the packages of `make test-web`:
//     cp tests/web/picture.mjs build/web && node build/web/picture.mjs ADDRESS tests/data/generated/scan.pdf docs/page.jpg
import { chromium } from "playwright-core";

const [address, file, target] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: process.getuid() === 0 ? ["--no-sandbox"] : [],
});
const page = await browser.newPage({ viewport: { width: 1180, height: 560 } });
await page.goto(address);
await page.setInputFiles("#files", file);
await page.waitForFunction(() => document.querySelector(".state")?.textContent === "SUCCEEDED",
  null, { timeout: 120_000 });
await page.locator("article .pages button").first().click();
await page.waitForSelector("#viewer image", { state: "attached" });
await page.locator("span.word").nth(8).click();
await page.screenshot({ path: target, type: "jpeg", quality: 70 });
await browser.close();
