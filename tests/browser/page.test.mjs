// The page of flong report, as people use it.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { launch, open, visit } from "./browser.mjs";
import { corpus, flong, hostile, pageOf, temporaryFolder, wire, writeDocuments } from "./site.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const VIEWS = ["#/", "#/sources", "#/sources?as=graph", "#/sources?as=table", "#/clusters", "#/boilerplate", "#/boilerplate/0", "#/boilerplate/links", "#/boilerplate/links/0", "#/near-misses", "#/near-misses/0"];

let browser, wirePage, corpusPage, hostilePage;

before(async () => {
  wirePage = pageOf(wire());
  corpusPage = pageOf(corpus());
  hostilePage = pageOf([...hostile(), ...wire()]);
  browser = await launch();
});

after(() => browser?.close());

/** The page must have asked for nothing and complained of nothing. */
async function finish(page) {
  assert.deepEqual(page.complaints, []);
  assert.deepEqual(page.requests.filter((url) => !/^(file|data|blob):/.test(url)), []);
  await page.context().close();
}

/** The cluster of the wire story. */
async function openWire(page) {
  await visit(page, "#/clusters");
  await page.getByRole("link", { name: /Aldermoor to rebuild/ }).first().click();
  await page.waitForSelector(".pair .text");
}

test("it opens from a file, paints soon, and sums up", async () => {
  const page = await open(browser, corpusPage);
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
  assert.ok(paint < 2000, `first paint after ${paint} ms`);
  assert.match(await page.textContent("h1"), /\d+ of 279 documents repeat another: \d+%/);
  assert.equal(await page.locator("figure svg[role=img]").count(), 4);
  await page.locator("figure details summary").first().click();
  assert.ok(await page.locator("figure").first().locator("tbody tr").count() > 1, "the numbers are there as a table");
  await finish(page);
});

test("two texts stand side by side, with the words that differ and the boilerplate", async () => {
  const page = await open(browser, wirePage);
  await openWire(page);
  assert.match(page.url(), /#\/clusters\/[0-9a-f]{12}$/);
  assert.equal(await page.locator(".members tbody tr").count(), 3);
  await page.getByRole("radio", { name: /^Right: .*second\.example/ }).check();
  await page.waitForFunction(() => document.querySelector(".right .source").textContent === "second.example");
  assert.deepEqual(await page.locator(".left del").allTextContents(), ["two"]);
  assert.deepEqual(await page.locator(".right ins").allTextContents(), ["three"]);
  assert.match((await page.locator(".right .aside").allTextContents()).join("|"), /By Our Reporter, Aldermoor/);
  await page.getByRole("button", { name: "Exchange left and right" }).click();
  await page.waitForFunction(() => document.querySelector(".left .source").textContent === "second.example");
  assert.deepEqual(await page.locator(".left del").allTextContents(), ["three"]);
  const address = page.url();
  const again = await open(browser, wirePage, new URL(address).hash);
  await again.waitForSelector(".left .source");
  assert.equal(await again.textContent(".left .source"), "second.example", "the address keeps what is chosen");
  await finish(again);
  await finish(page);
});

test("the likely source is named, and shared passages lead to each other", async () => {
  const page = await open(browser, pageOf(wire(), { passages: true }));
  await openWire(page);
  assert.deepEqual(await page.locator(".members .source-note").allTextContents(), ["likely source: the earliest"]);
  assert.match(await page.locator(".members tr", { hasText: "likely source" }).textContent(), /first\.example/);
  await page.getByRole("radio", { name: /^Right: .*second\.example/ }).check();
  await page.waitForFunction(() => document.querySelector(".right .source").textContent === "second.example");
  const passages = (side) => page.locator(`.${side} .passage`).allTextContents();
  const [left, right] = [await passages("left"), await passages("right")];
  assert.equal(left.length, 2, "one on each side of the word that differs");
  assert.deepEqual(left, right);
  await page.locator(".left").getByRole("button", { name: "Shared passage 2: show it in the other text" }).click();
  assert.deepEqual(await page.locator(".is-held").allTextContents(), [left[1], right[1]]);
  await finish(page);
});

test("search finds titles and texts, in less than 100 ms", async () => {
  const page = await open(browser, corpusPage, "#/clusters");
  await page.waitForSelector("html[data-searchable]");
  const all = await found(page);
  await page.keyboard.press("/");
  await page.keyboard.type("dorfladen");
  assert.equal(await found(page), 1);
  assert.match(page.url(), /q=dorfladen/);
  await page.getByRole("searchbox").fill("Einkaufsmöglichkeit Genossenschaft");
  assert.equal(await found(page), 1, "words of the text");
  await page.getByRole("searchbox").fill("no such words anywhere");
  assert.equal(await found(page), 0);
  await page.getByRole("link", { name: "Show all" }).click();
  await page.waitForTimeout(50);
  assert.equal(await found(page), all);
  assert.equal(await page.inputValue("input[type=search]"), "");
  const took = await searchTime(page, "no such words anywhere");
  assert.ok(took < 100, `${took} ms`);
  await finish(page);
});

/** The milliseconds that a search takes: the shortest of a few, for other programs may be busy. */
async function searchTime(page, query) {
  const times = [];
  for (let n = 0; n < 5; n++) {
    await page.getByRole("searchbox").fill("");
    await page.getByRole("searchbox").fill(query);
    times.push(Number(await page.getAttribute(".split", "data-searched")));
  }
  return Math.min(...times);
}

async function found(page) {
  return Number((await page.textContent(".found")).match(/^[\d,]+/)[0].replace(",", ""));
}

test("filters have addresses, and go back and forth", async () => {
  const page = await open(browser, corpusPage, "#/clusters");
  const all = await found(page);
  await page.getByText("Filters").click();
  await page.getByLabel("Kind").selectOption("template");
  const templates = await found(page);
  assert.ok(templates > 0 && templates < all, `${templates} of ${all}`);
  assert.match(page.url(), /kind=template/);
  await page.getByLabel("Source").selectOption("harbourpost.example");
  assert.ok((await found(page)) <= templates);
  await page.getByLabel("Source").selectOption("");
  await page.getByLabel("Grain").selectOption("paragraph");
  assert.ok(await found(page) >= 0);
  await page.getByLabel("Grain").selectOption("");
  await page.getByLabel("Until").fill("1999-01-01");
  assert.equal(await found(page), 0);
  await page.getByLabel("Until").fill("");
  await page.getByLabel("Kind").selectOption("");
  await page.getByLabel("Size").selectOption("3");
  const sizes = await page.locator(".row .size").allTextContents();
  assert.ok(sizes.length > 0 && sizes.every((size) => Number(size) >= 3), sizes.join(" "));
  await page.locator(".row").first().click();
  assert.match(page.url(), /clusters\/[0-9a-f]{12}\?min=3/);
  await page.waitForSelector(".pair .text");
  await page.goBack();
  await page.waitForSelector(".placeholder");
  await page.goForward();
  await page.waitForSelector(".pair .text");
  await finish(page);
});

test("keys lead everywhere", async () => {
  const page = await open(browser, corpusPage);
  for (const [key, title] of [["2", "Who copies whom"], ["3", "Clusters"], ["4", "Boilerplate"], ["5", "Near misses"], ["1", "Summary"]]) {
    await page.keyboard.press(key);
    await page.waitForFunction((expected) => document.title.startsWith(expected), title);
  }
  await page.keyboard.press("3");
  await page.waitForSelector(".row");
  await page.keyboard.press("j");
  await page.waitForSelector(".pair .text");
  const first = page.url();
  await page.keyboard.press("j");
  await page.waitForFunction((url) => location.href !== url, first);
  await page.keyboard.press("k");
  await page.waitForFunction((url) => location.href === url, first);
  await page.keyboard.press("x");
  assert.match(page.url(), /a=\d+&b=\d+/);
  await page.keyboard.press("Escape");
  await page.waitForSelector(".placeholder");
  await page.keyboard.press("?");
  assert.ok(await page.locator("dialog").isVisible());
  await page.keyboard.press("Escape");
  await page.keyboard.press("t");
  assert.equal(await page.getAttribute("html", "data-theme"), "light");
  await finish(page);
});

test("who copies whom is counted, with its direction and delay", async () => {
  const page = await open(browser, wirePage, "#/sources?as=table");
  const rows = await page.locator("table.plain tbody tr").evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));
  assert.deepEqual(rows, [["first.example", "second.example", "1", "2 h"], ["first.example", "third.example", "1", "24 h"]]);
  await visit(page, "#/sources");
  await page.getByRole("link", { name: "first.example → third.example: 1 copy, median delay 24 h" }).click();
  await page.waitForSelector(".row");
  assert.equal(await found(page), 1);
  assert.match(await page.textContent(".found"), /from first\.example to third\.example/);
  await visit(page, "#/sources?as=graph");
  await page.getByRole("link", { name: /^first\.example: copied by others 2 times/ }).click();
  assert.match(await page.textContent(".side"), /Copied from it.*second\.example/);
  await finish(page);
});

test("boilerplate is shown by what repeats, and inserted links in their texts", async () => {
  const page = await open(browser, corpusPage, "#/boilerplate");
  const groups = await found(page);
  await page.getByLabel("Rule").selectOption("FL204");
  const frames = await found(page);
  assert.ok(frames > 0 && frames < groups, `${frames} of ${groups}`);
  await page.locator(".row").first().click();
  await page.waitForSelector(".example mark");
  await visit(page, "#/boilerplate/links?action=marked");
  const marked = await found(page);
  assert.ok(marked > 0);
  await visit(page, "#/boilerplate/links?action=removed");
  assert.ok((await found(page)) > marked);
  await page.locator(".row").first().click();
  await page.waitForSelector(".example mark");
  const text = await page.textContent(".example .text");
  assert.ok(text.length > (await page.textContent(".example mark")).length, "the link stands in its text");
  await finish(page);
});

test("near misses name the threshold, the measure and the limit", async () => {
  const page = await open(browser, corpusPage, "#/near-misses");
  assert.ok(await found(page) > 0);
  await page.locator(".row").first().click();
  await page.waitForSelector(".pair .text");
  const cells = await page.locator(".criteria tbody tr").first().locator("td.number").allTextContents();
  assert.equal(cells.length, 2);
  assert.notEqual(cells[0], cells[1]);
  await finish(page);
});

test("a page of find says that nothing was removed", async () => {
  const page = await open(browser, pageOf(wire(), { command: "find" }));
  assert.match(await page.textContent(".lead"), /Nothing was removed/);
  await visit(page, "#/boilerplate/links/0");
  assert.match(await page.textContent(".detail mark"), /^READ ALSO: Maize Prices Rise/);
  await finish(page);
});

test("what would break out is shown as it is", async () => {
  for (const hash of ["#/", "#/sources", "#/sources?as=graph", "#/sources?as=table", "#/clusters", "#/boilerplate", "#/boilerplate/0", "#/near-misses"]) {
    const page = await open(browser, hostilePage, hash);
    assert.equal(await page.evaluate(() => window.broken), undefined, hash);
    assert.equal(await page.locator("main script, main img, main b").count(), 0, hash);
    await finish(page);
  }
  const page = await open(browser, hostilePage, "#/clusters?q=ostrow");
  await page.locator(".row").first().click();
  await page.waitForSelector(".pair .text");
  const text = await page.textContent(".pair");
  for (const shown of ["</script><script>window.broken = 1</script>", "<img src=x onerror='window.broken = 2'>", "⟨U+202E⟩", "␀", "␇", "&amp;", "{title}"]) assert.ok(text.includes(shown), shown);
  assert.ok(!/[\u0000\u202e]/.test(text));
  assert.equal(await page.locator("a[href^='javascript' i]").count(), 0);
  assert.match(await page.textContent(".pair header"), /h\d"'><b>/);
  await visit(page, "#/clusters/%00<img src=x onerror=window.broken=4>?q=\"><script>window.broken=5</script>&source=nowhere&sort=nonsense&a=99999");
  assert.equal(await page.evaluate(() => window.broken), undefined);
  await visit(page, "#/no/such/view");
  assert.match(await page.textContent("h1"), /documents/);
  await finish(page);
});

test("axe finds no serious violation, in light and dark, wide and on a phone", async () => {
  for (const options of [{ colorScheme: "light" }, { colorScheme: "dark" }, { colorScheme: "light", viewport: { width: 390, height: 844 } }]) {
    const page = await open(browser, corpusPage, "", options);
    await page.evaluate(readFileSync(AXE, "utf8"));
    for (const hash of [...VIEWS, "open"]) {
      if (hash === "open") {
        await visit(page, "#/clusters");
        await page.locator(".row").first().click();
        await page.waitForSelector(".pair .text");
      } else await visit(page, hash);
      const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
      const grave = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
      const told = grave.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`).join(" | ")}`);
      assert.deepEqual(told, [], `${hash} ${JSON.stringify(options)}`);
    }
    await finish(page);
  }
});

test("on a phone nothing is wider than the screen, and a cluster leads back to the list", async () => {
  const page = await open(browser, corpusPage, "", { viewport: { width: 390, height: 844 } });
  for (const hash of VIEWS) {
    await visit(page, hash);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(over <= 0, `${hash} is ${over} px too wide`);
  }
  await visit(page, "#/clusters");
  await page.locator(".row").first().click();
  await page.waitForSelector(".pair .text");
  assert.ok(!(await page.locator(".list").isVisible()));
  await page.getByRole("link", { name: "← All clusters" }).click();
  await page.locator(".list").waitFor({ state: "visible" });
  await finish(page);
});

test("a page of flong explain shows the thresholds and both texts", async () => {
  const [input, output] = ["in.jsonl", "explained.html"].map((name) => join(temporaryFolder(), name));
  writeDocuments(input, [...wire(), ...hostile()]);
  writeFileSync(output, flong("explain", input, "wire-1", "wire-2", "--format", "html"));
  const page = await open(browser, output);
  assert.match(await page.textContent("h1"), /near/);
  assert.deepEqual(await page.locator(".left del").allTextContents(), ["two"]);
  assert.ok(await page.locator("table.criteria tbody tr").count() > 10);
  await page.evaluate(readFileSync(AXE, "utf8"));
  const { violations } = await page.evaluate(() => window.axe.run(document));
  assert.deepEqual(violations.filter(({ impact }) => ["serious", "critical"].includes(impact)).map(({ id }) => id), []);
  await finish(page);
  writeFileSync(output, flong("explain", input, hostile()[0].id, "--format", "html"));
  const other = await open(browser, output);
  assert.ok((await other.textContent(".text")).includes("</script><script>window.broken = 1</script>"));
  assert.equal(await other.evaluate(() => window.broken), undefined);
  await finish(other);
});

test("a cluster prints as texts", async () => {
  const page = await open(browser, wirePage);
  await openWire(page);
  await page.emulateMedia({ media: "print" });
  assert.ok(!(await page.locator("header nav").isVisible()));
  assert.ok(!(await page.locator(".list").isVisible()));
  assert.ok(await page.locator(".pair .text").first().isVisible());
  await finish(page);
});

/** The page of another run: its overview is replaced. */
function withOverview(file, change) {
  const html = readFileSync(file, "utf8");
  const pattern = /(<script type="application\/octet-stream" id="overview">)([^<]*)/;
  const packed = deflateRawSync(JSON.stringify(change()), { level: 1 }).toString("base64");
  const path = join(temporaryFolder(), "report.html");
  writeFileSync(path, html.replace(pattern, (_, tag) => tag + packed));
  return path;
}

test("100,000 clusters open fast, and are searched and scrolled", async () => {
  const clusters = 100_000, documents = 2 * clusters;
  const numbers = (n, of) => Array.from({ length: n }, (_, i) => of(i));
  const path = withOverview(wirePage, () => ({
    flong: "0", cleaned: true, left_out: documents, agencies: [], reasons: [], similarity: [], removed: [], groups: [], more_groups: 0, links: [], more_links: 0, misses: [], more_misses: 0,
    summary: { documents, bytes: 1e9, candidates: 1, repeats: { document: { near: clusters } }, parameters: { grains: ["document"], level: "near", keep: "earliest" }, run: { inputs: ["x"] } },
    sources: { name: numbers(50, (i) => `source${i}.example`), documents: numbers(50, () => 1), bytes: numbers(50, () => 1) },
    days: { day: [20_000, 20_001], documents: [1, 1] },
    documents: {
      id: numbers(documents, (i) => `d${i}`), title: numbers(documents, (i) => `The headline of item ${i} about ${["maize", "ferries", "the bridge"][i % 3]}`),
      source: numbers(documents, (i) => i % 50), agency: numbers(documents, () => -1), minute: numbers(documents, (i) => 28_800_000 + i), precision: numbers(documents, () => 4),
      url: numbers(documents, () => 0), text: numbers(documents, () => -1), blocks: [0],
    },
    asides: { document: [], start: [], end: [], rule: [], reason: [] },
    clusters: { id: numbers(clusters, (i) => i.toString(16).padStart(12, "0")), grain: numbers(clusters, () => "document"), kind: numbers(clusters, () => "near"), size: numbers(clusters, () => 2), least: numbers(clusters, () => 900), implied: numbers(clusters, () => 0) },
    members: { document: numbers(documents, (i) => i), start: numbers(documents, () => 0), end: numbers(documents, () => 1), kind: numbers(documents, (i) => (i % 2 ? "near" : null)), origin: numbers(documents, () => "unknown"), clue: numbers(documents, () => null), ...Object.fromEntries(["score", "weighted", "containment", "jaccard", "aligned"].map((name) => [name, numbers(documents, () => 900)])) },
  }));
  const started = Date.now();
  const page = await open(browser, path, "#/clusters");
  const opened = Date.now() - started;
  // It takes one second, and far more where other programs are busy.
  assert.ok(opened < 15_000, `opened after ${opened} ms`);
  assert.equal(await found(page), clusters);
  await page.getByRole("searchbox").fill("item 199998 maize");
  assert.equal(await found(page), 1);
  const took = await searchTime(page, "item 199998 maize");
  assert.ok(took < 100, `searched for ${took} ms`);
  await page.getByRole("searchbox").fill("");
  await page.locator(".long").evaluate((list) => { list.scrollTop = list.scrollHeight; });
  await page.waitForTimeout(100);
  assert.ok(await page.locator(".long li").count() < 60, "only what is seen is drawn");
  assert.equal(await page.locator(".long li").last().getAttribute("aria-posinset"), String(clusters));
  await page.locator(".row").last().click();
  await page.waitForSelector(".pair article");
  assert.match(await page.textContent(".pair"), /left out/);
  await finish(page);
});
