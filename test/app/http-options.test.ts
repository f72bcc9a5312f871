import { describe, expect, it } from "vitest";
import { authoritiesOf } from "../../src/app/http-names.ts";
import { choosesHttp, type HttpFlag, httpOptions, namesTransport } from "../../src/app/http-options.ts";

const LONG = "0123456789abcdef0123456789abcdef";
const options = (
  listen: string,
  flags: Partial<Record<HttpFlag, string>> = {},
  env: Record<string, string> = {},
  saved = 1,
) => httpOptions({ listen, flags: new Map(Object.entries(flags) as [HttpFlag, string][]) }, env, saved);

describe("the address", () => {
  it.each([
    ["", {}, "127.0.0.1", 8000],
    ["9000", {}, "127.0.0.1", 9000],
    ["127.0.0.1:9000", {}, "127.0.0.1", 9000],
    [":9000", {}, "127.0.0.1", 9000],
    ["localhost", {}, "localhost", 8000],
    ["[::1]:9000", {}, "::1", 9000],
    ["127.0.0.2", {}, "127.0.0.2", 8000],
    ["", { MCP_PORT: "9001", PORT: "9002" }, "127.0.0.1", 9001],
    ["", { PORT: "9002" }, "127.0.0.1", 9002],
    ["", { MCP_HOST: "::1" }, "::1", 8000],
    ["127.0.0.1:9000", { MCP_HOST: "::1", MCP_PORT: "1" }, "127.0.0.1", 9000],
  ])("%j with %j is %s:%i", (listen, env, address, port) => {
    expect(options(listen, {}, env)).toMatchObject({ address, port });
  });

  it.each(["nonsense:port", "127.0.0.1:99999", "::1:9000", "http://x:1"])(
    "%s is refused with the form it has",
    (listen) => {
      expect(() => options(listen)).toThrow(/ADDR:PORT|65535/);
    },
  );
});

describe("a start that would not be safe is refused with the line to add", () => {
  it.each([
    ["no token on loopback", "", {}, {}, 0, /token add NAME.*--without-token/],
    ["no token elsewhere", "0.0.0.0:8000", { behindProxy: "true" }, {}, 0, /there is no token/],
    ["elsewhere without TLS", "0.0.0.0:8000", {}, {}, 1, /--tls-cert FILE --tls-key FILE.*--behind-proxy/],
    [
      "an earlier system's variables",
      "",
      {},
      { MCP_HOST: "0.0.0.0", MCP_AUTH_TOKEN: LONG },
      0,
      /SSH_MCP_BEHIND_PROXY=true/,
    ],
    [
      "no token and not on loopback",
      "0.0.0.0:8000",
      { withoutToken: "true", behindProxy: "true" },
      {},
      0,
      /loopback alone/,
    ],
    ["no token behind a proxy", "", { withoutToken: "true", behindProxy: "true" }, {}, 0, /loopback alone/],
    ["no token although there is one", "", { withoutToken: "true" }, {}, 1, /contradict/],
    ["a token that is guessed", "", {}, { MCP_AUTH_TOKEN: "hunter2" }, 0, /openssl rand/],
    ["half of a certificate", "", { tlsCert: "a.pem" }, {}, 1, /--tls-key FILE is missing/],
    ["a word that is no yes", "", {}, { SSH_MCP_GLOBAL: "maybe" }, 1, /true or false/],
  ] as const)("%s", (_what, listen, flags, env, saved, message) => {
    expect(() => options(listen, flags, env, saved)).toThrow(message);
  });

  it("and others start", () => {
    expect(options("", { withoutToken: "true" }, {}, 0).withoutToken).toBe(true);
    expect(
      options("0.0.0.0:8000", {}, { MCP_AUTH_TOKEN: LONG, SSH_MCP_BEHIND_PROXY: "true" }, 0).behindProxy,
    ).toBe(true);
    expect(options("0.0.0.0:8000", { tlsCert: "a", tlsKey: "b" }).tls).toEqual({ cert: "a", key: "b" });
  });
});

describe("the variables that choose a transport", () => {
  it("count for HTTP by name, and PORT alone chooses nothing", () => {
    expect(choosesHttp({ MCP_TRANSPORT: "sse" })).toBe(true);
    expect(choosesHttp({ MCP_TRANSPORT: "http" })).toBe(true);
    expect(choosesHttp({ SSH_MCP_MODE: "http" })).toBe(true);
    expect(choosesHttp({ MCP_TRANSPORT: "stdio" })).toBe(false);
    expect(namesTransport({ PORT: "8000", MCP_PORT: "1" })).toBe(false);
    expect(namesTransport({ MCP_TRANSPORT: "stdio" })).toBe(false);
  });

  it("are refused where they are no words for one, or contradict each other", () => {
    expect(() => choosesHttp({ MCP_TRANSPORT: "tcp" })).toThrow(/stdio, http, sse/);
    expect(() => choosesHttp({ MCP_TRANSPORT: "stdio", SSH_MCP_MODE: "http" })).toThrow(/contradict/);
  });
});

describe("the names under which a server is asked for", () => {
  const names = (listen: string, flags: Partial<Record<HttpFlag, string>> = {}) => {
    const made = options(listen, { behindProxy: "true", ...flags });
    return authoritiesOf(made, made.port).hosts();
  };

  it("on loopback are those of loopback with its port", () => {
    expect([...names("127.0.0.1:8000")].sort()).toEqual(["127.0.0.1:8000", "[::1]:8000", "localhost:8000"]);
  });

  it("of one address are that address", () => {
    expect([...names("10.0.0.5:8000")]).toEqual(["10.0.0.5:8000"]);
  });

  it("are those that the operator adds, with the ports of the web", () => {
    const all = names("10.0.0.5:8000", { allowHost: "MCP.example.org,other:9000" });
    for (const name of ["mcp.example.org", "mcp.example.org:443", "mcp.example.org:8000", "other:9000"])
      expect(all.has(name)).toBe(true);
    expect(all.has("other")).toBe(false);
  });
});
