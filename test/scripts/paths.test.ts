import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const PAGES = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "CHANGELOG.md",
  "hosts.example.yaml",
  "package.json",
  ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`),
  ...readdirSync(join(root, "scripts")).map((name) => `scripts/${name}`),
];

/** Paths inside the repository; those with a placeholder (NAME, *, …) are none. */
const PATH = /(?<![\w./~-])(?:src|test|docs|devices|scripts|bench|schema)\/[\w./-]*[\w/](?![\w*…{<])/g;
/** Placeholders. */
const MADE = /NAME/;

it.each(PAGES)("%s names only files and folders that exist", (page) => {
  const text = readFileSync(join(root, page), "utf8");
  const named = [...text.matchAll(PATH)].map(([path]) => path).filter((path) => !MADE.test(path));
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

it("links of the pages lead to files that exist", () => {
  const broken = PAGES.filter((page) => page.endsWith(".md")).flatMap((page) => {
    const text = readFileSync(join(root, page), "utf8");
    return [...text.matchAll(/\]\((?!https?:)([^)#]+)(#[^)]+)?\)/g)]
      .map(([, target = ""]) => target)
      .filter((target) => !existsSync(join(root, page, "..", target)))
      .map((target) => `${page}: ${target}`);
  });
  expect(broken).toEqual([]);
});
