import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { APPROVED_MS, Board, ORDER_MS } from "../../src/approval/board.ts";
import type { Order } from "../../src/approval/order.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-board-"));
  folders.push(folder);
  return folder;
}

const order = (change: Partial<Order> = {}): Order => ({
  key: "k1",
  host: "web1",
  address: "jo@192.0.2.1:22",
  what: "run",
  text: "reboot",
  risk: "disruptive",
  reasons: ["guarded: reboot: restarts the machine (disruptive)"],
  ...change,
});

const yes = (key: string, at = 0) => ({ yes: true, by: "jo at a terminal", at, key });

describe("orders that wait for a person", () => {
  it("are of the server that asked: an answer to one is none to another with other hosts, and a person sees both", async () => {
    const folder = scratch();
    const [one, other] = ["aaa", "bbb"].map((inventory) => new Board(folder, () => 0, inventory));
    const [first, second] = [await one?.post(order()), await other?.post(order())];
    const person = new Board(folder, () => 0);
    expect((await person.waiting()).map(({ inventory }) => inventory).sort()).toEqual(["aaa", "bbb"]);
    await person.give(first?.id ?? "", yes("k1"));
    expect(await other?.take("k1")).toBeUndefined();
    expect(await one?.take("k1")).toMatchObject({ id: first?.id });
    expect((await person.waiting()).map(({ id }) => id)).toEqual([second?.id]);
  });

  it("lie in files that nobody else can read", async () => {
    const folder = scratch();
    const { id } = await new Board(folder, () => 0).post(order());
    expect(statSync(join(folder, "approvals")).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, "approvals", `${id}.order.json`)).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, "approvals"))).toEqual([`${id}.order.json`]);
  });

  it("are listed by another process, the oldest first, until their time is over", async () => {
    const folder = scratch();
    let now = 0;
    const board = new Board(folder, () => now);
    const first = await board.post(order());
    now = 1_000;
    const second = await board.post(order({ key: "k2" }));
    const other = new Board(folder, () => now);
    expect((await other.waiting()).map(({ id }) => id)).toEqual([first.id, second.id]);
    now = ORDER_MS + 500;
    expect((await other.waiting()).map(({ id }) => id)).toEqual([second.id]);
    expect(await other.find(first.id)).toBeUndefined();
  });

  it("are put up once for the very same", async () => {
    const board = new Board(scratch(), () => 0);
    expect((await board.post(order())).id).toBe((await board.post(order())).id);
    expect((await board.post(order({ key: "k2" }))).id).not.toBe((await board.post(order())).id);
  });

  it("are answered once, and the answer is taken once, whoever comes first", async () => {
    const folder = scratch();
    const [one, other] = [new Board(folder, () => 0), new Board(folder, () => 0)];
    const { id } = await one.post(order());
    expect(await one.give(id, yes("k1"))).toBe(true);
    expect(await other.give(id, { ...yes("k1"), yes: false })).toBe(false);
    const taken = await Promise.all([one, other, one, other].map((board) => board.take("k1")));
    expect(taken.filter((answer) => answer !== undefined)).toMatchObject([{ ...yes("k1"), id }]);
    expect(await one.take("k1")).toBeUndefined();
  });

  it("are taken for the very same alone", async () => {
    const board = new Board(scratch(), () => 0);
    const { id } = await board.post(order());
    await board.give(id, yes("k1"));
    expect(await board.take("k2")).toBeUndefined();
    expect(await board.take("k1")).toBeDefined();
  });

  it("whose answer names another order are not approved by it", async () => {
    const board = new Board(scratch(), () => 0);
    const { id } = await board.post(order());
    await board.give(id, yes("k2"));
    expect(await board.take("k1")).toBeUndefined();
    expect(await board.take("k2")).toBeUndefined();
  });

  it("are not approved by an answer that was never used in its time", async () => {
    let now = 0;
    const board = new Board(scratch(), () => now);
    const { id } = await board.post(order());
    await board.give(id, yes("k1", 0));
    now = APPROVED_MS + 1;
    expect(await board.take("k1")).toBeUndefined();
  });

  it("are not answered by a file that others can write", async () => {
    const folder = scratch();
    const board = new Board(folder, () => 0);
    const { id } = await board.post(order());
    const path = join(folder, "approvals", `${id}.answer.json`);
    writeFileSync(path, JSON.stringify(yes("k1")));
    chmodSync(path, 0o666);
    expect(await board.take("k1")).toBeUndefined();
  });

  it("survive files of others in their folder", async () => {
    const folder = scratch();
    const board = new Board(folder, () => 0);
    const { id } = await board.post(order());
    for (const name of ["ABCDE.order.json", "notes.txt", "A2222.answer.json"])
      writeFileSync(join(folder, "approvals", name), "{ no JSON", { mode: 0o600 });
    expect((await board.waiting()).map((one) => one.id)).toEqual([id]);
    expect(await board.take("k1")).toBeUndefined();
  });

  it("say what is wrong where their folder cannot be used", async () => {
    const folder = scratch();
    writeFileSync(join(folder, "approvals"), "a file");
    await expect(new Board(folder, () => 0).post(order())).rejects.toMatchObject({ code: "denied" });
  });
});
