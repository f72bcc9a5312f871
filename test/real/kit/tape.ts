import type { Exec, Link, OpenedPty, Transport } from "../../../src/ssh/contract.ts";

/** What was sent to hosts: of a terminal its bytes, of a command its line and what it was given to read. */
export interface Sent {
  readonly host: string;
  readonly over: "terminal" | "exec" | "beside" | "sftp";
  readonly bytes: string;
}

/** Records everything that a program sends over its channels, on its way through. */
export function taped(direct: Transport): { readonly transport: Transport; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const execOn =
    (exec: Exec, host: string, over: "exec" | "beside"): Exec =>
    async (command, options) => {
      sent.push({ host, over, bytes: command });
      const running = await exec(command, options);
      const write = running.stdin.write.bind(running.stdin);
      running.stdin.write = (chunk: unknown, ...rest: unknown[]) => {
        sent.push({ host, over, bytes: String(chunk) });
        // biome-ignore lint/suspicious/noExplicitAny: the overloads of a stream's write
        return (write as any)(chunk, ...rest);
      };
      return running;
    };
  const opened = (pty: OpenedPty, host: string): OpenedPty => {
    const { channel, beside } = pty;
    const write = channel.write.bind(channel);
    channel.write = (bytes) => {
      sent.push({ host, over: "terminal", bytes: Buffer.from(bytes).toString("latin1") });
      write(bytes);
    };
    return { ...pty, channel, ...(beside === undefined ? {} : { beside: execOn(beside, host, "beside") }) };
  };
  const transport: Transport = {
    link(host) {
      const link = direct.link(host);
      const { exec, sftp } = link;
      const own: Link = {
        openPty: async (options) => opened(await link.openPty(options), host.name),
        ...(exec === undefined ? {} : { exec: execOn(exec.bind(link), host.name, "exec") }),
        ...(sftp === undefined
          ? {}
          : {
              sftp: async (options) => {
                sent.push({ host: host.name, over: "sftp", bytes: "" });
                return sftp.call(link, options);
              },
            }),
      };
      return own;
    },
    dispose: () => direct.dispose(),
  };
  return { transport, sent };
}
