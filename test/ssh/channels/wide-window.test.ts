import { describe, expect, it } from "vitest";
import { WIDE_WINDOW, widenWindow } from "../../../src/ssh/channels/wide-window.ts";

const MIB = 1024 * 1024;

/** As much of ssh2's SFTP channel as is looked at; `client` is what ssh2 does with data that comes. */
function channel() {
  const adjusted: number[] = [];
  const raw = {
    incoming: { window: 2 * MIB },
    outgoing: { id: 7, state: "open" },
    _protocol: {
      channelWindowAdjust: (id: number, more: number) => {
        expect(id).toBe(7);
        adjusted.push(more);
      },
    },
    push: (data: Buffer | null) => data,
  };
  const come = (bytes: number) => {
    raw.incoming.window -= bytes;
    return raw.push(Buffer.alloc(bytes));
  };
  return { raw, adjusted, come };
}

describe("the window of an SFTP channel", () => {
  it("is left as it is while little comes, and is wide from then on, long before it is used up", () => {
    const { raw, adjusted, come } = channel();
    Reflect.apply(widenWindow, undefined, [raw]);
    come(100_000);
    expect(adjusted).toEqual([]);
    let granted = 2 * MIB;
    let came = 100_000;
    for (let at = 0; at < 2_000; at++) {
      came += come(32_768)?.length ?? 0;
      granted = 2 * MIB + adjusted.reduce((sum, more) => sum + more, 0);
      // What the server may send is what both sides count with.
      expect(raw.incoming.window).toBe(granted - came);
      if (at > 50) expect(raw.incoming.window).toBeGreaterThan(WIDE_WINDOW / 2);
    }
    expect(granted - came).toBeLessThanOrEqual(WIDE_WINDOW);
    // Not with every packet.
    expect(adjusted.length).toBeLessThan(2_000 / 20);
  });

  it("of a channel that is closing, or of an ssh2 that is not as known, is its own affair", () => {
    const closing = channel();
    Reflect.apply(widenWindow, undefined, [closing.raw]);
    closing.raw.outgoing.state = "closing";
    closing.come(MIB);
    expect(closing.adjusted).toEqual([]);
    expect(closing.raw.push(null)).toBe(null);
    const other = { push: (data: unknown) => data };
    expect(() => Reflect.apply(widenWindow, undefined, [other])).not.toThrow();
    expect(other.push("x")).toBe("x");
  });
});
