import type { Clock } from "../base/clock.ts";
import type { HostFacts } from "../base/contract/action.ts";
import type { Permit } from "../base/contract/permit.ts";
import { SshMcpError } from "../base/errors.ts";
import { visibleLine } from "../base/text.ts";
import type { Catalog } from "../devices/catalog.ts";
import type { HostDirectory, ResolvedHost } from "../inventory/host.ts";
import type { ReadSecret } from "../secrets/reference.ts";
import type { Transport } from "../ssh/contract.ts";
import { equip } from "./equip.ts";
import { FileChannels, type FilesAtHand } from "./file-channels.ts";
import { filesByExec } from "./files-by-exec.ts";
import { assertTakesFiles, filesAdmission } from "./files-refusal.ts";
import type { MultiplexerOptions } from "./options.ts";
import { rootSftp } from "./root-files.ts";
import { factsOf } from "./session-view.ts";
import type { Multiplexer, SessionView } from "./types.ts";

/** Whose files: a host's, or those of the host a session is on. */
export interface FilesOf {
  readonly host?: string | undefined;
  readonly session?: string | undefined;
}

/** A host whose files may be worked with, looked up once: what is decided on is what will be dialled. */
export interface FilesPlan {
  readonly host: ResolvedHost;
  readonly facts: HostFacts;
  /** The session that was named. */
  readonly session?: SessionView;
}

interface Parts {
  readonly directory: Pick<HostDirectory, "resolve">;
  readonly transport: Transport;
  readonly catalog: Catalog | undefined;
  readonly clock: Clock;
  readonly sessions: Pick<Multiplexer, "sessions" | "find" | "view">;
  readonly readSecret: ReadSecret;
  readonly refuses?: MultiplexerOptions["refuses"];
}

/** The files of all hosts. What is done with them demands a permit, as everything else does. */
export class HostFiles {
  readonly #parts: Parts;
  readonly #channels: FileChannels;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { transport, clock, readSecret, refuses } = parts;
    this.#channels = new FileChannels(
      transport,
      clock,
      async (host, files, options) => {
        const { exec } = transport.link(host);
        if (exec === undefined)
          throw new SshMcpError("channel_refused", `${host.name} takes no exec requests; nothing was sent`);
        const denied = (line: string) => refuses?.(line, host);
        return rootSftp(host, { exec, files, readSecret, refuses: denied }, options);
      },
      (host, why, options) => filesByExec(parts, host, why, options),
    );
  }

  /**
   * @throws SshMcpError `unknown_host`, `unknown_session`, `inventory_invalid`, `channel_refused` for a device without SFTP,
   * `not_ready` where the session's host is no longer the inventory's.
   */
  async plan({ host: name, session: named }: FilesOf): Promise<FilesPlan> {
    if ((name === undefined) === (named === undefined))
      throw new SshMcpError(
        "invalid_argument",
        "give either host or session",
        "ssh_hosts and ssh_sessions list them.",
      );
    const session = named === undefined ? undefined : this.#parts.sessions.view(named);
    const host = await this.#resolved(name ?? "", session);
    assertTakesFiles(host, this.#parts.catalog, this.#showsDevice(host.name));
    return { host, facts: factsOf(host), ...(session === undefined ? {} : { session }) };
  }

  /** @throws SshMcpError those of `Link.sftp`, within `timeoutMs`. */
  async open({ host }: FilesPlan, permit: Permit, timeoutMs: number, root = false): Promise<FilesAtHand> {
    if (permit.verb !== "file") throw new Error("no permit for files");
    const admit = await filesAdmission(host, this.#parts.catalog);
    return this.#channels.take(host, { timeoutMs, ...(admit === undefined ? {} : { admit }) }, root);
  }

  /** Ends every channel. */
  dispose(): void {
    this.#channels.dispose();
  }

  async #resolved(name: string, session: SessionView | undefined): Promise<ResolvedHost> {
    const { directory, catalog } = this.#parts;
    if (session === undefined) {
      const host = await directory.resolve(name);
      return equip(host, catalog, this.#showsDevice(host.name));
    }
    const { name: hostName, address, via } = session.hostFacts;
    const host = equip(await directory.resolve(hostName, via), catalog, this.#showsDevice(hostName));
    if (factsOf(host).address === address) return host;
    throw new SshMcpError(
      "not_ready",
      `session ${session.name} is on ${visibleLine(address)}, and ${hostName} now means ${visibleLine(factsOf(host).address)}: whose files are meant is not clear`,
      `Name the host, or open a new session.`,
    );
  }

  #showsDevice(host: string): boolean {
    return this.#parts.sessions.sessions().some((view) => view.host === host && view.place !== undefined);
  }
}
