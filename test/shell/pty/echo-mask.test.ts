import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EchoMask } from "../../../src/shell/pty/echo-mask.ts";
import { bench, type OnLine } from "../cli/fake-device.ts";

/** What is shown of these pieces behind a secret that was typed. */
function shown(secret: string, ...pieces: string[]): string {
  const mask = new EchoMask();
  mask.typed(secret);
  const all = pieces.map((piece) => mask.shown(Buffer.from(piece)));
  return Buffer.concat([...all, mask.flush()]).toString();
}

describe("the echo of a secret that was typed", () => {
  it.each([
    ["as it is", ["cisco\r\nsw1#"], "[secret]\r\nsw1#"],
    ["of a very short one", ["a\r\nsw1#"], "[secret]\r\nsw1#", "a"],
    ["in pieces", ["c", "is", "co\r", "\nsw1#"], "[secret]\r\nsw1#"],
    ["behind the rest of the question", ["word: ci", "sco\r\n"], "word: [secret]\r\n"],
    [
      "behind a log row",
      ["\r\n*Mar 1 %LINK\r\n", "cisco", "\r\nsw1#"],
      "\r\n*Mar 1 %LINK\r\n[secret]\r\nsw1#",
    ],
    ["that ends half way", ["cis"], "[secret]"],
    ["that begins like it and is something else", ["cicis", "cox"], "ci[secret]x"],
  ])("is masked %s", (_how, pieces, expected, secret = "cisco") => {
    expect(shown(secret, ...pieces)).toBe(expected);
  });

  it("is no reason to touch what comes behind it, nor what only contains the same letters", () => {
    expect(shown("cisco", "cisco\r\ncisco#show version\r\ncisco IOS\r\n")).toBe(
      "[secret]\r\ncisco#show version\r\ncisco IOS\r\n",
    );
    expect(shown("sw1", "\r\nsw1#", "sh sw1\r\nsw1 is up\r\nsw1\r\nsw1\r\n")).not.toMatch(
      /\[secret\]#|\[secret\] is/,
    );
    expect(shown("", "\r\nsw1#")).toBe("\r\nsw1#");
  });

  it("does not depend on how the bytes are cut, and leaves all others in their order", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 6 }),
        fc.string({ unit: fc.constantFrom("a", "b", "\r", "\n", "#"), maxLength: 40 }),
        fc.integer({ min: 1, max: 5 }),
        (secret, rest, size) => {
          const text = `${secret}\r\n${rest}`;
          const pieces = text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
          expect(shown(secret, ...pieces)).toBe(shown(secret, text));
          expect(shown(secret, text)).toMatch(/^\[secret\]\r\n/);
          expect(shown("zzzzzzz", ...pieces.map((piece) => piece.replaceAll("z", "y")))).toBe(
            text.replaceAll("z", "y"),
          );
        },
      ),
    );
  });
});

describe("a device that echoes the enable secret", () => {
  const echoing: OnLine = (line, device) => {
    if (line === "enable") device.print("\r\nPassword: ");
    else if (line === "cisco") {
      device.prompt = "sw1#";
      device.answer("");
    } else device.answer(`cisco ${line}`);
  };

  it("shows it nowhere, and what it prints of that word itself stays", async () => {
    const session = await bench(echoing, { host: { enable: { from: "env", name: "cisco" } } });
    await session.open();
    const ran = await session.run("show version", { mode: "enable" });
    expect(ran).toMatchObject({ mode: "enable", lines: ["cisco show version"] });
    const { transcript, screen } = session.pty.sinks;
    const bytes = transcript.read(transcript.start, transcript.end).bytes.toString();
    expect(bytes).toContain("Password: [secret]");
    expect(bytes.match(/cisco/g)).toHaveLength(1);
    screen.flush();
    expect(screen.view().rows.join("\n")).toContain("Password: [secret]");
    expect(session.pty.far.masked).toBe(1);
  });
});
