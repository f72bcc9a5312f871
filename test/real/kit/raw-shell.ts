import { readFileSync } from "node:fs";
import { Client, type ClientChannel, type PseudoTtyOptions } from "ssh2";
import type { Dialled } from "./host.ts";
import { until } from "./until.ts";
import { type TestUser, testUser, testUsers } from "./users.ts";

/** A terminal session of a bare SSH client: what it says is kept byte for byte, nothing is answered. */
export interface RawShell {
  /** Everything so far, UTF-8. */
  text(): string;
  /** Writes and waits until what came since matches, and gives that. @throws with what came instead. */
  say(input: string, wanted: RegExp): Promise<string>;
  close(): void;
}

export interface RawShellOptions {
  /** Default: 80 by 24, xterm-256color. */
  readonly terminal?: Pick<PseudoTtyOptions, "cols" | "rows" | "term">;
}

export async function openRawShell(
  server: Dialled,
  account: string | TestUser,
  options: RawShellOptions = {},
): Promise<RawShell> {
  const client = new Client();
  const terminal = { cols: 80, rows: 24, term: "xterm-256color", ...options.terminal };
  let text = "";
  await new Promise<void>((resolve, reject) => {
    client.on("ready", resolve).on("error", reject);
    client.connect({
      host: server.address,
      port: server.port,
      username: (typeof account === "string" ? testUser(account) : account).login,
      privateKey: readFileSync(testUsers().keyPath),
    });
  });
  const channel = await new Promise<ClientChannel>((resolve, reject) => {
    client.shell(terminal, (error, opened) => (error ? reject(error) : resolve(opened)));
  });
  channel.on("data", (chunk: Buffer) => {
    text += chunk.toString("utf8");
  });
  return {
    text: () => text,
    async say(input, wanted) {
      const from = text.length;
      if (input !== "") channel.write(input);
      const since = () => text.slice(input === "" ? 0 : from);
      await until(() => wanted.test(since()), {
        describe: () =>
          `${wanted} after ${JSON.stringify(input)}; it said ${JSON.stringify(since().slice(-2000))}`,
      });
      return since();
    },
    close: () => client.end(),
  };
}
