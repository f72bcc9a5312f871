import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, expect, it } from "vitest";
import { Film } from "../../src/web/film.ts";
import { PageStream } from "../../src/web/stream.ts";

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A page that has asked for its stream and reads nothing of it. */
async function stuck(now: () => number): Promise<{ stream: PageStream; out: ServerResponse }> {
  const server = createServer();
  const asked = new Promise<ServerResponse>((resolve) =>
    server.on("request", (_request, out) => resolve(out)),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const client = connect(port, "127.0.0.1", () => client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  client.pause().on("error", () => {});
  ends.push(() => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  });
  const out = await asked;
  return { stream: new PageStream(out, now), out };
}

it("for a page that does not read little is kept, and after half a minute it is dropped", async () => {
  let at = 0;
  const { stream, out } = await stuck(() => at);
  const word = { is: "notice", text: "x".repeat(8_000) } as const;
  let said = 0;
  // Until the system takes no more, and then as much as is kept for it.
  for (let waited = 0; waited < 20; ) {
    if (stream.behind) waited++;
    else {
      stream.say(word);
      said++;
      waited = 0;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(said).toBeGreaterThan(8);
  expect(out.writableLength).toBeLessThan(64 * 1024 + 9_000);
  stream.check();
  at = 29_000;
  stream.check();
  expect(out.destroyed).toBe(false);
  at = 31_000;
  stream.check();
  expect(out.destroyed).toBe(true);
  await stream.over;
});

it("a page that is behind is sent the newest picture, as the difference to the last it was sent", () => {
  const film = new Film();
  const shot = (rows: string[]) => ({
    rows,
    size: { cols: 10, rows: 3 },
    cols: 10,
    cursor: { row: 0, col: 0 },
    applicationCursorKeys: false,
    bracketedPaste: false,
  });
  expect(film.next(shot(["a", "b", ""]))).toMatchObject({
    seq: 1,
    whole: true,
    changed: [
      [0, "a"],
      [1, "b"],
    ],
  });
  film.leftOut();
  film.leftOut();
  expect(film.next(shot(["a", "z", "c"]))).toMatchObject({
    seq: 2,
    whole: false,
    left: 2,
    changed: [
      [1, "z"],
      [2, "c"],
    ],
  });
  expect(film.next(shot(["a", "z", "c"]))).toBeUndefined();
  film.again();
  expect(film.next(shot(["a", "z", "c"]))).toMatchObject({ seq: 3, whole: true, left: 0 });
});
