import { z } from "zod";
import { visibleLine } from "../../base/text.ts";
import type { SessionView } from "../../multiplexer/types.ts";
import { finish } from "../../results/reply.ts";
import { defineTool } from "../tool.ts";

export const sshSessions = defineTool({
  name: "ssh_sessions",
  title: "List sessions",
  description:
    "Lists the sessions: host, state, directory, how commands are framed, idle time, last commands.",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  schema: z.object({}),
  async handler(_params, { multiplexer, gate }) {
    const sessions = await gate.pass({ tool: "ssh_sessions", changes: false }, async () =>
      multiplexer.sessions(),
    );
    if (sessions.length === 0) return finish(["No session is open; ssh_connect opens one."], []);
    return finish(sessions.flatMap(sessionLines), []);
  },
});

/** Commands shown per session; ssh_read reaches the others by id. */
const COMMANDS_SHOWN = 3;

function sessionLines(session: SessionView): string[] {
  const facts = [
    session.target,
    session.cwd === undefined ? undefined : `cwd ${visibleLine(session.cwd)}`,
    session.place === undefined ? undefined : `mode ${session.place.mode}`,
    session.place?.host === undefined ? undefined : `host ${visibleLine(session.place.host, 80)}`,
    visibleLine(session.framing, 120),
    session.level > 1 ? `level ${session.level}` : undefined,
    `${session.size.cols}x${session.size.rows}`,
    `idle ${Math.round(session.idleMs / 1000)}s`,
    session.start > 0 ? `oldest ${session.start} bytes pruned` : undefined,
  ];
  const commands = session.commands();
  const left = commands.length - COMMANDS_SHOWN;
  return [
    `${session.name}  ${session.state} · ${facts.filter((fact) => fact !== undefined).join(" · ")}`,
    ...(left > 0 ? [`  … ${left} earlier commands`] : []),
    ...commands.slice(-COMMANDS_SHOWN).map((command) => {
      const exit = command.exit === undefined ? "" : ` exit=${command.exit}`;
      return `  #${command.id} ${command.state}${exit}  ${visibleLine(command.text, 80)}`;
    }),
  ];
}
