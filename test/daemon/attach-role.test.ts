import { Socket } from "node:net";
import { expect, it } from "vitest";
import { serveAttach } from "../../src/daemon/attach-role.ts";
import { Fronts } from "../../src/daemon/fronts.ts";
import { Viewers } from "../../src/desk/viewers.ts";

it("a person who has gone before they were served is nowhere counted, and nothing is opened for them", async () => {
  const fronts = new Fronts();
  const viewers = new Viewers();
  const socket = new Socket();
  socket.destroy();
  await new Promise((resolve) => setImmediate(resolve));
  await serveAttach({
    socket,
    hello: { sshMcp: 1, version: "test", role: "attach", pid: 1, session: "web1", cols: 80, rows: 24 },
    fronts,
    viewers,
    workspace: async () => expect.unreachable("nothing is opened"),
    approvals: async () => 0,
    log: () => {},
  });
  expect(fronts.connected).toEqual([]);
  expect(viewers.all).toEqual([]);
});
