// Who wrote what the bundle contains, and under which terms: every package from which a byte went into it.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const LICENSE_FILE = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i;
/** The texts of packages that come without one. */
const LICENSES = join(import.meta.dirname, "..", "licenses");
/** A bundler's mark in front of what it put into a package's file from another one. */
const WITHIN = /^\/\/#region .*node_modules\/\.pnpm\/([^/]+)@([\w.-]+)(?:_[^/]*)?\/node_modules\//gm;

/**
 * The packages whose code is in the outputs of these builds of esbuild, by name.
 * @throws Error for one that names no license or whose text is not at hand.
 */
export function bundledPackages(metafiles, root) {
  const found = new Map();
  for (const file of filesOf(metafiles)) {
    const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? [];
    if (folder === undefined) continue;
    const own = installed(resolve(root, folder));
    found.set(own.title, own);
    for (const [, name, version] of readFileSync(resolve(root, file), "utf8").matchAll(WITHIN)) {
      const kept = { title: `${name.replace("+", "/")} ${version}`, license: "MIT", text: keptText(name) };
      found.set(kept.title, checked(kept));
    }
  }
  return [...found.values()].sort((a, b) => a.title.localeCompare(b.title, "en"));
}

/** The text of THIRD_PARTY_NOTICES. */
export function notices(packages) {
  const head = [
    "ssh-mcp is under the MIT license (LICENSE). Its program file contains code of these packages:",
    "",
    ...packages.map(({ title, license }) => `  ${title} (${license})`),
  ];
  const sections = packages.map(({ title, text }) => `${"=".repeat(80)}\n${title}\n\n${text}\n`);
  return `${head.join("\n")}\n\n${sections.join("\n")}`;
}

function filesOf(metafiles) {
  const files = metafiles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
    ),
  );
  return new Set(files);
}

function installed(folder) {
  const { name, version, license, licenses } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder).filter((file) => LICENSE_FILE.test(file));
  const own = files.sort().map((file) => readFileSync(join(folder, file), "utf8"));
  const texts = own.length > 0 ? own : [keptText(name)];
  const text = texts.map((one) => one.replaceAll("\r\n", "\n").trim()).join("\n\n");
  return checked({ title: `${name} ${version}`, license: license ?? licenses?.[0]?.type, text });
}

function keptText(name) {
  const file = join(LICENSES, `${name.replace("/", "+")}.txt`);
  return existsSync(file) ? readFileSync(file, "utf8").trim() : "";
}

function checked(one) {
  if (typeof one.license !== "string" || one.text === "")
    throw new Error(
      `${one.title} is in the bundle: its license is not named, or its text not in ${LICENSES}`,
    );
  return one;
}
