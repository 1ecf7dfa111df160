// Makes the pictures of README and docs anew, from the articles of the repository: `make pictures`.
import { mkdirSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { launch, open } from "./browser.mjs";
import { corpus, FLONG, pageOf, ROOT } from "./site.mjs";

const IMAGES = join(ROOT, "docs", "images");
const FIND = ["find", "corpus/articles", "--grain", "document"];
/** Most lines of the terminal that are shown. */
const MOST_LINES = 36;

/** A cluster of the report, with two of its texts side by side. */
async function pictureOfCluster(browser) {
  const file = pageOf(corpus());
  const search = await open(browser, file, "#/clusters");
  await search.waitForSelector("html[data-searchable]");
  await search.getByRole("searchbox").fill("Selkirk Sound seals");
  await search.getByRole("link", { name: /Dredging of Selkirk Sound/ }).first().click();
  await search.waitForSelector(".pair .text ins");
  const [cluster] = search.url().match(/#\/clusters\/[0-9a-f]+/);
  await search.context().close();
  const page = await open(browser, file, cluster, { viewport: { width: 1180, height: 960 }, colorScheme: "light" });
  await page.waitForSelector(".pair .text ins");
  await page.waitForTimeout(300);
  await page.screenshot({ path: join(IMAGES, "report-cluster.png") });
  await page.context().close();
}

/** The output of a find, as a terminal shows it. */
async function pictureOfFind(browser) {
  const output = execFileSync(FLONG, [...FIND, "--isolated", "--color", "always"], { cwd: ROOT, encoding: "utf8", env: { ...process.env, COLUMNS: "100" }, stdio: ["ignore", "pipe", "ignore"] });
  const first = output.split("\n").slice(0, MOST_LINES);
  const lines = first.slice(0, first.lastIndexOf(""));
  const context = await browser.newContext({ viewport: { width: 900, height: 600 } });
  const page = await context.newPage();
  await page.setContent(`<!doctype html><style>
    body { margin: 0; background: #16191d; }
    pre { display: inline-block; margin: 0; padding: 18px 22px; font: 13.5px/1.5 "DejaVu Sans Mono", monospace; color: #d8dee4; }
      .strong { color: #fff; font-weight: bold; } .dim { opacity: .6; } .gone { color: #ff8f8a; text-decoration: line-through; } .new { color: #8bdc9b; } .prompt { color: #7fb7d9; }
  </style><pre><span class="prompt">$</span> flong ${FIND.join(" ")}\n${lines.map(styled).join("\n")}</pre>`);
  await page.locator("pre").screenshot({ path: join(IMAGES, "find.png") });
  await context.close();
}

const CLASSES = { 1: "strong", 2: "dim", 9: "gone", 31: "gone", 32: "new" };

/** A line of a terminal as HTML. */
function styled(line) {
  const escaped = line.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  let opened = 0;
  const marked = escaped.replace(/\u001b\[([\d;]*)m/g, (_, codes) => {
    const classes = codes.split(";").map((code) => CLASSES[Number(code)]).filter(Boolean);
    if (classes.length) {
      opened += 1;
      return `<span class="${classes.join(" ")}">`;
    }
    const closed = "</span>".repeat(opened);
    opened = 0;
    return closed;
  });
  return marked + "</span>".repeat(opened);
}

mkdirSync(IMAGES, { recursive: true });
const browser = await launch();
try {
  await pictureOfCluster(browser);
  await pictureOfFind(browser);
} finally {
  await browser.close();
}
