// What this project changes in ssh2 (patches/README.md): patches/ssh2@VERSION.patch, applied to the text of ssh2's files while
// they are bundled or loaded. Nothing in node_modules is written to. The patch belongs to these very files: another version,
// or the same one with other bytes, ends the build instead of being patched by guess.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { applyPatch, parsePatch } from "diff";

const VERSION = "1.17.0";

/** SHA-256 of each file before the patch. */
const ORIGINALS = {
  "lib/protocol/SFTP.js": "615871028340d9be98eb564ab6bdd021fe8ae44a4a25df928038e14e3bc5c201",
  "lib/protocol/Protocol.js": "c1104b49087de7a91cd3ffaac8807c05eebf49f61effd084d0b0caf29fde6af4",
  "lib/protocol/constants.js": "a3894fdd8e294109b55f06fbda69e467741f15a250801b744b6b0487bbf32529",
  "lib/protocol/crypto.js": "a729d2064e787e2a4589c25a284444fe54a58b7434a4e6e5e8e9c73c6d91e28e",
  "lib/protocol/kex.js": "054ba4b81801596350f0e2e939746d2966297cffd4303b342c25b2fd5d295755",
  "lib/protocol/keyParser.js": "ba4f40a5a9edef15ff49a38226e2be2e66f75aa2673840dd18b807bb7943eca9",
};

const root = join(import.meta.dirname, "..");
const folder = join(root, "node_modules", "ssh2");

let patches;

/** Every change, by the file it is made in; checked that the patch and the list of originals name the same ones. */
function patchOf(name) {
  if (patches === undefined) {
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    if (version !== VERSION)
      throw new Error(
        `ssh2 ${version} is installed, and the patch is for ${VERSION}: see patches/README.md.`,
      );
    const text = readFileSync(join(root, "patches", `ssh2@${VERSION}.patch`), "utf8");
    patches = new Map(parsePatch(text).map((one) => [one.oldFileName?.replace(/^a\//, ""), one]));
    if ([...patches.keys()].sort().join() !== Object.keys(ORIGINALS).sort().join())
      throw new Error("The patch of ssh2 changes other files than those whose originals are listed.");
  }
  return patches.get(name);
}

/** The patched text of a file of ssh2; undefined: it is not one that is changed. @throws Error when it is not the original. */
export function patchedSsh2(path) {
  const name = relative(folder, path).split(sep).join("/");
  if (!Object.hasOwn(ORIGINALS, name)) return undefined;
  const original = readFileSync(path);
  const digest = createHash("sha256").update(original).digest("hex");
  if (digest !== ORIGINALS[name])
    throw new Error(`ssh2's ${name} is not the one the patch was made for: see patches/README.md.`);
  const patched = applyPatch(original.toString("utf8"), patchOf(name), { fuzzFactor: 0 });
  if (patched === false) throw new Error(`The patch of ssh2 does not fit ${name}: see patches/README.md.`);
  return patched;
}
