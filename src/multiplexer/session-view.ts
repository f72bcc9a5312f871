import type { Command } from "../shell/record/command-log.ts";
import type { Session } from "../shell/session/session.ts";
import type { CommandRecord, SessionView } from "./types.ts";

/** A session as the tools may see it: live getters, nothing to break. */
export function viewOf(session: Session, now: () => number): SessionView {
  const record = (command: Command): CommandRecord => ({
    id: command.id,
    text: command.text,
    from: command.range.from,
    ...(command.endedAt === undefined ? {} : { to: command.range.to }),
    state: command.state,
    ...(command.exit === undefined ? {} : { exit: command.exit }),
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
    durationMs: (command.endedAt ?? now()) - command.startedAt,
  });
  return {
    name: session.name,
    host: session.host.name,
    target: `${session.host.user}@${session.host.address}:${session.host.port}`,
    get state() {
      return session.state;
    },
    get framing() {
      return session.framing;
    },
    get cwd() {
      return session.cwd;
    },
    get level() {
      return session.level;
    },
    get place() {
      return session.place;
    },
    openedAt: session.openedAt,
    get idleMs() {
      return session.idleMs;
    },
    get size() {
      return session.size;
    },
    get end() {
      return session.transcript.end;
    },
    get start() {
      return session.transcript.start;
    },
    commands: () => session.log.all().map(record),
    command: (id) => {
      const command = session.log.get(id);
      return command && record(command);
    },
    screen: () => session.screen(),
    changedRows: (since) => session.changedRows(since),
    text: (from, to) => session.text(from, to),
  };
}
