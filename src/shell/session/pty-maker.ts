import type { Clock } from "../../base/clock.ts";
import { messageOf } from "../../base/errors.ts";
import type { Catalog } from "../../devices/catalog.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import type { ReadSecret } from "../../secrets/reference.ts";
import type { OpenedPty } from "../../ssh/contract.ts";
import { CliPty } from "../cli/cli-pty.ts";
import { detector } from "../cli/detector.ts";
import { deviceOf, GENERIC } from "../cli/platform.ts";
import type { Platform } from "../cli/prepare.ts";
import { LivePty } from "../posix/live-pty.ts";
import type { PtySinks, SessionPty } from "../pty/session-pty.ts";
import { compilePattern } from "../record/pattern-watch.ts";

/** Puts another side in the place of the one a session began with; false: the session has gone on without it. */
type Replace = (from: SessionPty, to: SessionPty) => boolean;

export type MakePty = (opened: OpenedPty, sinks: PtySinks, replace: Replace) => Promise<SessionPty>;

/** What speaks to a host: a network CLI by its profile, or a shell until its prompt shows that it is none. @throws SshMcpError. */
export async function ptyMaker(
  host: ResolvedHost,
  catalog: Catalog | undefined,
  clock: Clock,
  readSecret: ReadSecret,
): Promise<MakePty> {
  const platform = catalog && (await givenPlatform(host, catalog));
  if (platform)
    return async (opened, sinks) => new CliPty({ opened, readSecret, host, sinks, clock, platform });
  const pattern = host.promptRegex === undefined ? undefined : await compilePattern(host.promptRegex);
  const isPrompt = pattern && ((row: string) => pattern(row) !== undefined);
  const asShell: ResolvedHost = catalog && host.platform !== "auto" ? { ...host, platform: "posix" } : host;
  return async (opened, sinks, replace) => {
    const live: LivePty = new LivePty(
      opened,
      asShell,
      sinks,
      clock,
      isPrompt,
      () => catalog !== undefined && handOver(live, { host, catalog, clock, readSecret, replace }),
    );
    return live;
  };
}

/** The device profile the inventory names; undefined: a shell, or nobody knows yet. */
async function givenPlatform(host: ResolvedHost, catalog: Catalog): Promise<Platform | undefined> {
  if (host.platform === "posix") return undefined;
  // A prompt without a platform is the older inventory's way to say: a command line with this prompt.
  const id =
    host.platform === "auto" ? (host.promptRegex === undefined ? undefined : GENERIC) : host.platform;
  if (id === undefined) return undefined;
  const device = await deviceOf(host, id, catalog);
  return device.profile.framing === "sentinel" ? undefined : { device, reason: undefined };
}

interface HandOver {
  readonly host: ResolvedHost;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly readSecret: ReadSecret;
  readonly replace: Replace;
}

/** No Unix shell after all: its profile is found by ident, banner, prompt and at most one command. */
function handOver(live: LivePty, { host, catalog, clock, readSecret, replace }: HandOver): true {
  const seenPrompt = live.sinks.screen.cursorRowText().trimEnd();
  const begin = async () => {
    const device = await deviceOf(host, GENERIC, catalog);
    if (live.end) return;
    const platform: Platform = { device, reason: undefined, detect: detector(host, catalog) };
    const { opened, sinks } = live;
    const pty = new CliPty({ opened, readSecret, host, sinks, clock, platform, seenPrompt });
    if (!replace(live, pty)) return;
    live.dispose();
    pty.notes.push(...live.notes.splice(0));
    pty.start();
  };
  begin().catch((error: unknown) => live.goRaw(`its profile could not be loaded: ${messageOf(error)}`));
  return true;
}
