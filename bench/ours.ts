import { mint } from "../src/base/contract/mint.ts";
import type { ResolvedHost } from "../src/inventory/host.ts";
import { createSecrets } from "../src/secrets/secrets.ts";
import type { Outcome } from "../src/shell/record/outcome.ts";
import { Session } from "../src/shell/session/session.ts";
import type { PtyChannel } from "../src/ssh/contract.ts";
import { createTransport } from "../src/ssh/transport.ts";

const SIZE = { cols: 200, rows: 50 };

/** A session of ours together with its channel and transcript, for what the multiplexer does not show. */
export interface OurSession {
  readonly session: Session;
  readonly channel: PtyChannel;
  run(command: string, timeoutMs: number): Promise<Outcome>;
  type(text: string, timeoutMs: number): Promise<Outcome>;
}

const CALLER = { id: "bench", kind: "agent", signal: new AbortController().signal } as const;

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
      const { channel } = opened;
      const session = new Session({ name, host, readSecret: secrets.read });
      await session.attach(opened, host, SIZE, mint(CALLER, { verb: "open" }));
      const { state } = await session.firstPrompt(CALLER, { timeoutMs: 20_000 });
      if (state !== "done") throw new Error(`${name} is not ready: ${state}`);
      return {
        session,
        channel,
        run(command, timeoutMs) {
          const permit = mint(CALLER, { verb: "run", command, lines: session.expand({ text: command }) });
          return session.run({ text: command }, permit, CALLER, { timeoutMs });
        },
        type(text, timeoutMs) {
          const bytes = session.encode({ kind: "text", text, enter: false });
          const permit = mint(CALLER, { verb: "type", how: "text", shown: text, bytes });
          return session.send(bytes, permit, CALLER, { timeoutMs });
        },
      };
    },
    dispose: () => transport.dispose(),
  };
}
