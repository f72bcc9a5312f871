import { SshMcpError } from "../base/errors.ts";
import type { NamedSecret, ResolvedHost } from "../inventory/host.ts";
import type { ReadSecret } from "../secrets/reference.ts";
import type { SecretWanted } from "./types.ts";

/** Before anything is sent. @throws SshMcpError `invalid_argument` for one there is not, or that is another program's. */
export function assertSecret(host: ResolvedHost, wanted: SecretWanted | undefined): void {
  if (wanted !== undefined) found(host, wanted);
}

/**
 * The line that a command reads, made when its channel is about to be opened. @throws SshMcpError `secret_unavailable`, and
 * `invalid_argument` as `assertSecret`.
 */
export async function secretLine(
  host: ResolvedHost,
  wanted: SecretWanted,
  read: ReadSecret,
): Promise<Buffer> {
  const value = (await read(found(host, wanted).ref)).reveal();
  if (/[\0\r\n]/.test(value))
    throw new SshMcpError(
      "secret_unavailable",
      `the secret ${wanted.name} has more than one line, which no client reads as a password; nothing was sent`,
      "The operator can correct it.",
    );
  return Buffer.from(`${value}\n`);
}

function found({ name: host, secrets = {} }: ResolvedHost, { name, programs }: SecretWanted): NamedSecret {
  const secret = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
  const suits = (one: NamedSecret) => programs.includes(one.program.replace(/^(?:\/usr)?\/bin\//, ""));
  if (secret !== undefined && suits(secret)) return secret;
  const others = Object.keys(secrets).filter((other) => {
    const one = secrets[other];
    return one !== undefined && suits(one);
  });
  const why =
    secret === undefined
      ? `the inventory names no secret ${name} for ${host}`
      : `the secret ${name} of ${host} is for ${secret.program}, and is given to nothing else`;
  throw new SshMcpError(
    "invalid_argument",
    `${why}; nothing was sent`,
    others.length > 0
      ? `For ${programs.join(" or ")} there is ${others.join(", ")}.`
      : `The operator can name one in the inventory: secrets: {${name}: {file: PATH, program: ${programs[0] ?? ""}}}.`,
  );
}
