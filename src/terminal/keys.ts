import { SshMcpError } from "../base/errors.ts";
import { nearest } from "../base/text.ts";
import type { ScreenModes } from "./types.ts";

const ESC = "\u001b";
const PASTE_START = `${ESC}[200~`;
const PASTE_END = `${ESC}[201~`;

export interface Modifiers {
  readonly ctrl: boolean;
  readonly meta: boolean;
  readonly shift: boolean;
}

/** What `parseKeys` found: a run of literal text, or one key with its modifiers. */
export type Key =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "key"; readonly name: KeyName; readonly modifiers: Modifiers }
  | { readonly kind: "char"; readonly char: string; readonly modifiers: Modifiers };

/**
 * How a key is encoded. `cursor`: CSI x, SS3 x in application cursor mode (DECCKM), CSI 1;m x with modifiers.
 * `ss3`: SS3 x, CSI 1;m x with modifiers. `tilde`: CSI n ~, CSI n;m ~ with modifiers (xterm ctlseqs, PC-style keys).
 * `plain`: these bytes, ESC before them for Meta; `ctrl` and `shift` name the bytes those modifiers give.
 */
type Encoding =
  | { readonly form: "cursor"; readonly final: string }
  | { readonly form: "ss3"; readonly final: string }
  | { readonly form: "tilde"; readonly number: number }
  | { readonly form: "plain"; readonly bytes: string; readonly ctrl?: string; readonly shift?: string };

const KEYS = {
  Enter: { form: "plain", bytes: "\r" },
  Tab: { form: "plain", bytes: "\t", shift: `${ESC}[Z` },
  Esc: { form: "plain", bytes: ESC },
  Space: { form: "plain", bytes: " ", ctrl: "\u0000" },
  BSpace: { form: "plain", bytes: "\u007f", ctrl: "\b" },
  CR: { form: "plain", bytes: "\r" },
  LF: { form: "plain", bytes: "\n" },
  lt: { form: "plain", bytes: "<" },
  Up: { form: "cursor", final: "A" },
  Down: { form: "cursor", final: "B" },
  Right: { form: "cursor", final: "C" },
  Left: { form: "cursor", final: "D" },
  Home: { form: "cursor", final: "H" },
  End: { form: "cursor", final: "F" },
  Ins: { form: "tilde", number: 2 },
  Del: { form: "tilde", number: 3 },
  PgUp: { form: "tilde", number: 5 },
  PgDn: { form: "tilde", number: 6 },
  F1: { form: "ss3", final: "P" },
  F2: { form: "ss3", final: "Q" },
  F3: { form: "ss3", final: "R" },
  F4: { form: "ss3", final: "S" },
  F5: { form: "tilde", number: 15 },
  F6: { form: "tilde", number: 17 },
  F7: { form: "tilde", number: 18 },
  F8: { form: "tilde", number: 19 },
  F9: { form: "tilde", number: 20 },
  F10: { form: "tilde", number: 21 },
  F11: { form: "tilde", number: 23 },
  F12: { form: "tilde", number: 24 },
} as const satisfies Record<string, Encoding>;

export type KeyName = keyof typeof KEYS;

/** Other spellings agents know from tmux, vim and Emacs. */
const ALIASES: Readonly<Record<string, KeyName>> = {
  return: "Enter",
  ret: "Enter",
  nl: "LF",
  newline: "LF",
  escape: "Esc",
  spc: "Space",
  backspace: "BSpace",
  bksp: "BSpace",
  bs: "BSpace",
  delete: "Del",
  dc: "Del",
  insert: "Ins",
  ic: "Ins",
  pageup: "PgUp",
  ppage: "PgUp",
  pagedown: "PgDn",
  npage: "PgDn",
  less: "lt",
};

/** Whole tokens that are neither a key nor modifier-key, by their lower-case text. */
const SPECIAL: Readonly<Record<string, KeyName>> = { btab: "Tab", backtab: "Tab" };

const NAMES = new Map<string, KeyName>([
  ...keyNames().map((name): [string, KeyName] => [name.toLowerCase(), name]),
  ...Object.entries(ALIASES),
]);

/** `<name>` or `<mods-name>`; the name is letters and digits, or any one character after a modifier. */
const TOKEN = /<((?:[CcMmAaSs]-)*)([A-Za-z][A-Za-z0-9]*|[^\s])>/uy;

/** The same, for a text that begins with it. */
export const TOKEN_SHAPE = /^<(?:[CcMmAaSs]-)*(?:[A-Za-z][A-Za-z0-9]*|[^\s])>/u;

const OTHER_SPELLING = /<((?:(?:ctrl|control|alt|meta|option|shift)[-+])+)([A-Za-z0-9]+|[^\s>])>/iuy;

/**
 * Splits `text` into literal runs and keys. A `<` that does not open something shaped like a key (`a < b`, `<b`, `</p>`)
 * is itself; something shaped like a key whose name is unknown is refused, and nothing has been sent yet.
 */
export function parseKeys(text: string): Key[] {
  const keys: Key[] = [];
  let literal = "";
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf("<", at);
    if (open < 0) break;
    literal += text.slice(at, open);
    TOKEN.lastIndex = open;
    const match = TOKEN.exec(text);
    const foreign = match ? undefined : otherSpelling(text, open);
    if (foreign !== undefined) throw foreign;
    const key = match === null ? undefined : tokenKey(match[0], match[1] ?? "", match[2] ?? "");
    if (match === null || key === undefined) {
      literal += "<";
      at = open + 1;
      continue;
    }
    if (literal !== "") keys.push({ kind: "text", text: literal });
    literal = "";
    keys.push(key);
    at = open + match[0].length;
  }
  literal += text.slice(at);
  if (literal !== "") keys.push({ kind: "text", text: literal });
  return keys;
}

/** `<Ctrl-C>` and its like, as other programs write keys: refused, since nobody means the letters. */
function otherSpelling(text: string, open: number): SshMcpError | undefined {
  OTHER_SPELLING.lastIndex = open;
  const [token, modifiers = "", name = ""] = OTHER_SPELLING.exec(text) ?? [];
  if (token === undefined) return undefined;
  const letters = modifiers
    .split(/[-+]/)
    .filter((modifier) => modifier !== "")
    .map((modifier) => (/^c/i.test(modifier) ? "C" : /^s/i.test(modifier) ? "S" : "M"))
    .join("-");
  return new SshMcpError(
    "invalid_argument",
    `${token} is not how keys are written here. Nothing was sent.`,
    `Write <${letters}-${name.length === 1 ? name.toLowerCase() : name}>, or a literal < as <lt>.`,
  );
}

function tokenKey(token: string, prefix: string, name: string): Key | undefined {
  const mods = prefix.toLowerCase();
  const modifiers: Modifiers = {
    ctrl: mods.includes("c-"),
    meta: mods.includes("m-") || mods.includes("a-"),
    shift: mods.includes("s-"),
  };
  const back = SPECIAL[name.toLowerCase()];
  if (back !== undefined) return { kind: "key", name: back, modifiers: { ...modifiers, shift: true } };
  const known = NAMES.get(name.toLowerCase());
  if (known !== undefined) return { kind: "key", name: known, modifiers };
  if (prefix === "") {
    // `<b>` and `<1>` are text (markup, redirections); `<Foo>` is a key that does not exist.
    if (name.length === 1) return undefined;
    throw unknownKey(token, name);
  }
  if ([...name].length !== 1)
    throw new SshMcpError(
      "invalid_argument",
      `${token} is not a known key. Nothing was sent.`,
      "A modifier goes with one character or a named key: <C-c>, <M-x>, <C-Left>, <S-Tab>.",
    );
  const key: Key = { kind: "char", char: name, modifiers };
  if (modifiers.ctrl && controlByte(name) === undefined)
    throw new SshMcpError(
      "invalid_argument",
      `No terminal can send ${token}: Ctrl goes with a letter, Space, or one of @ [ \\ ] ^ _ ?.`,
      "Send another key, e.g. <C-c>.",
    );
  return key;
}

function unknownKey(token: string, name: string): SshMcpError {
  const near = nearest(
    name,
    keyNames().filter((known) => !["CR", "LF"].includes(known)),
  ).slice(0, 4);
  return new SshMcpError(
    "invalid_argument",
    `${token} is not a known key. Nothing was sent. Nearest: ${near.map((known) => `<${known}>`).join(" ")}.`,
    "Use a known key (<Enter> <Tab> <Esc> <Space> <BS> <Del> <Up> <PageDown> <Home> <F1>..<F12> <C-c> <M-x>), or write a literal < as <lt>.",
  );
}

/** The bytes a terminal in these modes sends for `keys`. */
export function encodeKeys(keys: readonly Key[], modes: ScreenModes): Buffer {
  return Buffer.from(keys.map((key) => encodeKey(key, modes)).join(""), "utf8");
}

function encodeKey(key: Key, modes: ScreenModes): string {
  switch (key.kind) {
    case "text":
      return typed(key.text);
    case "char":
      return encodeChar(key.char, key.modifiers);
    case "key":
      return encodeNamed(KEYS[key.name], key.modifiers, modes);
  }
}

function encodeChar(char: string, { ctrl, meta, shift }: Modifiers): string {
  const cased = shift ? char.toUpperCase() : char;
  const body = ctrl ? (controlByte(char) ?? char) : cased;
  return meta ? ESC + body : body;
}

function encodeNamed(encoding: Encoding, modifiers: Modifiers, modes: ScreenModes): string {
  // xterm's modifier parameter: 1 + Shift 1 + Alt 2 + Ctrl 4 (ctlseqs, "PC-Style Function Keys").
  const code = 1 + (modifiers.shift ? 1 : 0) + (modifiers.meta ? 2 : 0) + (modifiers.ctrl ? 4 : 0);
  switch (encoding.form) {
    case "cursor":
      if (code > 1) return `${ESC}[1;${code}${encoding.final}`;
      return `${ESC}${modes.applicationCursorKeys ? "O" : "["}${encoding.final}`;
    case "ss3":
      return code > 1 ? `${ESC}[1;${code}${encoding.final}` : `${ESC}O${encoding.final}`;
    case "tilde":
      return code > 1 ? `${ESC}[${encoding.number};${code}~` : `${ESC}[${encoding.number}~`;
    case "plain": {
      const shifted = modifiers.shift ? (encoding.shift ?? encoding.bytes) : encoding.bytes;
      const body = modifiers.ctrl ? (encoding.ctrl ?? shifted) : shifted;
      return modifiers.meta ? ESC + body : body;
    }
  }
}

/** Ctrl with a character, as terminals have it since ASCII: the low five bits; `?` is DEL. */
function controlByte(char: string): string | undefined {
  if (char === "?") return "\u007f";
  if (char === "/") return "\u001f";
  const code = char.toUpperCase().charCodeAt(0);
  return char.length === 1 && code >= 0x40 && code <= 0x5f ? String.fromCharCode(code & 0x1f) : undefined;
}

/** A person's keyboard sends CR for a line break. */
function typed(text: string): string {
  return text.replace(/\r\n|\n/g, "\r");
}

/**
 * Literal text as a terminal in these modes sends it; no `<…>` is read in it. Several lines are pasted as one
 * (ESC[200~ … ESC[201~) where the program asked for it. `enter` presses Enter afterwards.
 */
export function encodeText(
  text: string,
  modes: ScreenModes,
  options: { readonly enter?: boolean } = {},
): Buffer {
  if (text.includes(PASTE_END) || text.includes("\u009b201~"))
    throw new SshMcpError(
      "invalid_argument",
      "The text holds the sequence that ends a paste (ESC[201~); what follows it would be run as typed. Nothing was sent.",
      "Remove that sequence from the text.",
    );
  const body = typed(text);
  const paste = modes.bracketedPaste && body.includes("\r");
  const sent = paste ? `${PASTE_START}${body}${PASTE_END}` : body;
  return Buffer.from(options.enter === true ? `${sent}\r` : sent, "utf8");
}

function keyNames(): KeyName[] {
  return Object.keys(KEYS).filter((name): name is KeyName => name in KEYS);
}

/** The names of all keys but those of letters. */
export const KEY_NAMES: readonly KeyName[] = keyNames();

/** The default for callers that know nothing of the screen. */
export const PLAIN_MODES: ScreenModes = { applicationCursorKeys: false, bracketedPaste: false, mouse: false };

/** A single key as it is written, by the name `parseKeys` takes. */
export function keyName(key: string): string {
  const code = key.charCodeAt(0);
  return key.length === 1 && code < 32 ? `<C-${String.fromCharCode(code + 64).toLowerCase()}>` : key;
}
