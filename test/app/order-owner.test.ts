import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { orderOwner } from "../../src/app/inventory-id.ts";
import type { Surroundings } from "../../src/app/surroundings.ts";
import { Board } from "../../src/approval/board.ts";
import { galleryOf } from "../../src/web/gallery.ts";

const ORDER = { host: "web1", address: "a", what: "run", text: "reboot", reasons: ["it asks"] } as const;

it("two servers of one inventory share no order: each page shows its own server's and answers no other's", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-owner-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const place: Surroundings = { env: {}, cwd: folder, home: folder, lab: false };
  const [one, other] = ["127.0.0.1:8000", "127.0.0.1:8001"].map((serves) => {
    const owner = orderOwner({ ...place, serves });
    const board = new Board(folder, () => 0, owner);
    const auditPath = async () => undefined;
    const gallery = galleryOf({
      version: "test",
      board: new Board(folder, () => 0),
      owner,
      auditPath,
      now: () => 0,
    });
    return { board, gallery };
  });
  if (one === undefined || other === undefined) throw new Error("two servers");
  const guest = {
    name: "jo",
    rights: () => ({ type: false, approve: true }),
    places: () => [],
    sees: () => true,
  };
  const order = await one.board.post({ ...ORDER, key: "k1", risk: "disruptive" });
  expect((await one.gallery.asking(guest)).map(({ id }) => id)).toEqual([order.id]);
  expect(await other.gallery.asking(guest)).toEqual([]);
  const answer = { do: "answer", id: order.id, key: "k1", yes: true } as const;
  await expect(other.gallery.answer(guest, answer)).rejects.toThrow(/does not wait any more, or not for you/);
  expect(await one.gallery.answer(guest, answer)).toMatch(/is approved/);
  expect(await other.board.take("k1")).toBeUndefined();
  expect(await one.board.take("k1")).toMatchObject({ yes: true, by: "jo" });
});

it("orders of clients over stdio outlive the client, and those of a server its restart at the same address", () => {
  const place = { env: {}, cwd: "/", home: "/", lab: false };
  expect(orderOwner(place)).toBe(orderOwner({ ...place }));
  const at = { ...place, serves: "127.0.0.1:8000" };
  expect(orderOwner(at)).toBe(orderOwner({ ...at }));
  expect(orderOwner(at)).not.toBe(orderOwner(place));
  expect(orderOwner({ ...place, serves: "127.0.0.1:0" })).toContain(String(process.pid));
});
