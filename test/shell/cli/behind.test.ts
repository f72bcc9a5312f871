import { describe, expect, it } from "vitest";
import type { Screen } from "../../../src/terminal/screen.ts";
import { bench } from "./fake-device.ts";

const DONE = { state: "done", evidence: "prompt" };

/** Drawing that can be held back: what comes meanwhile is in the transcript, and not on the screen. */
class Curtain {
  #waiting: Uint8Array[] = [];
  #screen: Screen | undefined;
  down = false;
  /** Bytes of the next chunk that are still drawn before it comes down. */
  after: number | undefined;

  readonly around = (screen: Screen): Screen => {
    this.#screen = screen;
    const own: Partial<Record<string | symbol, unknown>> = {
      write: (bytes: Uint8Array) => {
        const drawn = this.down ? 0 : (this.after ?? bytes.length);
        this.down ||= this.after !== undefined;
        this.after = undefined;
        if (drawn > 0) screen.write(bytes.subarray(0, drawn));
        if (drawn < bytes.length) this.#waiting.push(bytes.subarray(drawn));
      },
      flush: () => this.down || screen.flush(),
      view: () => ({ ...screen.view(), stale: this.#waiting.length > 0 }),
    };
    return new Proxy(screen, {
      get: (target, key) => {
        if (key === "backlogBytes" && this.#waiting.length > 0) return 1;
        if (key in own) return own[key];
        const value = Reflect.get(target, key, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  };

  lift(): void {
    this.down = false;
    for (const bytes of this.#waiting.splice(0)) this.#screen?.write(bytes);
  }
}

async function behind(onLine: Parameters<typeof bench>[0], options: Parameters<typeof bench>[1] = {}) {
  const curtain = new Curtain();
  const session = await bench(onLine, { ...options, screen: curtain.around });
  await session.open();
  return { curtain, session, device: session.device };
}

describe("a screen whose drawing is behind", () => {
  it("has no secret typed at a question that may be gone", async () => {
    const { curtain, session, device } = await behind(
      (line, fake) => {
        if (line !== "enable") return fake.answer("");
        fake.echo = false;
        fake.print("\r\nPassword: ");
        // While the secret is read for 5 s the device gives up, and nobody has drawn that.
        fake.later(2000, () => {
          curtain.down = true;
          fake.echo = true;
          fake.print(`\r\n% timed out\r\n${fake.prompt}`);
        });
      },
      { host: { enable: { from: "file", path: "/the-secret" } } },
    );
    const command = await session.submit("show x", { mode: "enable" });
    await session.clock.pass(7000);
    expect(device.entered).toEqual(["enable"]);
    expect(device.writes.join("")).not.toContain("the-secret");
    curtain.lift();
    await session.clock.pass(10_000);
    expect(device.writes.join("")).not.toContain("the-secret");
    expect(command.endedAt).toBeDefined();
  });

  it("has no line typed, nor cleared, at a prompt that may be a question by now", async () => {
    const { curtain, session, device } = await behind((_line, fake) => fake.answer("fine"));
    await session.run("show a");
    curtain.down = true;
    device.print("\r\nThis device reloads. Go on? [confirm]");
    await session.clock.pass(50);
    const before = device.writes.length;
    await expect(session.tried("yes show b")).rejects.toMatchObject({ code: "not_ready" });
    expect(device.writes.slice(before)).toEqual([]);
  });

  it("has nothing claimed of what came behind an end, until it is drawn", async () => {
    const { curtain, session, device } = await behind((_line, fake) => fake.answer("row 1"));
    const { command } = await session.run("show a");
    curtain.down = true;
    device.print("\r\nrow 2\r\n");
    await session.clock.pass(3000);
    expect(session.pty.notes.join()).not.toContain("went on");
    device.print(device.prompt);
    curtain.lift();
    await session.clock.pass(3000);
    expect(session.pty.notes.join()).toContain(`#${command.id} went on after its end was reported: 1 row`);
  });

  it("ends no command at a prompt that other rows may have followed", async () => {
    const { curtain, session } = await behind((_line, fake) => {
      fake.print(`\r\nrow 1\r\n${fake.prompt}`);
      fake.later(20, () => {
        curtain.down = true;
        fake.print("\r\nrow 2\r\nGo on? [confirm]");
      });
    });
    const command = await session.submit("show a");
    await session.clock.pass(5000);
    expect(command.endedAt).toBeUndefined();
    curtain.lift();
    await session.clock.pass(5000);
    expect(session.pty.state).toMatchObject({ at: "asking", state: { asked: "confirm" } });
  });

  it("has Enter pressed behind no line whose echo is not known to stand", async () => {
    const { curtain, session, device } = await behind((_line, fake) => fake.answer("fine"));
    device.onKey = (key) => {
      device.line += key;
      if (device.line !== "show b") return device.print(key);
      device.onKey = undefined;
      // The whole of it has come back, and in the same piece something else that is not drawn.
      device.later(1, () => {
        curtain.after = key.length;
        device.print(`${key}\r\nGo on? [confirm]`, 0);
      });
    };
    void session.submit("show b");
    await session.clock.pass(3000);
    expect(device.writes).not.toContain("\r");
  });

  it("shows keys of the caller to nobody, since a secret may be asked for", async () => {
    const { curtain, session, device } = await behind((_line, fake) => fake.answer("fine"));
    curtain.down = true;
    device.print("\r\nPassword: ");
    await session.clock.pass(50);
    session.press("hunter2\r");
    await session.clock.pass(50);
    const texts = session.pty.sinks.log.all().map(({ text }) => text);
    expect(texts.join()).not.toContain("hunter2");
    expect(texts.at(-1)).toContain("[secret]");
  });

  it("is gone on with as if nothing had been, once it is drawn", async () => {
    const { curtain, session, device } = await behind((line, fake) => fake.answer(`out of ${line}`));
    curtain.down = true;
    const command = await session.submit("show a").catch(() => undefined);
    expect(command).toBeDefined();
    await session.clock.pass(1000);
    curtain.lift();
    await session.clock.pass(5000);
    expect(command?.endedAt).toBeDefined();
    expect(device.entered).toEqual(["show a"]);
    expect(await session.run("show b")).toMatchObject({ state: DONE, lines: ["out of show b"] });
  });
});
