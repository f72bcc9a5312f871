import { request } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Served, serve, textOf } from "../mcp/http/rig.ts";
import { Stage } from "./kit.ts";
import { Visitor } from "./visitor.ts";

let served: Served;
let url: string;

beforeAll(async () => {
  served = await serve({
    one: {},
    two: {},
    jo: { person: ["type", "approve"] },
    guard: { person: ["watch"], hosts: ["lab-ios"] },
  });
  url = `http://127.0.0.1:${served.port}`;
  const [one, two] = await Promise.all([served.connect("one"), served.connect("two")]);
  await textOf(one, "ssh_connect", { host: "lab-sh", session: "mine" });
  await textOf(two, "ssh_connect", { host: "lab-sh", session: "theirs" });
  await textOf(two, "ssh_shell", { session: "theirs", command: "echo for-two-alone" });
});

async function visitor(name: string): Promise<Visitor> {
  const made = new Visitor(url);
  await made.signIn({ token: served.token(name) });
  expect(await made.open()).toBe(200);
  return made;
}

/** A request as it is written, by whatever is no browser. */
function asked(path: string, method: string, headers: Record<string, string>, body = ""): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({ port: served.port, host: "127.0.0.1", path, method, headers }, (answer) => {
      resolve(answer.statusCode ?? 0);
      answer.destroy();
    });
    sent.on("error", reject).end(body);
  });
}

it("a cookie alone lets nobody in, nor does its key alone, nor any token in an address or a header", async () => {
  const own = new Visitor(url);
  const answer = await own.signIn({ token: served.token("one") });
  expect(answer.headers.get("set-cookie")).toMatch(
    /^ssh-mcp-\d+=[\w-]{43}; Path=\/ui\/; HttpOnly; SameSite=Strict$/,
  );
  const token = served.token("one");
  const tries: Record<string, string>[] = [
    { cookie: own.cookie },
    { "x-key": own.key },
    { cookie: own.cookie, "x-key": `${own.key}x` },
    { cookie: `${own.cookie}; ${own.cookie}`, "x-key": own.key },
    { authorization: `Bearer ${token}` },
  ];
  for (const headers of tries) expect(await asked("/ui/live", "GET", headers)).toBe(401);
  expect(await asked(`/ui/live?token=${token}`, "GET", {})).not.toBe(200);
  expect(await asked("/ui/live", "GET", { cookie: own.cookie, "x-key": own.key })).toBe(200);
});

it("whatever is no token is answered alike", async () => {
  const bodies = new Set<string>();
  const token = served.token("two");
  for (const wrong of [
    { token: "" },
    { token: token.slice(0, -1) },
    { token: `${token}${token}` },
    { code: "x" },
    {},
  ]) {
    const answer = await new Visitor(url).signIn(wrong);
    expect(answer.status).toBe(401);
    bodies.add(await answer.text());
  }
  expect(bodies.size).toBe(1);
});

it("another page's requests are refused, whatever they carry: by Host, by Origin, by what the browser says of them", async () => {
  const own = new Visitor(url);
  await own.signIn({ token: served.token("one") });
  const proof = { cookie: own.cookie, "x-key": own.key };
  const json = { ...proof, "content-type": "application/json" };
  const forged: Record<string, string>[] = [
    { host: "evil.example" },
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: url, "sec-fetch-site": "cross-site" },
    { origin: url, "sec-fetch-site": "same-site" },
    { origin: `https://127.0.0.1:${served.port}` },
    {},
  ];
  for (const headers of forged) {
    expect(await asked("/ui/do", "POST", { ...json, ...headers }, "{}")).toBe(403);
    expect(await asked("/ui/in", "POST", { "content-type": "application/json", ...headers }, "{}")).toBe(403);
  }
  expect(await asked("/ui/live", "GET", { ...proof, "sec-fetch-site": "cross-site" })).toBe(403);
  expect(await asked("/ui/live", "GET", { ...proof, origin: "https://evil.example" })).toBe(403);
});

it("behind a proxy with TLS its name and port are the page's own, and the cookie goes over TLS alone", async () => {
  const behind = await serve(
    { one: {} },
    {
      behindProxy: true,
      allowHosts: ["mcp.example.org"],
      allowOrigins: ["https://mcp.example.org:8443", "https://app.example.org"],
    },
  );
  const signIn = (origin: string, more: Record<string, string> = {}) =>
    new Promise<{ status: number; cookie: string }>((resolve, reject) => {
      const headers = { host: "mcp.example.org", origin, "content-type": "application/json", ...more };
      request({ port: behind.port, host: "127.0.0.1", path: "/ui/in", method: "POST", headers }, (answer) => {
        resolve({ status: answer.statusCode ?? 0, cookie: answer.headers["set-cookie"]?.[0] ?? "" });
        answer.destroy();
      })
        .on("error", reject)
        .end(JSON.stringify({ token: behind.token("one") }));
    });
  const { status, cookie } = await signIn("https://mcp.example.org");
  expect([status, cookie.endsWith("; Secure")]).toEqual([200, true]);
  const own = { "sec-fetch-site": "same-origin" };
  expect((await signIn("https://mcp.example.org:8443", own)).status).toBe(200);
  expect((await signIn("https://mcp.example.org:8443")).status).toBe(403);
  expect((await signIn("https://app.example.org", { "sec-fetch-site": "same-site" })).status).toBe(403);
});

it("the files of the page say what it may load, and that nobody may frame it", async () => {
  for (const file of ["", "app.js", "app.css", "icon.svg"]) {
    const answer = await fetch(`${url}/ui/${file}`);
    expect(answer.status).toBe(200);
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    const again = await fetch(`${url}/ui/${file}`, {
      headers: { "if-none-match": answer.headers.get("etag") ?? "" },
    });
    expect(again.status).toBe(304);
  }
  for (const path of [
    "/ui/../cli.js",
    "/ui/%2e%2e/cli.js",
    "/ui/app.js/",
    "/ui/constructor",
    "/ui/tokens.json",
  ])
    expect(await asked(path, "GET", {})).toBe(404);
});

it("a program's token sees its own sessions and no other's, and never types as a person", async () => {
  const [one, two] = await Promise.all([visitor("one"), visitor("two")]);
  const { cards } = await one.until("cards", ({ cards }) => cards.length > 0);
  expect(cards.map(({ session }) => session)).toEqual(["mine"]);
  const theirs = (await two.until("cards", ({ cards }) => cards.length > 0)).cards[0];
  await one.ask({ do: "watch", place: theirs?.place ?? "", session: "theirs" });
  const at = { place: cards[0]?.place ?? "", session: "mine" };
  await one.ask({ do: "lines", place: theirs?.place ?? "", session: "theirs" });
  await one.ask({ do: "watch", place: cards[0]?.place ?? "", session: "mine" });
  await one.until("picture");
  expect(JSON.stringify(one.heard)).not.toContain("for-two-alone");
  const { status, why } = await one.ask({ do: "take", ...at });
  expect(status).toBe(409);
  expect(why).toContain("may only watch");
  await one.ask({ do: "keys", keys: "echo typed\r", ...at });
  expect(await one.ask({ do: "interrupt", ...at })).toMatchObject({ status: 409 });
  expect(one.heard.some(({ is }) => is === "asking")).toBe(false);
  expect(await one.ask({ do: "answer", id: "A7K3X", key: "x", yes: true })).toMatchObject({ status: 409 });
  expect(one.rows().join("\n")).not.toContain("typed");
  one.leave();
  two.leave();
});

it("a person's token is let in nowhere but here, and sees everybody's sessions as far as its hosts go", async () => {
  await expect(served.connect("jo")).rejects.toThrow(/403|person/);
  const [jo, guard] = await Promise.all([visitor("jo"), visitor("guard")]);
  const { cards } = await jo.until("cards", ({ cards }) => cards.length === 2);
  expect(cards.map(({ session, owner }) => `${owner} ${session}`).sort()).toEqual([
    expect.stringMatching(/^http:one\S* mine$/),
    expect.stringMatching(/^http:two\S* theirs$/),
  ]);
  const theirs = cards.find(({ session }) => session === "theirs");
  const at = { place: theirs?.place ?? "", session: "theirs" };
  await jo.ask({ do: "watch", place: theirs?.place ?? "", session: "theirs" });
  await jo.until("picture");
  expect(await jo.ask({ do: "take", ...at })).toEqual({ status: 200, why: "" });
  await jo.ask({ do: "keys", keys: "echo by-$((6*7))\r", ...at });
  await expect.poll(() => jo.rows()).toContain("by-42");
  const mine = cards.find(({ session }) => session === "mine");
  const elsewhere = { place: mine?.place ?? "", session: "mine" };
  const refused = await jo.ask({ do: "keys", keys: "echo elsewhere\r", ...elsewhere });
  expect(refused).toMatchObject({ status: 409, why: expect.stringContaining("does not watch that session") });
  await jo.ask({ do: "audited", ...at });
  const { lines } = await jo.until("audited");
  expect(lines.map(({ text }) => text)).toContainEqual(expect.stringContaining("echo by-"));
  await guard.ask({ do: "watch", place: theirs?.place ?? "", session: "theirs" });
  expect((await guard.until("cards")).cards).toEqual([]);
  expect(guard.heard.some(({ is }) => is === "picture")).toBe(false);
  jo.leave();
  guard.leave();
});

it("a token that is revoked ends its page, and what its person held", async () => {
  const jo = await visitor("jo");
  const { cards } = await jo.until("cards", ({ cards }) => cards.length === 2);
  const mine = cards.find(({ session }) => session === "mine");
  await jo.ask({ do: "watch", place: mine?.place ?? "", session: "mine" });
  await jo.ask({ do: "take", place: mine?.place ?? "", session: "mine" });
  await served.setTokens({ one: {}, two: {} });
  expect((await jo.until("gone")).why).toContain("counts no more");
  await expect.poll(() => jo.over).toBe(true);
  expect(await jo.open()).toBe(401);
  const one = await served.connect("one");
  expect(await textOf(one, "ssh_shell", { session: "mine", command: "echo free" })).toContain("free");
});

it("a link lets in once, and its page ends with the program that printed it", async () => {
  const stage = await new Stage().open();
  afterAll(() => stage.dispose());
  const [page = "", code = ""] = stage.page.link().split("#");
  expect(page).toBe(`${stage.url}/ui/`);
  const [first, second] = [new Visitor(stage.url), new Visitor(stage.url)];
  expect((await first.signIn({ code })).status).toBe(200);
  expect((await second.signIn({ code })).status).toBe(401);
  // Guessing goes on for a while, and then not.
  for (let tries = 0; tries < 19; tries++) await second.signIn({ code: `guess-${tries}` });
  expect((await second.signIn({ code: "one more" })).status).toBe(429);
  const [, another = ""] = stage.page.link().split("#");
  expect((await second.signIn({ code: another })).status).toBe(200);
  expect(await first.open()).toBe(200);
  await first.until("hello");
  await stage.page.close();
  expect((await first.until("gone")).why).toContain("ends");
  await expect.poll(() => first.over).toBe(true);
});
