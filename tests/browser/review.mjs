// Tries the review page in Chromium:
//   node review.mjs ARTICLE.html LARGE.html HOSTILE.html UNFLAGGED.html INDEX.html [SCREENSHOTS]
// ARTICLE.html is the page of tests/cases/review.jsonl, LARGE.html one of 2,000 pairs, HOSTILE.html
// one of texts that pages stumble over, UNFLAGGED.html one without finds, INDEX.html an index of
// them; tests/review_page.rs makes them. With a folder (VISAVIS_SCREENSHOTS), screenshots are left there. CHROMIUM names the
// browser. Exits with 1 when a check fails.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [articlePath, largePath, hostilePath, unflaggedPath, indexPath, screenshots] = process.argv.slice(2);
const article = pathToFileURL(resolve(articlePath)).href;
const large = pathToFileURL(resolve(largePath)).href;
const hostile = pathToFileURL(resolve(hostilePath)).href;
const unflagged = pathToFileURL(resolve(unflaggedPath)).href;
const index = pathToFileURL(resolve(indexPath)).href;
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WIDTHS = [390, 820, 1440];
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

const profile = await mkdtemp(join(tmpdir(), "visavis-browser-"));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  headless: true,
  args: FLAGS,
  acceptDownloads: true,
});

const complaints = [];
let failures = 0;

/** A page that notes every complaint of the console and every request but the page's own. */
async function open(url, options = {}) {
  const page = await context.newPage();
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) complaints.push(message.text()); });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (request.url() !== url && !request.url().startsWith("blob:")) complaints.push(`request for ${request.url()}`);
  });
  await page.setViewportSize({ width: options.width ?? 1440, height: options.height ?? 900 });
  await page.emulateMedia({ colorScheme: options.scheme ?? "light" });
  await page.goto(url);
  return page;
}

async function check(name, body) {
  complaints.length = 0;
  try {
    await body();
    assert.deepEqual(complaints, [], "the console and the network are silent");
    process.stdout.write(`ok      ${name}\n`);
  } catch (error) {
    failures += 1;
    process.stdout.write(`FAILED  ${name}\n${error.stack}\n`);
  }
  for (const page of context.pages().slice(1)) await page.close();
}

const forget = (page) => page.evaluate(() => localStorage.clear());
const shoot = (page, name, options = {}) => (screenshots ? page.screenshot({ path: join(screenshots, `${name}.png`), ...options }) : undefined);
const currentFind = (page) => page.evaluate(() => document.querySelector(".note[aria-current]")?.dataset.find ?? null);
const isPressed = (page, id) => page.getAttribute(`#${id}`, "aria-pressed");

/** Elements that reach past the right or left edge of the window. */
const overflowing = (page) => page.evaluate(() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) return [`the page is ${document.documentElement.scrollWidth} wide`];
  return [...document.querySelectorAll("body *")].filter((element) => {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return box.width && style.visibility !== "hidden" && !element.closest(".unseen, .comma, .skip") && (box.right > width + 1 || box.left < -1);
  }).map((element) => element.outerHTML.slice(0, 120));
});

async function accessible(page) {
  await page.evaluate(axe);
  const results = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  return results.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.failureSummary}`).join(" | ")}`);
}

for (const width of WIDTHS) {
  for (const scheme of ["light", "dark"]) {
    await check(`${width} wide, ${scheme}: nothing overflows, and it is accessible`, async () => {
      const page = await open(article, { width, scheme });
      await forget(page);
      assert.deepEqual(await overflowing(page), []);
      await shoot(page, `${width}-${scheme}`);
      assert.deepEqual(await accessible(page), []);
      for (let i = 0; i < 14; i += 1) await page.keyboard.press("j");
      await shoot(page, `${width}-${scheme}-find`);
      assert.deepEqual(await overflowing(page), []);
      assert.deepEqual(await accessible(page), []);
      await page.keyboard.press("c");
      assert.deepEqual(await overflowing(page), []);
      await page.keyboard.press("Escape");
      if (width < 1100) {
        await page.keyboard.press("f");
        await shoot(page, `${width}-${scheme}-panel`);
        assert.deepEqual(await overflowing(page), []);
        assert.deepEqual(await accessible(page), []);
        await page.keyboard.press("Escape");
        assert.equal(await page.isVisible("#groups"), false);
      }
      const [ink, paper] = await page.evaluate(() => {
        const style = getComputedStyle(document.body);
        return [style.color, style.backgroundColor].map((colour) => Number(/\d+/.exec(colour)[0]));
      });
      assert.equal(ink > paper, scheme === "dark");
    });
  }
}

await check("columns stand side by side from a tablet up, stacked on a phone", async () => {
  for (const width of WIDTHS) {
    const page = await open(article, { width });
    const [source, target] = await page.evaluate(() => [".source", ".target"].map((side) => document.querySelector(`.pair ${side}`).getBoundingClientRect().top));
    assert.equal(source === target, width > 640);
    await page.close();
  }
});

await check("j and k move the focus from find to find, and it can be seen", async () => {
  const page = await open(article);
  await forget(page);
  await page.keyboard.press("j");
  assert.equal(await currentFind(page), "0");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  assert.equal(await currentFind(page), "2");
  await page.keyboard.press("k");
  assert.equal(await currentFind(page), "1");
  const focus = await page.evaluate(() => {
    const element = document.activeElement;
    const box = element.getBoundingClientRect();
    return { id: element.id, outline: getComputedStyle(element).outlineStyle, inside: box.top > 0 && box.bottom < innerHeight };
  });
  assert.deepEqual(focus, { id: "find-1", outline: "solid", inside: true });
  await page.keyboard.press("k");
  await page.keyboard.press("k");
  assert.equal(await currentFind(page), "0");
  assert.match(await page.textContent("#status"), /first find/);
  await page.keyboard.press("Escape");
  assert.equal(await currentFind(page), null);
});

await check("every control can be reached by Tab and shows its focus", async () => {
  const page = await open(article);
  const seen = new Set();
  for (let i = 0; i < 90; i += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const element = document.activeElement;
      const frame = element.matches(".pill input") ? element.nextElementSibling : element;
      return { id: element.id || element.value || element.className, tag: element.tagName, outline: getComputedStyle(frame).outlineStyle };
    });
    if (at.tag === "BODY") break;
    assert.notEqual(at.outline, "none", `${at.tag} ${at.id} shows no focus`);
    seen.add(at.id);
  }
  for (const id of ["save", "load", "theme", "open-help", "find-0", "distancing", "kept", "high", "unreviewed"]) assert.ok(seen.has(id), `${id} was not reached`);
});

await check("a, r and c decide; decisions outlast a reload, are saved and loaded again", async () => {
  const page = await open(article);
  await forget(page);
  await page.reload();
  for (const key of ["j", "a", "j", "r", "j", "c"]) await page.keyboard.press(key);
  await page.keyboard.type("jolly <b>good</b> remark & \"more\"");
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement.id), "find-2");
  assert.equal(await page.textContent("#progress-text"), "2 of 23 reviewed");
  await page.keyboard.press("k");
  assert.equal(await isPressed(page, "reject"), "true");

  await page.reload();
  assert.equal(await page.textContent("#progress-text"), "2 of 23 reviewed");
  assert.match(await page.textContent("#note-2 .outcome"), /jolly <b>good<\/b> remark & "more"/);
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save")]);
  assert.equal(download.suggestedFilename(), "article.fr.txt.review.json");
  const review = JSON.parse(await readFile(await download.path(), "utf8"));
  assert.deepEqual([review.visavis, review.version, review.document], ["review", 1, "corpus/article.fr.txt"]);
  assert.match(review.generated, /^\d{4}-\d\d-\d\dT.*Z$/);
  const pairs = (await page.textContent("#bitext")).trim().split("\n").slice(1).map((line) => JSON.parse(line));
  for (const one of review.decisions) {
    assert.deepEqual(Object.keys(one), ["pair", "flag", "entry", "source", "decision", "comment", "at"]);
    const flag = pairs.find((pair) => pair.id === one.pair).flags[one.flag];
    assert.deepEqual([one.entry, one.source], [flag.entry, flag.source.text]);
  }
  assert.deepEqual(review.decisions.map((one) => [one.decision, one.comment]), [["accept", ""], ["reject", ""], [null, "jolly <b>good</b> remark & \"more\""]]);

  await forget(page);
  await page.reload();
  assert.equal(await page.textContent("#progress-text"), "0 of 23 reviewed");
  review.decisions.push({ ...review.decisions[0], pair: "99" });
  const file = join(profile, "review.json");
  await writeFile(file, JSON.stringify(review));
  await page.setInputFiles("#load-file", file);
  await page.waitForFunction(() => document.querySelector("#banner").textContent.startsWith("3 decisions loaded"));
  assert.match(await page.textContent("#banner"), /1 belong to no find/);
  assert.equal(await page.textContent("#progress-text"), "2 of 23 reviewed");
  await writeFile(file, "{}");
  await page.setInputFiles("#load-file", file);
  await page.waitForFunction(() => document.querySelector("#banner").textContent.startsWith("This file holds no decisions"));
  await page.keyboard.press("j");
  await page.keyboard.press("a");
  assert.equal(await page.textContent("#progress-text"), "1 of 23 reviewed", "the same key takes the decision back");
});

await check("without a store the page says so and still works", async () => {
  const page = await context.newPage();
  await page.addInitScript(() => { Object.defineProperty(globalThis, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } }); });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(article);
  assert.match(await page.textContent("#banner"), /keeps no decisions/);
  await page.keyboard.press("j");
  await page.keyboard.press("a");
  assert.equal(await page.textContent("#progress-text"), "1 of 23 reviewed");
});

await check("filters narrow the list, the text and the keys' way", async () => {
  const page = await open(article);
  await forget(page);
  await page.reload();
  const shown = () => page.evaluate(() => document.querySelectorAll(".note:not([hidden])").length);
  assert.equal(await shown(), 23);
  await page.check("input[value=distancing]");
  assert.equal(await shown(), 1);
  assert.equal(await page.textContent("#shown"), "1 of 23");
  await page.check("input[value=scare-quotes]");
  assert.equal(await shown(), 2);
  await page.check("input[value=high]");
  assert.equal(await shown(), 1);
  await page.keyboard.press("j");
  assert.equal(await page.textContent("#detail-source"), "prétendue «ingérence russe»");
  await page.keyboard.press("j");
  assert.match(await page.textContent("#status"), /last find/);
  await page.check("#only-finds");
  assert.equal(await page.evaluate(() => document.querySelectorAll(".pair:not([hidden])").length), 1);
  await page.click("#clear");
  assert.equal(await shown(), 23);
  await page.check("input[value=softened]");
  assert.equal(await shown(), 4);
  await page.click("#clear");
  await page.check("#unreviewed");
  await page.keyboard.press("j");
  await page.keyboard.press("a");
  assert.equal(await shown(), 23, "a find stays in sight while it is current");
  await page.keyboard.press("j");
  assert.equal(await shown(), 22);
});

await check("a find lights up on both sides; a word shows its links, by pointer and by key", async () => {
  const page = await open(article);
  await forget(page);
  await page.hover("#find-12-target");
  assert.equal(await page.evaluate(() => document.querySelector("#find-12").classList.contains("lit")), true);
  const box = await page.evaluate(() => {
    const text = document.querySelector("#find-12").firstChild;
    const range = document.createRange();
    const node = text.nodeType === 3 ? text : text.firstChild;
    range.setStart(node, 1);
    range.setEnd(node, 4);
    const { x, y, width, height } = range.getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2 };
  });
  await page.mouse.move(box.x, box.y);
  await page.mouse.move(box.x + 1, box.y);
  const lit = () => page.evaluate(() => [".here", ".linked"].map((name) => [...document.querySelectorAll(name)].map((span) => span.textContent).join(" ")));
  assert.deepEqual(await lit(), ["prétendue", "alleged"]);
  await page.mouse.move(2, 2);
  await page.focus("#find-12");
  await page.keyboard.press("ArrowRight");
  assert.deepEqual(await lit(), ["prétendue", "alleged"]);
  assert.equal(await page.textContent("#status"), "linked to alleged");
  await page.keyboard.press("ArrowRight");
  assert.deepEqual(await lit(), ["ingérence", "interference"]);
  await page.keyboard.press("t");
  assert.deepEqual(await lit(), ["interference", "ingérence"]);
  const changed = await page.evaluate(() => [...document.querySelectorAll(".pair")].flatMap((row, number) => {
    const pair = JSON.parse(document.querySelector("#bitext").textContent.trim().split("\n")[number + 1]);
    return ["source", "target"].filter((side) => row.querySelector(`.${side} .t`).textContent !== pair[side].map((one) => one.text).join(" "));
  }));
  assert.deepEqual(changed, [], "the text stays what it was");
});

await check("what is known of the first find is wholly in view under the page's head", async () => {
  const page = await open(article);
  await forget(page);
  await page.keyboard.press("j");
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForFunction(() => document.querySelector("#accept").getBoundingClientRect().bottom < innerHeight);
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await page.waitForFunction(() => Math.abs(document.querySelector(".aside").getBoundingClientRect().height - innerHeight) < 2);
});

await check("help, theme and single-key shortcuts", async () => {
  const page = await open(article);
  await forget(page);
  await page.keyboard.press("?");
  assert.equal(await page.evaluate(() => document.querySelector("#help").open), true);
  await shoot(page, "help");
  assert.deepEqual(await accessible(page), []);
  await page.uncheck("#shortcuts");
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector("#help").open);
  await page.keyboard.press("j");
  assert.equal(await currentFind(page), null);
  await page.click("#theme");
  await page.click("#theme");
  assert.equal(await page.textContent("#theme"), "Theme: dark");
  await page.reload();
  assert.equal(await page.textContent("#theme"), "Theme: dark");
  await forget(page);
});

await check("the page prints in two columns with a table of finds", async () => {
  const page = await open(article);
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: 720, height: 1000 });
  assert.deepEqual(await overflowing(page), []);
  const [source, target] = await page.evaluate(() => [".source", ".target"].map((side) => document.querySelector(`.pair ${side}`).getBoundingClientRect().top));
  assert.equal(source, target);
  assert.equal(await page.isVisible("#note-0 .reason"), true);
  assert.equal(await page.isVisible(".tools"), false);
  if (screenshots) await page.pdf({ path: join(screenshots, "print.pdf"), format: "A4" });
});

await check("the page reads without JavaScript", async () => {
  const plain = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: FLAGS });
  try {
    const page = await plain.newPage({ javaScriptEnabled: false, viewport: { width: 1440, height: 900 } });
    await page.goto(article);
    assert.equal(await page.isVisible("#note-12 .reason"), true);
    assert.equal(await page.isVisible("#save"), false);
    await page.click("#note-12 a");
    assert.match(page.url(), /#find-12$/);
    await shoot(page, "no-script");
  } finally {
    await plain.close();
  }
});

await check("two documents, 2,000 pairs, right-to-left text: usable", async () => {
  const page = await open(large);
  await forget(page);
  await page.reload();
  assert.equal(await page.evaluate(() => document.querySelectorAll(".pair").length), 2000);
  assert.equal(await page.textContent(".document:nth-of-type(2) h2 bdi"), "second <b>&amp; last</b>.txt");
  assert.equal(await page.evaluate(() => document.querySelectorAll("b script, main script").length), 0);
  const words = () => page.evaluate(() => document.querySelectorAll(".w").length);
  assert.equal(await words(), 0, "words become elements only where they are needed");
  await page.hover("#pair-3 .source .t");
  assert.ok(await words() < 200);
  for (let i = 0; i < 30; i += 1) await page.keyboard.press("j");
  assert.equal(await currentFind(page), "29");
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector("#pair-50 .target .t")).direction), "rtl");
  await page.evaluate(() => document.querySelector("#pair-1000").scrollIntoView());
  await shoot(page, "large");
  assert.deepEqual(await overflowing(page), []);
});

await check("hostile text is text: nothing runs, nothing is lost, nothing breaks", async () => {
  for (const width of WIDTHS) {
    const page = await open(hostile, { width });
    await forget(page);
    page.on("dialog", () => complaints.push("a dialog opened"));
    assert.deepEqual(await overflowing(page), []);
    assert.deepEqual(await accessible(page), []);
    const changed = await page.evaluate(() => {
      const pairs = document.querySelector("#bitext").textContent.trim().split("\n").slice(1).map((line) => JSON.parse(line));
      return [...document.querySelectorAll(".pair")].flatMap((row, number) => ["source", "target"].filter((side) => {
        const text = pairs[number][side].map((one) => one.text).join(" ").replaceAll("\0", "\ufffd");
        return row.querySelector(`.${side} .t`).textContent !== text;
      }));
    });
    assert.deepEqual(changed, [], "the page shows the text as it is");
    const count = await page.evaluate(() => document.querySelectorAll(".note").length);
    for (let i = 0; i < count; i += 1) {
      await page.keyboard.press("j");
      assert.equal(await currentFind(page), String(i));
    }
    assert.match(await page.textContent("#detail-reason"), /^<i>why<\/i> & so$/);
    for (const key of ["ArrowRight", "ArrowRight", "t"]) await page.keyboard.press(key);
    if (width === 820) await shoot(page, "hostile");
    await page.close();
  }
});

await check("a bitext without finds says so", async () => {
  const page = await open(unflagged);
  assert.match(await page.textContent("#none-shown"), /Nothing was flagged/);
  assert.equal(await page.isVisible("#filters"), false);
  for (const key of ["j", "a", "n", "c", "ArrowRight", "t"]) await page.keyboard.press(key);
  assert.deepEqual(await overflowing(page), []);
  assert.deepEqual(await accessible(page), []);
  await shoot(page, "unflagged");
});

for (const width of WIDTHS) {
  for (const scheme of ["light", "dark"]) {
    await check(`the index, ${width} wide, ${scheme}: it is accessible, and only its table scrolls`, async () => {
      const page = await open(index, { width, scheme });
      const scrolls = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
      assert.equal(scrolls, false);
      await shoot(page, `index-${width}-${scheme}`);
      assert.deepEqual(await accessible(page), []);
    });
  }
}

await check("the index sorts by a column, the greatest first, then the other way", async () => {
  const page = await open(index);
  const finds = () => page.evaluate(() => [...document.querySelectorAll(".articles tbody tr")].map((row) => Number(row.cells[4].dataset.value)));
  const before = await finds();
  const descending = [...before].sort((one, two) => two - one);
  assert.notDeepEqual(before, descending);
  const button = page.getByRole("button", { name: "finds", exact: true });
  await button.focus();
  await page.keyboard.press("Enter");
  assert.deepEqual(await finds(), descending);
  assert.equal(await page.getAttribute("th[aria-sort=descending]", "class"), "number");
  assert.match(await page.textContent("#sorted"), /sorted by finds, descending/);
  await page.keyboard.press("Enter");
  assert.deepEqual(await finds(), descending.reverse());
  await page.getByRole("button", { name: "article", exact: true }).click();
  assert.equal(await page.locator("th[aria-sort=ascending]").count(), 1);
  const links = await page.evaluate(() => [...document.querySelectorAll(".articles tbody a")].map((link) => link.href));
  assert.equal(links.includes(article), true);
});

await context.close();
await rm(profile, { recursive: true, force: true });
process.stdout.write(failures ? `${failures} checks failed\n` : "all checks passed\n");
process.exitCode = failures ? 1 : 0;
