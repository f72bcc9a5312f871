import ssh2 from "ssh2";
import type { LabTerminal } from "../../src/lab/terminal.ts";

export interface Keys {
  readonly hostKey: { readonly private: string; readonly public: string };
  readonly clientKey: { readonly private: string; readonly public: string };
}

export function newKeys(): Keys {
  const pair = () => {
    for (;;) {
      const keys = ssh2.utils.generateKeyPairSync("ed25519");
      // One in 250 is one that ssh2 does not read itself.
      if (!(ssh2.utils.parseKey(keys.public) instanceof Error)) return keys;
    }
  };
  return { hostKey: pair(), clientKey: pair() };
}

/** Somebody at a port of the device that nothing keeps out. */
export function person(
  open: (login: { cols: number; rows: number; output(bytes: Buffer): void; hangUp(): void }) => LabTerminal,
): { type(text: string): void; close(): void } {
  const terminal = open({ cols: 120, rows: 0, output: () => {}, hangUp: () => {} });
  return { type: (text) => terminal.input(Buffer.from(text)), close: () => terminal.close() };
}
