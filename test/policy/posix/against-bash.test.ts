import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { judgePosix } from "../../../src/policy/posix/judge.ts";
import { seeded } from "../../seeds/random.ts";
import { randomProgram } from "./programs.ts";

/** `npm run policy:bash` makes fifty thousand. */
const PROGRAMS = Number(process.env.SSH_MCP_POLICY_PROGRAMS ?? 1500);
const FIRST = Number(process.env.SSH_MCP_POLICY_FROM ?? 1);
/** Programs of one bash, so that few processes are started. */
const BATCH = 500;

/** Runs each program in a subshell of its own, without any program to find; says which names it looked for. */
const RUNNER = String.raw`
PATH=/nonexistent
set +m
command_not_found_handle() { printf '%s\t%s\n' "$NUMBER" "@NAME" >> "$LOG"; return 1; }
# Functions are found without a fork; what goes past functions still comes to the hook.
for name in {0..99}; do eval "c$name() { printf '%s\\tc$name\\n' \"\$NUMBER\" >> \"\$LOG\"; return 1; }"; done
NUMBER=0
while IFS= read -r -d '' -u 9 program; do
  NUMBER=$((NUMBER + 1))
  ( FUNCNEST=8; ulimit -t 1; eval "$program" ) 9<&- < /dev/null > /dev/null 2>&1
done 9< "$PROGRAMS"
wait
`.replace("@NAME", () => "${1//$'\\n'/ }");

const folder = mkdtempSync(join(tmpdir(), "policy-bash-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The names that bash looked for, by program. */
function executed(programs: readonly string[]): ReadonlyMap<number, ReadonlySet<string>> {
  const file = join(folder, "programs");
  const log = join(folder, "log");
  writeFileSync(file, programs.map((one) => `${one}\0`).join(""));
  writeFileSync(log, "");
  const { status, error } = spawnSync("/bin/bash", ["--norc", "-c", RUNNER], {
    env: { PROGRAMS: file, LOG: log },
    cwd: folder,
    timeout: 120_000,
    stdio: "ignore",
  });
  if (error !== undefined || status !== 0)
    throw new Error(`bash ended with ${status}: ${error?.message ?? ""}`);
  const names = new Map<number, Set<string>>();
  for (const line of readFileSync(log, "utf8").split("\n")) {
    const [number, name] = line.split("\t");
    if (number === undefined || name === undefined) continue;
    const at = Number(number) - 1;
    names.set(at, (names.get(at) ?? new Set()).add(name));
  }
  return names;
}

/** Was this command judged? Undefined where the text is not claimed to be known. */
function seenIn(program: string): ((name: string) => boolean) | undefined {
  const { risk, findings } = judgePosix(program);
  // Of very many findings the last are left out.
  if ((risk !== "read" && risk !== "write") || findings.length >= 64) return undefined;
  // `time` in the middle of a pipeline is a program, and what it runs is seen.
  return (name) =>
    name === "time" ||
    findings.some(({ meaning }) => `${meaning.replaceAll("\n", " ")} `.startsWith(`${name} `));
}

test("each command that a real bash comes to in random programs was seen, or the text is opaque", () => {
  let known = 0;
  let commands = 0;
  const missed: string[] = [];
  for (let from = 0; from < PROGRAMS; from += BATCH) {
    const programs = Array.from({ length: Math.min(BATCH, PROGRAMS - from) }, (_, at) =>
      randomProgram(seeded(FIRST + from + at)),
    );
    const names = executed(programs);
    for (const [at, program] of programs.entries()) {
      const judged = seenIn(program);
      const ran = [...(names.get(at) ?? [])];
      commands += ran.length;
      if (judged === undefined) continue;
      known++;
      const unseen = ran.filter((name) => !judged(name));
      if (unseen.length > 0)
        missed.push(`seed ${FIRST + from + at}: ${unseen.join(", ")} in ${JSON.stringify(program)}`);
    }
  }
  console.log(
    `${PROGRAMS} programs, ${commands} commands executed, ${known} programs known throughout, ${missed.length} with an unseen command`,
  );
  expect(missed).toEqual([]);
  // Otherwise nothing would be tested: an opaque text passes whatever runs.
  expect(known).toBeGreaterThan(PROGRAMS / 10);
  expect(commands).toBeGreaterThan(PROGRAMS / 2);
}, 3_600_000);
