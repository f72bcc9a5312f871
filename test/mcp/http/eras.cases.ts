import { describe, expect, it } from "vitest";
import { type Era, serve, textOf } from "./rig.ts";

const server = serve({ jo: {}, careful: { level: "guarded" } });

const ERAS: readonly Era[] = ["2026-07-28", "2025-06-18", "sse"];

describe.each(ERAS)("a client of %s", (era) => {
  it("finds the tools and works in a session that outlives the call", async () => {
    const client = await (await server).connect("jo", { era, key: `works-${era}` });
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain("ssh_shell");
    expect(await textOf(client, "ssh_connect", { host: "lab-ios" })).toMatch(/\[lab-ios /);
    expect(await textOf(client, "ssh_shell", { session: "lab-ios", command: "show clock" })).toMatch(
      /\[lab-ios #1 done/,
    );
    expect(await textOf(client, "ssh_sessions")).toContain("lab-ios");
    // A device has few terminal lines.
    await textOf(client, "ssh_disconnect", { session: "lab-ios" });
    await client.close();
  });

  it("is told what was wrong with a call", async () => {
    const client = await (await server).connect("jo", { era, key: `wrong-${era}` });
    expect(await textOf(client, "ssh_read", { session: "nothing" })).toMatch(/^unknown_session: /);
    await expect(client.callTool({ name: "ssh_nothing", arguments: {} })).rejects.toThrow(/Unknown tool/);
    await client.close();
  });
});

describe("a client that hears how a long call goes on", () => {
  it.concurrent.each(ERAS)("of %s gives it up without ending the command", async (era) => {
    const client = await (await server).connect("jo", { era, key: `long-${era}` });
    await textOf(client, "ssh_connect", { host: "lab-sh" });
    const heard: string[] = [];
    const gone = new AbortController();
    const waiting = client.callTool(
      { name: "ssh_shell", arguments: { session: "lab-sh", command: "sleep 600", timeout_s: 50 } },
      {
        signal: gone.signal,
        onprogress: ({ message }) => {
          heard.push(message ?? "");
          gone.abort();
        },
      },
    );
    await expect(waiting).rejects.toThrow();
    expect(heard.length).toBeGreaterThan(0);
    expect(await textOf(client, "ssh_sessions")).toMatch(/lab-sh.*(busy|running)/);
    await textOf(client, "ssh_send", { session: "lab-sh", keys: "<C-c>" });
    await client.close();
  });
});

describe("a person behind a client of an older revision", () => {
  it.each<Era>(["2025-06-18", "sse"])("is asked by a form (%s)", async (era) => {
    const client = await (await server).connect("careful", {
      era,
      key: `asked-${era}`,
      client: { capabilities: { elicitation: {} } },
    });
    const asked: string[] = [];
    client.setRequestHandler("elicitation/create", async ({ params }) => {
      asked.push(params.message);
      return { action: "accept", content: { decision: "deny" } };
    });
    await textOf(client, "ssh_connect", { host: "lab-ios" });
    const text = await textOf(client, "ssh_shell", { session: "lab-ios", command: "reload" });
    expect(asked.join()).toContain("reload");
    expect(text).toMatch(/^denied: /);
    await textOf(client, "ssh_disconnect", { session: "lab-ios" });
    await client.close();
  });
});

it("a GET of the endpoint that names no revision is answered as the first transport's stream", async () => {
  const { url, token } = await server;
  const gone = new AbortController();
  const response = await fetch(url, {
    headers: { accept: "text/event-stream", authorization: `Bearer ${token("jo")}` },
    signal: gone.signal,
  });
  expect(response.status).toBe(200);
  const first = await response.body?.getReader().read();
  expect(new TextDecoder().decode(first?.value)).toMatch(
    /^event: endpoint\ndata: \/messages\?sessionId=[0-9a-f-]{36}\n\n/,
  );
  gone.abort();
});

it("says nothing unexpected meanwhile", async () => {
  expect((await server).said.filter((one) => one.startsWith("unexpected"))).toEqual([]);
});
