import { SshMcpError } from "../../base/errors.ts";

/** The server took the channel and has no SFTP to put on it. */
export class NoSftp extends SshMcpError {}
