import { execFile } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapePayload } from "../../src/shell/posix/command-line.ts";

/** Each shell with the printf its hooks use. */
const SHELLS: readonly (readonly [name: string, program: string, args: readonly string[], printf: string])[] =
  [
    ["bash", "bash", ["--norc", "-c"], "\\builtin printf"],
    ["zsh", "zsh", ["-f", "-c"], "\\builtin printf"],
    ["dash", "dash", ["-c"], "\\command printf"],
    ["BusyBox ash", "busybox", ["ash", "-c"], "\\command printf"],
    ["ksh93", "ksh93", ["-c"], "\\command printf"],
    ["mksh", "mksh", ["-c"], "\\command printf"],
    ["yash", "yash", ["-c"], "\\command printf"],
    ["posh", "posh", ["-c"], "\\command printf"],
    ["fish", "fish", ["--no-config", "-c"], "builtin printf"],
  ];
/** Payloads per shell started: starting one costs more than all of them. */
const BATCH = 60;

function run(program: string, args: readonly string[], locale: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    execFile(
      program,
      args,
      { encoding: "buffer", env: { ...process.env, LC_ALL: locale }, maxBuffer: 16 << 20 },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else if (error.code === "ENOENT")
          reject(new Error(`${program} is not installed. Run as root: scripts/setup-debian.sh`));
        else reject(new Error(`${program}: ${stderr.toString("utf8") || error.message}`));
      },
    );
  });
}

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 80 }),
  fc.string({ unit: "grapheme", maxLength: 80 }),
  // What printf and shells react to, close together.
  fc.string({ unit: fc.constantFrom(..."\\%-'\"$`!*?#~;&|<>(){}[]01789nx\n\t\r "), maxLength: 80 }),
);
/** A command never holds NUL: the batches are joined by it. */
const payloads = fc.array(
  text.map((value) => value.replaceAll("\0", "")),
  { minLength: BATCH, maxLength: BATCH },
);

describe("the payload escape is undone, byte for byte, by the printf of", () => {
  for (const [name, program, args, printf] of SHELLS) {
    for (const locale of ["C", "C.UTF-8"]) {
      it.concurrent(`${name} in the locale ${locale}`, () =>
        fc.assert(
          fc.asyncProperty(payloads, async (batch) => {
            const script = batch
              .map((payload) => `${printf} '${escapePayload(payload)}'\n${printf} '\\000'`)
              .join("\n");
            const printed = await run(program, [...args, script], locale);
            expect(printed.equals(Buffer.from(batch.map((payload) => `${payload}\0`).join("")))).toBe(true);
          }),
          { seed: 7717, numRuns: 5 },
        ));
    }
  }
});
