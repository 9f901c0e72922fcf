// Makes the README's picture of a review page: its first screen, with a find chosen.
//   npm ci --prefix tests/browser
//   node scripts/page-picture.mjs PAGE.html docs/page.png [TERM]
// TERM chooses the find whose source text holds it; otherwise the gravest one on the first screen
// is chosen. CHROMIUM names the browser.

import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [pagePath, picturePath, term] = process.argv.slice(2);
if (!pagePath || !picturePath) {
  process.stderr.write("usage: node scripts/page-picture.mjs PAGE.html PICTURE.png [TERM]\n");
  process.exit(2);
}
const { chromium } = createRequire(new URL("../tests/browser/package.json", import.meta.url))("playwright-core");

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, colorScheme: "light" });
  await page.goto(pathToFileURL(resolve(pagePath)).href);
  const chosen = await page.evaluate((wanted) => {
    const grave = ["high", "medium", "low"];
    const severity = (mark) => grave.findIndex((name) => mark.classList.contains(name));
    const marks = [...document.querySelectorAll(".source mark[id]")].filter((mark) => (wanted
      ? mark.textContent.includes(wanted)
      : mark.getBoundingClientRect().bottom < innerHeight - 100 && document.getElementById(`${mark.id}-target`)));
    const [best] = marks.sort((one, other) => severity(one) - severity(other));
    return best ? best.id : null;
  }, term);
  if (!chosen) throw new Error(term ? `no find of ${pagePath} holds “${term}”` : `${pagePath} has no find on its first screen`);
  await page.focus(`#${chosen}`);
  await page.keyboard.press("Enter");
  await page.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0); });
  await page.mouse.move(1, 1);
  await page.screenshot({ path: picturePath });
  process.stdout.write(`${picturePath}: ${chosen} chosen\n`);
} finally {
  await browser.close();
}
