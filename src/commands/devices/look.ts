import type { Access } from "../../access/access.ts";
import type { Clock } from "../../base/clock.ts";
import { PAGERS, shapeOf } from "../../devices/lexicon.ts";
import type { Multiplexer, OpenPlan, Reply } from "../../multiplexer/types.ts";
import { closeSession } from "../../tools/acts/close.ts";
import { runCommand } from "../../tools/acts/run.ts";
import { typeInto } from "../../tools/acts/type.ts";

/** How long one answer of the device is waited for, and the first prompt. */
const ANSWER_MS = 10_000;
const OPEN_MS = 30_000;
/** Pages of one output. */
const PAGES = 50;

/** What a look at a device has seen. */
export interface Seen {
  /** Rows before the first prompt. */
  readonly banner: readonly string[];
  /** Rows at which a line was taken, in the order they came. */
  readonly prompts: string[];
  readonly pagers: string[];
  /** Rows that asked for something else; nothing was answered. */
  readonly questions: string[];
  /** Each line that was typed, with the rows that it brought. */
  readonly typed: { readonly line: string; readonly rows: readonly string[] }[];
  /** Why it ended before the last line. */
  stopped?: string;
}

/** The user's leave, asked for before each byte. Undefined: no more. */
export interface Leave {
  /** The next line to type. */
  line(row: string): Promise<string | undefined>;
  /** Is this row, which nothing knows, the device's prompt? */
  prompt(row: string): Promise<boolean>;
  /** May Space be sent at this row? */
  page(row: string): Promise<boolean>;
}

export interface Looking {
  readonly multiplexer: Multiplexer;
  readonly access: Access;
  readonly clock: Clock;
  readonly leave: Leave;
  /** Longest wait for an answer, milliseconds. */
  readonly answerMs?: number;
}

/** Fields of the profile of a look: nothing is sent by itself, neither at pagers nor to terminal queries. */
const STILL = {
  replaces: ["pagers", "pty.answer", "open"],
  pty: { answer: [] },
  pagers: PAGERS.map(({ shape }) => ({ match: `(?i)${shape.source}`, quit_key: "q", live: true })),
} as const;

/**
 * Opens a session on a host without a profile and types what the user gives leave to, line by line, Space at pagers; closes it.
 * @throws SshMcpError of dialling and of the gate.
 */
export async function lookAtDevice(
  name: string,
  { multiplexer, access, clock, leave, answerMs = ANSWER_MS }: Looking,
): Promise<Seen> {
  const caller = {
    id: "learn",
    kind: "human",
    tool: "devices learn",
    signal: new AbortController().signal,
  } as const;
  const context = { multiplexer, access, clock, caller };
  const asked = await multiplexer.plan({ host: name });
  const { device: _own, ...host } = asked.host;
  const plan: OpenPlan = { ...asked, host: { ...host, platform: "generic_cli", device: STILL } };
  const opened = await access.pass(caller, { verb: "open" }, { host: plan.facts }, (permit) =>
    multiplexer.open(plan, permit, caller, { timeoutMs: OPEN_MS }),
  );
  const session = opened.session.name;
  try {
    const { lines } = await opened.session.text(opened.session.start, opened.session.end);
    const seen: Seen = {
      banner: lines.map((row) => row.trimEnd()),
      prompts: [],
      pagers: [],
      questions: [],
      typed: [],
    };
    let here = false;
    if (opened.outcome.state === "done") seen.prompts.push(rowOf(opened));
    else if (opened.outcome.state === "closed") return { ...seen, stopped: "the device ended the session" };
    else {
      here = await leave.prompt(rowOf(opened));
      if (!here) {
        seen.questions.push(rowOf(opened));
        return { ...seen, stopped: "the first row is no prompt" };
      }
      seen.prompts.push(rowOf(opened));
    }
    for (;;) {
      const line = await leave.line(seen.prompts.at(-1) ?? "");
      if (line === undefined) return seen;
      const order = { session, command: line, ...(here ? { here: "prompt" as const } : {}) };
      here = false;
      let reply = await runCommand(context, order, { timeoutMs: answerMs });
      for (let pages = 0; pages < PAGES && reply.outcome.state === "running"; pages++) {
        const pager = wholeRow(reply);
        if (shapeOf(pager, PAGERS) === undefined) break;
        seen.pagers.push(pager.trim());
        if (!(await leave.page(pager))) break;
        reply = await typeInto(context, { session, keys: " " }, { timeoutMs: answerMs });
      }
      const record = reply.session.command(reply.outcome.command);
      const text = await reply.session.text(
        record?.from ?? reply.outcome.from,
        record?.to ?? reply.session.end,
      );
      seen.typed.push({ line, rows: text.lines.map((row) => row.trimEnd()) });
      if (reply.outcome.state === "done") {
        seen.prompts.push(rowOf(reply));
        continue;
      }
      const row = rowOf(reply);
      if (reply.outcome.state === "closed")
        return { ...seen, stopped: `the session ended behind \`${line}\`` };
      here =
        reply.outcome.state !== "screen" &&
        seen.pagers.at(-1) !== wholeRow(reply).trim() &&
        (await leave.prompt(row));
      if (!here) {
        if (seen.pagers.at(-1) !== row.trim()) seen.questions.push(row);
        return { ...seen, stopped: `\`${line}\` has not ended; nothing was answered` };
      }
      seen.prompts.push(row);
    }
  } finally {
    await closeSession(context, session);
  }
}

function rowOf({ session }: Reply): string {
  return session.screen().cursorText.trimEnd();
}

function wholeRow({ session }: Reply): string {
  const { rows, cursor } = session.screen();
  return rows[cursor.row] ?? "";
}
