import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { SshMcpError } from "../../src/base/errors.ts";
import { Cameras } from "../../src/web/cameras.ts";
import type { Guest } from "../../src/web/guest.ts";
import { Onlooker } from "../../src/web/onlooker.ts";
import { PageStream } from "../../src/web/stream.ts";
import type { ToPage } from "../../src/web/words.ts";

it("orders that cannot be read keep nobody from watching, and are said once; nothing acts where the page does not look", async () => {
  const server = createServer();
  const asked = new Promise<ServerResponse>((resolve) =>
    server.on("request", (_request, out) => resolve(out)),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const gone = new AbortController();
  const answer = fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, {
    signal: gone.signal,
  });
  let looks = 0;
  const guest: Guest = {
    name: "jo",
    rights: () => ({ type: false, approve: true }),
    sees: () => true,
    places: () => [],
  };
  const gallery = {
    version: "test",
    cameras: new Cameras(),
    asking: async () => {
      looks++;
      throw new SshMcpError("internal", "the folder of approvals cannot be used");
    },
    answer: async () => "",
    audited: async () => ({ lines: [], none: "" }),
  };
  const onlooker = new Onlooker("one", guest, gallery, new PageStream(await asked));
  const over = onlooker.run();
  const heard: ToPage[] = [];
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const part of (await answer).body ?? [])
      for (const line of decoder.decode(part).split("\n").filter(Boolean)) heard.push(JSON.parse(line));
  })().catch(() => {});
  await expect.poll(() => looks, { timeout: 30_000 }).toBeGreaterThan(2);
  expect(heard.filter(({ is }) => is === "cards")).toHaveLength(1);
  expect(heard.filter(({ is }) => is === "notice")).toHaveLength(1);
  const elsewhere = { place: "all", session: "web1" };
  for (const word of ["take", "release", "interrupt", "lines", "audited", "again"] as const)
    await expect(onlooker.asked({ do: word, ...elsewhere })).rejects.toThrow(
      "this page does not watch that session yet",
    );
  await expect(onlooker.asked({ do: "keys", keys: "x\r", ...elsewhere })).rejects.toThrow("nothing was sent");
  gone.abort();
  await Promise.all([over, reading]);
  // A request that outlives its page.
  await expect(onlooker.asked({ do: "watch", ...elsewhere })).rejects.toThrow("not open any more");
  await expect(onlooker.asked({ do: "answer", id: "A7K3X", key: "x", yes: true })).rejects.toThrow(
    "not open any more",
  );
  server.closeAllConnections();
  server.close();
});
