import { readdirSync, readFileSync } from "node:fs";

/** What is kept secret in the tests, by what it is for. Quotes, blanks, umlauts: each form of them is another text. */
export const CANARIES = {
  password: 'Canary pass "w1/ü"',
  fromFile: "Canary-file+2=&",
  fromCommand: "Canary$command;3",
  passphrase: "Canary phrase 'four'",
  enable: "Canary<enable>5",
  sudo: "Canary\\sudo\\6",
  named: "Canary%named%7x",
  unused: "Canary-never-used-8",
} as const;

export type Canary = keyof typeof CANARIES;

/** A secret as programs write it into messages. */
export function formsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  const json = JSON.stringify(value).slice(1, -1);
  const url = encodeURIComponent(value);
  return [
    ...new Set([
      value,
      bytes.toString("base64").replace(/=+$/, ""),
      bytes.toString("base64url"),
      bytes.toString("hex"),
      bytes.toString("hex").toUpperCase(),
      url,
      url.replace(/%[0-9A-F]{2}/g, (pair) => pair.toLowerCase()),
      url.replaceAll("%20", "+"),
      json,
      JSON.stringify(json).slice(1, -1),
    ]),
  ];
}

/** Which canary is in a text, and how it is written there. */
export function sung(text: string): string[] {
  return Object.entries(CANARIES).flatMap(([name, value]) =>
    formsOf(value)
      .filter((form) => text.includes(form))
      .map((form) => `${name} as ${form}`),
  );
}

/** Arguments and environment of every process but this one and those it was started by. */
export function processTexts(): string {
  const mine = new Set([String(process.pid), ...parents()]);
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && !mine.has(name))
    .flatMap((pid) => ["cmdline", "environ"].map((file) => readable(`/proc/${pid}/${file}`)))
    .join("\n");
}

function parents(): string[] {
  const found: string[] = [];
  for (let pid = process.pid; pid > 1; ) {
    const [, parent] = /\) \S (\d+)/.exec(readable(`/proc/${pid}/stat`)) ?? [];
    pid = Number(parent ?? 0);
    found.push(String(pid));
  }
  return found;
}

function readable(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
