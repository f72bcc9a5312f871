import type { ResolvedHost } from "../src/inventory/host.ts";
import { createSecrets } from "../src/secrets/secrets.ts";
import { Session } from "../src/shell/session/session.ts";
import type { PtyChannel } from "../src/ssh/contract.ts";
import { createTransport } from "../src/ssh/transport.ts";

const SIZE = { cols: 200, rows: 50 };

/** A session of ours together with its channel and transcript, for what the multiplexer does not show. */
export interface OurSession {
  readonly session: Session;
  readonly channel: PtyChannel;
}

export interface OurStack {
  open(name: string): Promise<OurSession>;
  dispose(): Promise<void>;
}

/** Transport and sessions on one host, as the multiplexer puts them together. */
export function ourStack(host: ResolvedHost): OurStack {
  const secrets = createSecrets();
  const transport = createTransport({ secrets });
  return {
    async open(name) {
      const opened = await transport.link(host).openPty({ ...SIZE, term: host.terminal.term });
      const session = new Session({ name, host, readSecret: secrets.read });
      const { state } = await session.attach(opened, SIZE, { timeoutMs: 20_000 });
      if (state !== "done") throw new Error(`${name} is not ready: ${state}`);
      return { session, channel: opened.channel };
    },
    dispose: () => transport.dispose(),
  };
}
