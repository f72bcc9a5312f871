import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { text as wholeText } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { serve, textOf } from "./rig.ts";
// In one file with these: the whole program is loaded once for both.
import "./tls.cases.ts";

const server = serve({ jo: {} });

const status = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);

const request = (method: string, params: object) => JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });

/** A request whose body is announced and never sent: whoever waits for it does not answer. */
const head = (lines: readonly string[], first = "POST /mcp HTTP/1.1") =>
  `${[first, ...lines, "Content-Type: application/json", "Content-Length: 1000000"].join("\r\n")}\r\n\r\n`;

describe("Host and Origin are looked at before a body is read", () => {
  it.each([
    ["a foreign name", () => ["Host: evil.example"]],
    ["a foreign name with our port", (port: number) => [`Host: evil.example:${port}`]],
    ["another port", () => ["Host: localhost:1"]],
    ["no port", () => ["Host: localhost"]],
    ["a trailing dot", (port: number) => [`Host: localhost.:${port}`]],
    ["a name that begins like ours", (port: number) => [`Host: localhost.evil.example:${port}`]],
    ["another address of loopback in IPv6 form", (port: number) => [`Host: [::ffff:127.0.0.1]:${port}`]],
    ["a user in front", (port: number) => [`Host: evil@localhost:${port}`]],
    ["two of them", (port: number) => [`Host: localhost:${port}`, "Host: evil.example"]],
    ["a foreign page", (port: number) => [`Host: localhost:${port}`, "Origin: https://evil.example"]],
    ["a page without a name", (port: number) => [`Host: localhost:${port}`, "Origin: null"]],
    ["a page of another port", (port: number) => [`Host: localhost:${port}`, "Origin: http://localhost:1"]],
    ["an empty Origin", (port: number) => [`Host: localhost:${port}`, "Origin: "]],
    [
      "two Origins",
      (port: number) => [`Host: localhost:${port}`, `Origin: http://localhost:${port}`, "Origin: null"],
    ],
  ])("%s is refused", async (_what, lines) => {
    const { port, raw, token } = await server;
    expect(status(await raw(head([...lines(port), `Authorization: Bearer ${token("jo")}`])))).toBe(403);
  });

  it.each(["/mcp/", "/sse/", "/messages/"])("%s is what it is without the slash behind it", async (path) => {
    const { port, raw } = await server;
    expect(status(await raw(head([`Host: localhost:${port}`], `POST ${path} HTTP/1.1`)))).toBe(401);
  });

  it.each([
    "GET /.well-known/oauth-protected-resource/mcp",
    "GET /.well-known/oauth-authorization-server",
    "GET /.well-known/openid-configuration",
    "POST /register",
  ])(
    "%s: a client that looks for OAuth is told, in OAuth's own form, that a token is needed",
    async (first) => {
      const { port } = await server;
      const [method = "", path = ""] = first.split(" ");
      const answer = await fetch(`http://localhost:${port}${path}`, { method });
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({
        error: "invalid_request",
        error_description: expect.stringMatching(/ssh-mcp token add NAME.*Authorization: Bearer/),
      });
    },
  );

  it("a first line that names a server is refused, whatever Host says", async () => {
    const { port, raw } = await server;
    const first = `POST http://evil.example/mcp HTTP/1.1`;
    expect(status(await raw(head([`Host: localhost:${port}`], first)))).toBe(403);
  });

  it.each([
    ["localhost", (port: number) => [`Host: localhost:${port}`]],
    ["in capitals", (port: number) => [`Host: LOCALHOST:${port}`]],
    ["IPv4", (port: number) => [`Host: 127.0.0.1:${port}`]],
    ["IPv6", (port: number) => [`Host: [::1]:${port}`]],
    ["our own page", (port: number) => [`Host: localhost:${port}`, `Origin: http://localhost:${port}`]],
  ])("%s passes to the next question, which is for a token", async (_what, lines) => {
    const { port, raw } = await server;
    expect(status(await raw(head(lines(port))))).toBe(401);
  });

  it("before a client that waits to be asked for its body is asked", async () => {
    const { port, raw } = await server;
    const expecting = ["Expect: 100-continue", "Host: evil.example"];
    expect(status(await raw(head(expecting)))).toBe(403);
    expect(status(await raw(head([...expecting.slice(0, 1), `Host: localhost:${port}`])))).toBe(401);
  });
});

describe("a token", () => {
  it("that is missing, wrong, cut, doubled or in the URL is answered the same", async () => {
    const { port, raw, token } = await server;
    const [host, good] = [`Host: localhost:${port}`, token("jo")];
    const answers = await Promise.all([
      raw(head([host])),
      raw(head([host, "Authorization: Bearer wrong"])),
      raw(head([host, `Authorization: Bearer ${good.slice(0, -1)}`])),
      raw(head([host, `Authorization: Bearer ${good}x`])),
      raw(head([host, `Authorization: Bearer ${good}, Bearer ${good}`])),
      raw(head([host, `Authorization: Bearer ${good}`, `Authorization: Bearer ${good}`])),
      raw(head([host, `Authorization: Basic ${good}`])),
      raw(head([host, `Cookie: token=${good}`])),
      raw(head([host], `POST /mcp?token=${good}&access_token=${good} HTTP/1.1`)),
    ]);
    const bare = answers.map((answer) => answer.replace(/^Date: .*$/m, ""));
    expect(new Set(bare).size).toBe(1);
    expect(status(bare[0] ?? "")).toBe(401);
  });

  it("that is guessed is not looked at any more after twenty wrong ones; one that was right before goes on", async () => {
    const { port, raw, token, url } = await serve({ jo: {}, sam: {} });
    const ask = (value: string) => raw(head([`Host: localhost:${port}`, `Authorization: Bearer ${value}`]));
    const known = async () =>
      (await fetch(url, { method: "POST", headers: { authorization: `Bearer ${token("sam")}` } })).status;
    const right = await known();
    expect([401, 429]).not.toContain(right);
    for (let guess = 0; guess < 20; guess++) expect(status(await ask(`guess-${guess}`))).toBe(401);
    expect(await known()).toBe(right);
    const answer = await ask(token("jo"));
    expect(status(answer)).toBe(429);
    expect(answer).toMatch(/^retry-after: \d+\r$/im);
  });

  it("that is revoked opens nothing any more and ends what it had open", async () => {
    const { connect, setTokens, url, token } = await serve({ jo: {}, other: {} });
    const client = await connect("jo", { era: "2025-06-18" });
    await textOf(client, "ssh_connect", { host: "lab-sh" });
    await setTokens({ other: {} });
    const ask = async () =>
      (await fetch(url, { headers: { authorization: `Bearer ${token("jo")}` } })).status;
    await expect.poll(ask, { timeout: 30_000 }).toBe(401);
    await expect(textOf(client, "ssh_sessions")).rejects.toThrow();
  });
});

describe("a token's scope", () => {
  it("shows its hosts alone: others are as unknown as those that do not exist", async () => {
    const { connect } = await serve({ ios: { hosts: ["lab-i*"] } });
    const client = await connect("ios");
    const hosts = await textOf(client, "ssh_hosts");
    expect(hosts).toContain("lab-ios");
    expect(hosts).not.toContain("lab-sh");
    for (const [tool, args] of [
      ["ssh_connect", {}],
      ["ssh_exec", { command: "ls" }],
      ["ssh_check", { command: "ls" }],
      ["ssh_read_file", { path: "/etc/hostname" }],
    ] as const) {
      const [beyond, never] = await Promise.all(
        ["lab-sh", "lab-xy"].map(async (host) =>
          (await textOf(client, tool, { host, ...args })).replaceAll(host, "NAME"),
        ),
      );
      expect(beyond).toMatch(/^unknown_host: /);
      expect(beyond).toBe(never);
    }
  });

  it("shows its toolsets alone", async () => {
    const { connect } = await serve({ core: { toolsets: [] }, all: {} });
    const names = async (name: string) =>
      (await (await connect(name)).listTools()).tools.map((one) => one.name);
    expect(await names("all")).toContain("ssh_write_file");
    expect(await names("core")).not.toContain("ssh_write_file");
    expect(await names("core")).toContain("ssh_shell");
    // No cache between them gives one the list of another.
    expect(await (await connect("core")).listTools()).toMatchObject({ cacheScope: "private" });
  });

  it("is what the token has at the end of a request that comes slowly", async () => {
    const { connect, setTokens, token, url } = await serve({ jo: {} });
    const headers = {
      authorization: `Bearer ${token("jo")}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    };
    const begin = {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "slow", version: "1" },
    };
    const begun = await fetch(url, { method: "POST", headers, body: request("initialize", begin) });
    const id = begun.headers.get("mcp-session-id") ?? "";
    await begun.text();
    const slow = httpRequest(url, { method: "POST", headers: { ...headers, "mcp-session-id": id } });
    const answer = once(slow, "response");
    const body = request("tools/list", {});
    slow.write(body.slice(0, 10));
    await setTokens({ jo: { toolsets: [] } });
    const listed = async () => (await (await connect("jo")).listTools()).tools.map(({ name }) => name);
    await expect.poll(listed, { timeout: 30_000 }).not.toContain("ssh_write_file");
    slow.end(body.slice(10));
    const [response] = await answer;
    const text = await wholeText(response);
    expect(text).toContain("ssh_shell");
    expect(text).not.toContain("ssh_write_file");
  });

  it("tightens the level of every host, and counts as soon as it is changed", async () => {
    const { connect, setTokens } = await serve({ jo: {} });
    const client = await connect("jo");
    const touch = () => textOf(client, "ssh_exec", { host: "lab-sh", command: "touch $HOME/x" });
    expect(await touch()).toMatch(/exit=0/);
    await setTokens({ jo: { level: "read_only" } });
    await expect.poll(touch, { timeout: 30_000 }).toMatch(/^denied: .*this token's level is read_only/);
    expect(await textOf(client, "ssh_exec", { host: "lab-sh", command: "ls" })).toMatch(/exit=0/);
  });
});

describe("limits", () => {
  it("a body that is too long is refused by its announced length, or where it grows too long", async () => {
    const { port, raw, token, url } = await server;
    const lines = [
      `Host: localhost:${port}`,
      `Authorization: Bearer ${token("jo")}`,
      "Content-Type: application/json",
    ];
    const announced = ["POST /mcp HTTP/1.1", ...lines, "Content-Length: 104857600", "", ""].join("\r\n");
    expect(status(await raw(announced))).toBe(413);
    const body = new ReadableStream({
      pull: (to) => to.enqueue(new Uint8Array(1024 * 1024).fill(0x20)),
    });
    const grown = fetch(url, {
      method: "POST",
      headers: { authorization: `Bearer ${token("jo")}`, "content-type": "application/json" },
      body,
      duplex: "half",
    } as RequestInit).then(
      (response) => response.status,
      () => "ended",
    );
    expect([413, "ended"]).toContain(await grown);
  });

  it("a body that nests too deeply is refused, and the server goes on", async () => {
    const { url, token } = await server;
    const ask = async (body: string) =>
      (
        await fetch(url, {
          method: "POST",
          headers: {
            authorization: `Bearer ${token("jo")}`,
            "content-type": "application/json",
            accept: "application/json, text/event-stream",
          },
          body,
        })
      ).status;
    expect(await ask("[".repeat(1_000_000))).toBe(400);
    expect(await ask(`{"a":${"[".repeat(1_000)}${"]".repeat(1_000)}}`)).toBe(400);
    expect((await fetch(new URL("/health", url))).status).toBe(200);
  });

  it("headers that are too long or no HTTP get no answer of the protocol", async () => {
    const { port, raw } = await server;
    const long = `GET /mcp HTTP/1.1\r\nHost: localhost:${port}\r\nX-Long: ${"x".repeat(40_000)}\r\n\r\n`;
    expect([400, 431]).toContain(status(await raw(long)));
    expect(status(await raw("\x16\x03\x01 hello\r\n\r\n"))).toBe(400);
  });

  it("a session key is one short word", async () => {
    const { port, raw, token } = await server;
    const ask = (key: string) =>
      raw(head([`Host: localhost:${port}`, `Authorization: Bearer ${token("jo")}`, `X-Session-Key: ${key}`]));
    expect(status(await ask("x".repeat(300)))).toBe(400);
    expect(status(await ask("two words"))).toBe(400);
  });
});

describe("health", () => {
  it("is asked under any name and without a token, and says nothing of what is here", async () => {
    const { raw } = await server;
    const answer = await raw("GET /health HTTP/1.1\r\nHost: 10.1.2.3\r\n\r\n");
    expect(status(answer)).toBe(200);
  });
});

it("says nothing unexpected meanwhile", async () => {
  expect((await server).said.filter((one) => one.startsWith("unexpected"))).toEqual([]);
});
