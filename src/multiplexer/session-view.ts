import type { HostFacts } from "../base/contract/action.ts";
import type { ResolvedHost } from "../inventory/host.ts";
import type { Command } from "../shell/record/command-log.ts";
import type { Session } from "../shell/session/session.ts";
import type { Sharing } from "./sharing.ts";
import type { Surface, TypedLine } from "./typed-line.ts";
import type { CommandRecord, SessionView } from "./types.ts";

/** What is kept of the opening of a session's present shell. */
export interface OpeningFacts {
  /** Id of the caller. */
  readonly by: string;
  /** Network CLI: the mode of the first prompt. */
  readonly mode?: string;
}

/** A session as the tools may see it: live getters, nothing to break. */
export function viewOf(
  session: Session,
  now: () => number,
  line?: TypedLine,
  opening: () => OpeningFacts | undefined = () => undefined,
  sharing?: Sharing,
): SessionView {
  const record = (command: Command): CommandRecord => ({
    id: command.id,
    text: command.text,
    from: command.range.from,
    ...(command.endedAt === undefined ? {} : { to: command.range.to }),
    state: command.state,
    ...(command.exit === undefined ? {} : { exit: command.exit }),
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
    durationMs: (command.endedAt ?? now()) - command.startedAt,
    remarks: command.remarks,
    ...(command.untyped === undefined ? {} : { untyped: command.untyped }),
  });
  return {
    name: session.name,
    get host() {
      return session.host.name;
    },
    get target() {
      return addressOf(session.host);
    },
    get hostFacts() {
      return factsOf(session.host);
    },
    get commandTimeoutMs() {
      return session.host.timing.commandTimeoutMs;
    },
    get closedAs() {
      return session.closedAs?.evidence;
    },
    get closedBecause() {
      const detail = session.closedAs?.detail;
      return detail === undefined ? undefined : `${detail}${sharing?.lostWith(session) ?? ""}`;
    },
    get sharesWith() {
      return sharing?.openWith(session) ?? [];
    },
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
    get masked() {
      return session.masked;
    },
    openedAt: session.openedAt,
    get idleMs() {
      return session.idleMs;
    },
    get closedMs() {
      return session.closedMs;
    },
    get openedBy() {
      return opening()?.by;
    },
    get loginMode() {
      return opening()?.mode;
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
    strays: () => {
      const { log, transcript } = session;
      return log.strays.all(transcript).map((stray) => ({
        from: stray.from,
        to: stray.to,
        lines: log.strays.textOf(stray, transcript),
      }));
    },
    screen: () => session.screen(),
    changedRows: (since) => session.changedRows(since),
    text: (from, to) => session.text(from, to),
    facts: () => session.facts(),
    expand: (order) => session.expand(order),
    encode: (input) => session.encode(input),
    entered: (bytes) => line?.entered(bytes, surfaceOf(session)) ?? { lines: [], unknown: false },
    isInterrupt: (bytes) => session.isInterrupt(bytes),
    echo: () => session.echo(),
    kernelEcho: () => session.echo("kernel"),
  };
}

/** A session whose opening was given up: it is closed, whether or not a shell was ever there. */
export function givenUpView(view: SessionView): SessionView {
  return Object.create(view, {
    state: { value: "closed" },
    closedBecause: { value: "its opening was given up by ssh_disconnect" },
  });
}

/** What keys that are typed now go to. */
export function surfaceOf(session: Session): Surface {
  return { facts: session.facts(), screen: session.screen(), end: session.transcript.end };
}

/** What is decided on of a host. */
export function factsOf(host: ResolvedHost): HostFacts {
  const { name, platform, policy, via } = host;
  return { name, address: addressOf(host), ...(via === undefined ? {} : { via }), platform, policy };
}

function addressOf({ user, address, port }: ResolvedHost): string {
  return `${user}@${address}:${port}`;
}
