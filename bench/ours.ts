import type { ResolvedHost } from "../src/inventory/host.ts";
import { readSecret } from "../src/secrets/read.ts";
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
  const transport = createTransport({ readSecret });
  return {
    async open(name) {
      const channel = await transport.openPty(host, { ...SIZE, term: host.terminal.term });
      const session = new Session({ name, host });
      const { state } = await session.attach(channel, SIZE, { timeoutMs: 20_000 });
      if (state !== "done") throw new Error(`${name} is not ready: ${state}`);
      return { session, channel };
    },
    dispose: () => transport.dispose(),
  };
}
