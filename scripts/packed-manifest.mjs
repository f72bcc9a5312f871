// What a tarball says of itself: package.json without what only this repository needs. npm takes `prepare` of a tarball for
// a script of its installation, and warns. `npm pack` runs this before (strip) and after it (restore).
import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const manifest = join(root, "package.json");
/** The whole one for as long as npm packs; one that is there already was left by a run that was cut short. */
const whole = join(root, ".package.json.whole");

if (existsSync(whole)) renameSync(whole, manifest);
if (process.argv[2] === "strip") {
  copyFileSync(manifest, whole);
  const {
    scripts: _scripts,
    devDependencies: _dev,
    allowScripts: _allow,
    ...packed
  } = JSON.parse(readFileSync(manifest, "utf8"));
  writeFileSync(manifest, `${JSON.stringify(packed, undefined, 2)}\n`);
}
