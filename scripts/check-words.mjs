// Plain words: what users and agents read says things in the terms of the field. Looks through the strings of src/ (not its
// names and comments), the documentation and the example inventory. Exits 1 with every riddle named and what to say instead.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { stringsOf } from "./strings-of.mjs";

/** `say`: what the field calls it. */
const RIDDLES = [
  { word: /\b(stands?|standing|stood)\b/i, say: "is, is shown, is written, means (stands for), tolerates" },
  { word: /\b(told|tells)\b/i, say: "reports, names, shows, distinguishes (told apart)" },
  { word: /\b(given|gives|gave) back\b/i, say: "returned" },
  { word: /\b(goes|went|go) (its|his|their) way\b/i, say: "continued, ended, was sent" },
  { word: /\blook with\b/i, say: "read the screen with" },
  { word: /\bonly looks\b/i, say: "only reads" },
  { word: /\b(re)?drawn?\b/i, say: "rendered, printed" },
  { word: /\b(becomes?|became) of\b/i, say: "happened to, the result of" },
  { word: /\b(broken|breaks?|broke)( it)? off\b/i, say: "aborted, interrupted" },
  { word: /\bto be had\b/i, say: "available" },
  { word: /\bleft aside\b/i, say: "ignored" },
  { word: /\b(is|are|was|were|keys) at work\b/i, say: "running, not processed yet" },
  { word: /\bon its own account\b/i, say: "unsolicited" },
  { word: /\bclimb(s|ed|ing)?\b/i, say: "enters, changes to (a mode)" },
  { word: /\bway (to mode|up|down)\b/i, say: "changing to the mode, entering, leaving" },
  { word: /\b(never|not) fed\b/i, say: "not paged on" },
  { word: /\b(takes?|taken|took|taking) (it |them |that |one )?for\b/i, say: "treated as" },
  { word: /\btook nothing\b|\bof it was taken\b|\bnot taken the\b/i, say: "did not accept, refused" },
  { word: /\bcalled like\b/i, say: "named after" },
  { word: /\blets? us in\b|\bdid not let\b/i, say: "accepted, refused (the login of)" },
  { word: /\bspeaks? for (it|them)sel(f|ves)\b/i, say: "unmistakable" },
];

/** The texts of simulated devices are those of the vendors. */
const NOT_OURS = ["src/lab"];

const PAGES = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "hosts.example.yaml"];

/** Paths of imports and tags of unions: names, though they are written as strings. */
const NAME = /^\S*$/;

const root = join(import.meta.dirname, "..");

function* filesIn(folder, ending) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path, ending);
    else if (entry.name.endsWith(ending)) yield path;
  }
}

/** Every piece of text to check with the line it begins at. */
function* texts() {
  for (const file of filesIn(join(root, "src"), ".ts"))
    for (const { line, text } of stringsOf(readFileSync(file, "utf8")))
      if (!NAME.test(text)) yield { file, line, text };
  const pages = [...PAGES.map((name) => join(root, name)), ...filesIn(join(root, "docs"), ".md")];
  for (const file of [...pages, ...filesIn(join(root, "devices"), ".yaml")]) {
    const lines = readFileSync(file, "utf8").split("\n");
    for (const [index, text] of lines.entries()) yield { file, line: index + 1, text };
  }
}

let found = 0;
for (const { file, line, text } of texts()) {
  const path = relative(root, file);
  if (NOT_OURS.some((skipped) => path === skipped || path.startsWith(`${skipped}/`))) continue;
  for (const { word, say } of RIDDLES) {
    const [riddle] = word.exec(text) ?? [];
    if (riddle === undefined) continue;
    found++;
    console.error(`${path}:${line}: "${riddle}" → ${say}   (${text.trim().slice(0, 100)})`);
  }
}
if (found > 0) process.exit(1);
