/** ssh2's own client of the SFTP protocol; @types/ssh2 describes only the channel it makes itself. */
declare module "ssh2/lib/protocol/SFTP.js" {
  import type { SFTPWrapper } from "ssh2";

  /** What it needs of the connection it is on. */
  interface Carrier {
    readonly _protocol: {
      readonly _remoteIdentRaw: string;
      channelData(id: number, data: Buffer): void;
      channelClose(id: number): void;
    };
  }

  interface Side {
    readonly id: number;
    readonly packetSize: number;
    window: number;
    state: "open" | "eof" | "closing" | "closed";
  }

  interface Over extends SFTPWrapper {
    /** Bytes that came; null: no more will. */
    push(data: Buffer | null): void;
    /** Sends the first packet; `ready` tells of the answer. */
    _init(): void;
  }

  const protocol: {
    readonly SFTP: new (
      client: Carrier,
      channel: { readonly type: "sftp"; readonly incoming: Side; readonly outgoing: Side },
    ) => Over;
  };
  export default protocol;
}
