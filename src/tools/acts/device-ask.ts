import { SshMcpError } from "../../base/errors.ts";
import { visibleLine } from "../../base/text.ts";
import type { ExecRecord, Reply } from "../../multiplexer/types.ts";
import { outputOf } from "../../results/output-range.ts";
import type { ToolContext } from "./context.ts";
import { endedBy, execOn } from "./exec.ts";
import { runCommand } from "./run.ts";

export interface AskedOn {
  readonly host?: string | undefined;
  readonly session?: string | undefined;
  /** It was opened for this, so that its mode may be changed. */
  readonly own?: boolean | undefined;
}

/** What a command came to on a device. */
export interface Asked {
  readonly lines: readonly string[];
  /** The device took it for an error: its classes, and the first row. */
  readonly refused?: string;
  /** Where the output itself is kept, as a word of the status line, and the call that reads it. */
  readonly at: string;
  readonly readBy: string;
  readonly notes: readonly string[];
}

/** The host, and the platform that the inventory or a session on it names. @throws SshMcpError. */
export async function platformOf(
  { multiplexer }: ToolContext,
  { host, session }: AskedOn,
): Promise<{ readonly host: string; readonly platform: string }> {
  const seen = session === undefined ? undefined : multiplexer.view(session);
  const name = seen?.host ?? host;
  if (name === undefined)
    throw new SshMcpError("invalid_argument", "neither a host nor a session is named; nothing was sent");
  const given = seen?.hostFacts.platform ?? (await multiplexer.plan({ host: name })).host.platform;
  const open = seen === undefined ? multiplexer.sessions().filter((one) => one.host === name) : [seen];
  const shown = open.flatMap(({ place }) => (place?.platform === undefined ? [] : [place.platform]));
  const platform = given === "auto" ? shown.at(-1) : given;
  if (platform === "posix" || (platform === undefined && seen?.state === "ready"))
    throw new SshMcpError(
      "unsupported",
      `${name} is no network device; nothing was sent`,
      "ssh_exec runs commands on a Unix host.",
    );
  if (platform !== undefined) return { host: name, platform };
  throw new SshMcpError(
    "unsupported",
    `the platform of ${name} is not known yet; nothing was sent`,
    `Open a session first (ssh_connect), which finds it out, or have the operator name it in the inventory (platform: cisco_ios).`,
  );
}

/** Runs one command in the open session as it is, or as ssh_exec does, and then in its mode. @throws SshMcpError where it did not come to its end. */
export async function ask(
  context: ToolContext,
  { host = "", session, own = false }: AskedOn,
  { command, mode }: { readonly command: string; readonly mode: string | undefined },
  timeoutMs: number,
): Promise<Asked> {
  if (session !== undefined)
    return inSession(
      await runCommand(context, { session, command, ...(own ? { mode } : {}) }, { timeoutMs }),
    );
  return byExec(await execOn(context, host, { command, mode }, endedBy(timeoutMs)));
}

async function inSession(reply: Reply): Promise<Asked> {
  const { outcome, session } = reply;
  const readBy = `ssh_read(session: "${session.name}", command: ${outcome.command})`;
  if (outcome.state !== "done")
    throw new SshMcpError(
      "not_ready",
      `${session.name} came to no prompt again (${outcome.state})`,
      `${readBy} goes on.`,
    );
  const { lines, asides = [] } = await outputOf(session, session.command(outcome.command));
  return {
    lines,
    ...refusal([...new Set((outcome.errors ?? []).map((error) => error.class))], lines),
    at: `session=${session.name} command=${outcome.command}`,
    readBy,
    notes:
      asides.length === 0 ? [] : [`${asides.length} rows that the device printed by itself are left out`],
  };
}

function byExec({ id, host, end, stdout, stderr }: ExecRecord): Asked {
  const readBy = `ssh_read(exec: ${id})`;
  const { segments, dropped } = stdout.text();
  const lines = segments.flatMap((segment) => segment.lines);
  const said = stderr.text().segments.flatMap((segment) => segment.lines);
  if (end.is === "not_run")
    throw new SshMcpError("not_ready", `${host}: the command was NOT run: ${end.why}`);
  if (end.is === "unfinished")
    throw new SshMcpError(
      "not_ready",
      `${host}: the command did not come to its end (${end.where})`,
      `${readBy} shows what it printed.`,
    );
  if (end.is !== "in_session" && end.is !== "exit" && end.is !== "no_status")
    throw new SshMcpError(
      "not_ready",
      `${host}: the command (ssh_exec #${id}) did not come to its end (${end.is})`,
      `${readBy} shows what it printed; timeout_s gives it longer.`,
    );
  const errors = end.is === "in_session" ? (end.errors ?? []) : [];
  const failed = end.is === "exit" && end.code !== 0 ? [`exit ${end.code}`] : [];
  return {
    lines: [...lines, ...said],
    ...refusal([...errors, ...failed], [...lines, ...said]),
    at: `exec=${id}`,
    readBy,
    notes: dropped > 0 ? [`${dropped} bytes of the output are no longer kept: this is not all`] : [],
  };
}

function refusal(classes: readonly string[], lines: readonly string[]): { readonly refused?: string } {
  if (classes.length === 0) return {};
  const row = lines.find((line) => /[%a-z]{2}/i.test(line) && !/^\s*\^/.test(line)) ?? "";
  return { refused: `error (${classes.join(", ")}) ${visibleLine(row.trim(), 120)}`.trim() };
}
