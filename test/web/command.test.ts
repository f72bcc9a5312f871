import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, expect, it } from "vitest";
import { CLI, until, World } from "../daemon/kit.ts";
import { Visitor } from "./visitor.ts";

const world = new World();
afterAll(() => world.dispose());

/** `ssh-mcp web` with what it prints. */
function web(...words: string[]) {
  const child = spawn(process.execPath, [CLI, "web", ...words, ...world.args], { env: world.env });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk.toString();
  });
  return { child, link: () => /^(http:\/\/127\.0\.0\.1:\d+)\/ui\/#([\w-]{43})$/m.exec(out), said: () => err };
}

it("ssh-mcp web prints a link to the daemon's sessions, watched only, and its pages end with it", async () => {
  await world.foreground();
  const agent = await world.agent();
  await agent.call("ssh_connect", { host: "lab-sh" });
  const { child, link } = web();
  await until(() => link() !== null);
  const [, url = "", code = ""] = link() ?? [];
  const page = new Visitor(url);
  expect((await page.signIn({ code })).status).toBe(200);
  await page.open();
  expect(await page.until("hello")).toMatchObject({ rights: { type: false, approve: false } });
  const { cards } = await page.until("cards", ({ cards }) => cards.length === 1);
  const at = { place: cards[0]?.place ?? "", session: "lab-sh" };
  await page.ask({ do: "watch", ...at });
  await agent.call("ssh_shell", { session: "lab-sh", command: "echo for-the-page" });
  await expect.poll(() => page.rows()).toContain("for-the-page");
  expect((await world.status())?.sessions[0]?.here?.[0]).toMatch(/ over the web$/);
  expect(await page.ask({ do: "take", ...at })).toMatchObject({ status: 409 });
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([0, null]);
  await expect.poll(() => page.over).toBe(true);
  await expect(fetch(`${url}/ui/`)).rejects.toThrow();
  expect((await world.status())?.sessions).toMatchObject([{ name: "lab-sh" }]);
});

it("pages that approve are not begun by what is no terminal, and a port that is taken is named", async () => {
  const { child, said } = web("--approve");
  expect(await once(child, "exit")).toEqual([1, null]);
  expect(said()).toContain("at a terminal");
  const first = web();
  await until(() => first.link() !== null);
  const port = new URL(first.link()?.[1] ?? "").port;
  const second = web("--port", port);
  expect(await once(second.child, "exit")).toEqual([1, null]);
  expect(second.said()).toContain(`127.0.0.1:${port} cannot be listened on`);
  first.child.kill("SIGTERM");
  await once(first.child, "exit");
});
