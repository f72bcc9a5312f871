// What a release consists of, in release/: the tarball, the bundle for Claude Desktop (.mcpb), and their SHA-256. Publishes
// nothing. Usage: node scripts/release.mjs [vVERSION]
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zip } from "./zip.mjs";

const root = join(import.meta.dirname, "..");
const out = join(root, "release");
const read = (name) => readFileSync(join(root, name));
const { name, version, license, type, engines } = JSON.parse(read("package.json").toString());

const tag = process.argv[2] ?? `v${version}`;
if (tag !== `v${version}`) {
  console.error(`The tag is ${tag}, package.json says ${version}.`);
  process.exit(1);
}
rmSync(out, { recursive: true, force: true });
mkdirSync(out);
execFileSync("npm", ["pack", "--silent", "--pack-destination", out], { cwd: root, stdio: "inherit" });

const bundle = [
  { name: "manifest.json", from: "packaging/mcpb/manifest.json" },
  { name: "dist/cli.js", from: "dist/cli.js", executable: true },
  ...readdirSync(join(root, "dist"))
    .filter((file) => file.endsWith(".cjs"))
    .map((file) => ({ name: `dist/${file}`, from: `dist/${file}` })),
  { name: "dist/THIRD_PARTY_NOTICES", from: "dist/THIRD_PARTY_NOTICES" },
  ...["app.css", "app.js", "icon.svg", "index.html", "player.css", "player.js"].map((name) => ({
    name: `dist/web/${name}`,
    from: `dist/web/${name}`,
  })),
  { name: "LICENSE", from: "LICENSE" },
];
const files = bundle.map(({ from, ...file }) => ({ ...file, bytes: read(from) }));
const own = JSON.stringify({ name, version, license, type, engines }, undefined, 2);
files.push({ name: "package.json", bytes: Buffer.from(`${own}\n`) });
writeFileSync(join(out, `${name.replace(/^@[^/]*\//, "")}-${version}.mcpb`), zip(files));

const sums = readdirSync(out)
  .sort()
  .map(
    (file) =>
      `${createHash("sha256")
        .update(readFileSync(join(out, file)))
        .digest("hex")}  ${file}\n`,
  );
writeFileSync(join(out, "SHA256SUMS"), sums.join(""));
process.stdout.write(sums.join(""));
