import type { ServerChannel } from "ssh2";
import type { LabPty, LabShell } from "./server.ts";
import type { LabTerminal } from "./terminal.ts";

/** What a device learns of a login: the name as given, the terminal, and where its bytes go. */
export interface DeviceLogin {
  readonly login: string;
  readonly term: string;
  readonly cols: number;
  readonly rows: number;
  output(bytes: Buffer): void;
  hangUp(): void;
}

/** Bytes a device may be ahead of a client that does not read; beyond that the line is cut. */
const MAX_AHEAD = 16 * 1024 * 1024;

/** A device behind a channel. Commands without a terminal are refused, as devices of old do. */
export function deviceShell(open: (login: DeviceLogin) => LabTerminal): LabShell {
  return {
    onPty(channel, { login, term, cols, rows }): LabPty {
      const terminal: LabTerminal = open({
        login,
        term,
        cols,
        rows,
        output: (bytes) => {
          if (channel.writableLength > MAX_AHEAD) channel.destroy();
          else if (channel.writable) channel.write(bytes);
        },
        hangUp: () => hangUp(channel),
      });
      channel.on("data", (bytes: Buffer) => terminal.input(bytes));
      channel.on("error", () => {});
      channel.once("close", () => terminal.close());
      return { resize: (size) => terminal.resize(size.cols, size.rows), signal() {} };
    },
    onExec(channel) {
      channel.stderr.write("This device runs commands in a terminal only.\r\n");
      channel.exit(1);
      channel.end();
    },
  };
}

function hangUp(channel: ServerChannel): void {
  if (!channel.writable) return;
  channel.exit(0);
  channel.end();
}
