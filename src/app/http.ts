import { readFileSync, statSync } from "node:fs";
import { access, constants } from "node:fs/promises";
import { dirname } from "node:path";
import { messageOf } from "../base/errors.ts";
import { DEFAULT_TOOLSETS } from "../base/toolsets.ts";
import { Realms } from "../desk/realms.ts";
import { type Listening, listen } from "../mcp/http/listen.ts";
import { readTokens } from "../secrets/tokens.ts";
import type { Web } from "../web/web.ts";
import { auditPath } from "./audit-log.ts";
import { authoritiesOf } from "./http-names.ts";
import { type HttpOptions, httpOptions } from "./http-options.ts";
import { Tokens, tokensFile } from "./http-tokens.ts";
import { type Parts, partsOf } from "./parts.ts";
import { realmWorkspaces } from "./realms.ts";
import { ownRecipes } from "./recipes.ts";
import type { Surroundings } from "./surroundings.ts";
import { agentMayConfirm, toolsetsOn } from "./toolsets.ts";

/** Sessions are closed and the process ready to exit within this time of the end. */
const SHUTDOWN_MS = 1_800;

/** Serves MCP over HTTP until a signal ends it; resolves to the exit code. @throws Error, as a sentence, for what is not safe. */
export async function serveHttp(around: Surroundings): Promise<number> {
  const say = (sentence: string) => process.stderr.write(`ssh-mcp: ${sentence}\n`);
  const report = (error: unknown) =>
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.stderr.on("error", () => {});
  process.on("uncaughtException", report).on("unhandledRejection", report);
  const given = around.http ?? { flags: new Map() };
  const file = tokensFile(around, given.flags.get("tokens"));
  const options = httpOptions(given, around.env, readTokens(file).length);
  const ended = new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
  // No command that the inventory names is given it.
  const { MCP_AUTH_TOKEN: _, ...env } = around.env;
  const served = await startHttp({ ...around, env }, options, { file, say, report });
  await ended;
  await Promise.race([served.close(), new Promise((resolve) => setTimeout(resolve, SHUTDOWN_MS))]);
  return 0;
}

interface Around {
  /** Of the tokens. */
  readonly file: string;
  readonly say: (sentence: string) => void;
  readonly report: (error: unknown) => void;
}

/** Listens and serves; resolves when clients can connect. */
export async function startHttp(
  around: Surroundings,
  options: HttpOptions,
  { file, say, report }: Around,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const parts = partsOf({ ...around, serves: `${options.address}:${options.port}` });
  const open = realmWorkspaces(parts);
  const recipes = ownRecipes(around, say);
  const toolsets = toolsetsOn(around, say).catch(() => DEFAULT_TOOLSETS);
  const realms = new Realms({
    open,
    report,
    clock: parts.clock,
    toolsets: () => toolsets,
    recipes: () => recipes,
    mayConfirm: () => agentMayConfirm(around),
    global: options.global,
    onClientEnd: options.onClientEnd,
    stickyMs: options.stickyMs,
  });
  let listening: Listening | undefined;
  let pages: Promise<Web> | undefined;
  const revoked = (name: string) => void listening?.endpoint.revoked(name).catch(report);
  const tokens = new Tokens({ file, token: options.token, withoutToken: options.withoutToken, say, revoked });
  // Two first requests at once get the same one.
  const opened = () => {
    pages ??= import("./pages.ts").then(({ pagesOf }) => pagesOf(parts, realms, tokens, options));
    return pages;
  };
  const renewed = options.tls === undefined ? () => false : changes(options.tls);
  const tls = options.tls === undefined ? undefined : readTls(options.tls);
  // The names depend on the port, which may be any that is free.
  let names = authoritiesOf(options, options.port);
  try {
    listening = await listen({
      address: options.address,
      port: options.port,
      realms,
      clock: parts.clock,
      report,
      authorities: { ...names, hosts: () => names.hosts() },
      authenticate: (token) => tokens.authenticate(token),
      healthy: once(1_000, () => healthy(parts)),
      behindProxy: options.behindProxy,
      pages: async (request, out, proceed) => (await opened()).handle(request, out, proceed),
      stickyMs: options.stickyMs,
      ...(tls === undefined ? {} : { tls }),
    });
  } catch (error) {
    await parts.dispose();
    throw new Error(`${options.address}:${options.port} cannot be listened on: ${messageOf(error)}`);
  }
  const { port } = listening;
  names = authoritiesOf(options, port);
  const looking = setInterval(() => {
    tokens.look();
    if (options.tls !== undefined && renewed()) renewTls(options.tls, listening, say);
  }, options.reloadMs).unref();
  say(banner(options, port, tokens.names));
  const { endpoint, close } = listening;
  return {
    port,
    async close() {
      clearInterval(looking);
      await pages?.then((web) => web.dispose()).catch(report);
      endpoint.dispose();
      await Promise.allSettled([realms.close(), close()]);
      await parts.dispose();
    },
  };
}

function banner(
  { address, tls, withoutToken, global }: HttpOptions,
  port: number,
  names: readonly string[],
): string {
  const at = `${tls === undefined ? "http" : "https"}://${address.includes(":") ? `[${address}]` : address}:${port}`;
  const who = withoutToken ? "every program of this machine may use it" : `tokens: ${names.join(", ")}`;
  return `serving MCP at ${at}/mcp (and /sse for older clients, ${at}/health), the live view at ${at}/ui/; ${who}${global ? "; one set of sessions for all" : ""}`;
}

/** Could a call be served now? The inventory can be read, and the log written. @throws why not. */
async function healthy(parts: Parts): Promise<void> {
  const directory = await parts.directory();
  await directory.list();
  await parts.audit();
  const path = auditPath(directory.settings, parts.around);
  if (path === undefined || directory.settings.auditLog === undefined) return;
  await access(path, constants.W_OK).catch(() => access(dirname(path), constants.W_OK));
}

/** The answer of the last `ms` serves whoever asks meanwhile. */
function once(ms: number, ask: () => Promise<void>): () => Promise<void> {
  let last: { readonly at: number; readonly answer: Promise<void> } | undefined;
  return () => {
    const now = performance.now();
    if (last === undefined || now - last.at > ms) last = { at: now, answer: ask() };
    return last.answer;
  };
}

type TlsFiles = NonNullable<HttpOptions["tls"]>;

/** @throws Error, as a sentence. */
function readTls({ cert, key }: TlsFiles): { cert: Buffer; key: Buffer } {
  return { cert: readNamed("--tls-cert", cert), key: readNamed("--tls-key", key) };
}

function readNamed(flag: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Error(`${flag} ${path} cannot be read: ${messageOf(error)}`);
  }
}

/** Has one of the files changed since it was asked last? Those that were read before count from before they were read. */
function changes({ cert, key }: TlsFiles): () => boolean {
  const signature = () =>
    [cert, key]
      .map((path) => statSync(path, { throwIfNoEntry: false }))
      // A file that was put back in its place has its old time.
      .map((stats) => (stats === undefined ? "none" : `${stats.mtimeMs} ${stats.ino} ${stats.size}`))
      .join(" ");
  let before = signature();
  return () => {
    const now = signature();
    const changed = now !== before;
    before = now;
    return changed;
  };
}

/** A certificate that was renewed counts from the next connection; a pair that does not fit changes nothing. */
function renewTls(files: TlsFiles, listening: Listening | undefined, say: (sentence: string) => void): void {
  try {
    listening?.setTls(readTls(files));
    say(`the certificate ${files.cert} was read again`);
  } catch (error) {
    say(`the new certificate is not used, the one before stays: ${messageOf(error)}`);
  }
}
