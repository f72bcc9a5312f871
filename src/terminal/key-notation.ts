import { encodeKeys, KEY_NAMES, type KeyName, PLAIN_MODES, TOKEN_SHAPE } from "./keys.ts";

/** Names that a reader expects; the others that give the same bytes are spellings of these. */
const SPELLINGS: ReadonlySet<KeyName> = new Set(["CR", "LF", "Space", "lt"]);

const MODES = [PLAIN_MODES, { ...PLAIN_MODES, applicationCursorKeys: true }];

/** Key sequences by their bytes, the longest first: `ESC [ A` before `ESC`. */
const SEQUENCES: readonly (readonly [string, string])[] = KEY_NAMES.filter((name) => !SPELLINGS.has(name))
  .flatMap((name) =>
    MODES.map((modes) => {
      const modifiers = { ctrl: false, meta: false, shift: false };
      return [encodeKeys([{ kind: "key", name, modifiers }], modes).toString("utf8"), `<${name}>`] as const;
    }),
  )
  .sort(([one], [other]) => other.length - one.length);

const PASTE = /\u001b\[20[01]~/g;

/**
 * Bytes that were typed, in the notation in which `ssh_send` takes keys: `<C-c>`, `<Up>`, `<Enter>`. Text is itself; a `<`
 * that would read as a key is `<lt>`. The marks of a paste are left out.
 */
export function asKeys(typed: string): string {
  let shown = "";
  let rest = typed.replace(PASTE, "");
  while (rest !== "") {
    const [piece, name] = pieceOf(rest);
    shown += name;
    rest = rest.slice(piece);
  }
  return shown;
}

/** How many characters the first key has, and how it is written. */
function pieceOf(rest: string): readonly [number, string] {
  const key = SEQUENCES.find(([bytes]) => rest.startsWith(bytes));
  // Alt with a letter is Escape before it: the same bytes, and the more frequent of the two is shown.
  if (key !== undefined) return [key[0].length, key[1]];
  const [char = ""] = rest;
  const code = char.codePointAt(0) ?? 0;
  if (code === 0) return [1, "<C-Space>"];
  if (code < 32) return [1, `<C-${String.fromCharCode(code + 64).toLowerCase()}>`];
  if (char === "<" && TOKEN_SHAPE.test(rest)) return [1, "<lt>"];
  return [char.length, char];
}
