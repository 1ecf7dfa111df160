// What the tests look at: corpora of our own, and pages that flong makes of them.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const FLONG = process.env.FLONG ?? ["debug", "release"].map((profile) => join(ROOT, "target", profile, "flong")).find((path) => existsSync(path));

/** Runs flong. */
export function flong(...args) {
  return execFileSync(FLONG, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

export function temporaryFolder() {
  return mkdtempSync(join(tmpdir(), "flong-page-"));
}

/** Writes documents as JSON Lines. */
export function writeDocuments(path, documents) {
  writeFileSync(path, documents.map((document) => `${JSON.stringify(document)}\n`).join(""));
}

/** All articles of the repository's corpus. */
export function corpus() {
  return ["articles", "boilerplate"].flatMap((folder) => {
    const path = join(ROOT, "corpus", folder);
    return readdirSync(path).sort().flatMap((name) => readFileSync(join(path, name), "utf8").trim().split("\n").map((line) => JSON.parse(line)));
  });
}

/** Makes the page of a corpus that is cleaned, or only searched. */
export function pageOf(documents, { command = "clean", passages = false } = {}) {
  const folder = temporaryFolder();
  const [input, out, page] = ["in.jsonl", "out", "report.html"].map((name) => join(folder, name));
  writeDocuments(input, documents);
  flong(command, input, "--out", out, "--quiet", ...(passages ? ["--passages"] : []));
  flong("report", out, "-o", page, "--quiet");
  return page;
}

const WIRE = `The harbour board of Aldermoor has approved the rebuilding of the northern pier after two winters of storms, at a cost of 4.2 million crowns. Work is to begin in April and will take eighteen months. Ferries to the outer islands will leave from the fish quay meanwhile, the harbour master told reporters on Tuesday, and the summer timetable will not change.`;

/** A wire story that three sites reprint, hours and days later, with their own frames. */
export function wire() {
  const story = (n, source, date, text) => ({ id: `wire-${n}`, source, date, title: `Aldermoor to rebuild its northern pier${n > 1 ? `, version ${n}` : ""}`, text });
  return [
    story(1, "first.example", "2026-03-03T08:00:00Z", WIRE),
    story(2, "second.example", "2026-03-03T10:00:00Z", `By Our Reporter, Aldermoor\n\n${WIRE.replace("two winters", "three winters")}`),
    story(3, "third.example", "2026-03-04T08:00:00Z", `${WIRE}\n\nREAD ALSO: Maize Prices Rise For Third Week`),
    { id: "maize", source: "first.example", date: "2026-03-05T08:00:00Z", title: "Maize Prices Rise For Third Week", text: "Maize prices rose for the third week in a row, the growers' union said on Monday. The union called for lower duties on fertiliser, and for a store of grain in each district before the rains." },
  ];
}

/** Texts and names that try to break out of where they are shown. */
export function hostile() {
  const script = "</script><script>window.broken = 1</script><img src=x onerror='window.broken = 2'>";
  const text = (end) => `The council ${script} met on Monday to speak of "the bridge" and of 'the road' \u202eand back\u202c; a NUL \u0000 and a bell \u0007 were seen. It was said that the bridge at Ostrow would be closed for repairs until the end of autumn, and that the buses would take the way by the mill ${end} <!-- --> &amp; {title} \${x} ]]>.`;
  const item = (n, more) => ({ id: `h${n}"'><b>`, source: `evil<script>alert(${n})</script>.example`, date: `2026-04-0${n}T10:00:00Z`, title: `Bridge ${script} "closed" \u202e${n}`, text: text(""), ...more });
  return [item(1, { url: "javascript:window.broken=3" }), item(2, { url: "https://ok.example/?a=\"><script>" }), item(3, { source: "العربية.example", title: "جسر أوسترو مغلق \u0000", text: `${text("again")}` })];
}
