import { choosesHttp, HTTP_FLAGS, type HttpFlag, type HttpGiven } from "../app/http-options.ts";
import type { Given, Option } from "./subcommand.ts";

export const HTTP: Option = {
  flags: "--http [address]",
  help: "serve over HTTP at this ADDR:PORT (default: 127.0.0.1:8000)",
};

/** Each has a variable as well: docs/deploy.md has the table. */
export const HTTP_OPTIONS: readonly Option[] = [
  HTTP,
  {
    flags: "--tokens <file>",
    help: "who may use it (default: ~/.config/ssh-mcp/tokens.json); MCP_AUTH_TOKEN is one more",
  },
  { flags: "--without-token", help: "every program of this machine may use it; on loopback only" },
  { flags: "--tls-cert <file>", help: "certificate chain, PEM; read again when it changes" },
  { flags: "--tls-key <file>", help: "its private key, PEM" },
  { flags: "--behind-proxy", help: "a proxy with TLS is in front; its X-Forwarded-For names the client" },
  {
    flags: "--allow-host <names>",
    help: "names under which clients or a proxy ask for it, separated by commas",
  },
  { flags: "--allow-origin <origins>", help: "web pages that may use it, such as https://app.example.org" },
  { flags: "--global", help: "one set of sessions for all callers whose tokens have the same scope" },
  {
    flags: "--on-client-end <how>",
    help: "close or keep the sessions of a client that has gone (default: close)",
  },
  {
    flags: "--session-key-minutes <n>",
    help: "how long those of an X-Session-Key stay after its last use (default: 5)",
  },
];

/** What was given of it; undefined: HTTP was not chosen here. @throws Error where an option of it would do nothing. */
export function httpGiven(given: Given, env: NodeJS.ProcessEnv): HttpGiven | undefined {
  const flags = new Map<HttpFlag, string>();
  for (const name of HTTP_FLAGS) {
    const value = given.text(name) ?? (given.flag(name) ? "true" : undefined);
    if (value !== undefined) flags.set(name, value);
  }
  const listen = given.text("http");
  if (listen === undefined && !given.flag("http") && !choosesHttp(env)) {
    if (flags.size === 0) return undefined;
    throw new Error("options of HTTP were given without --http; add it, or leave them out");
  }
  return { flags, ...(listen === undefined ? {} : { listen }) };
}
