import { describe, expect, it } from "vitest";
import { HandshakeTap } from "../../../src/ssh/handshake/handshake-tap.ts";

/** A KEXINIT packet (RFC 4253 7.1) in its unencrypted frame. */
function kexInit(...lists: readonly string[]): Buffer {
  const names = Array.from({ length: 10 }, (_, index) => Buffer.from(lists[index] ?? ""));
  const fields = names.flatMap((text) => [uint32(text.length), text]);
  const payload = Buffer.concat([Buffer.from([20]), Buffer.alloc(16, 7), ...fields, Buffer.alloc(5)]);
  const padding = Buffer.alloc(4 + ((8 - ((payload.length + 9) % 8)) % 8));
  return Buffer.concat([
    uint32(1 + payload.length + padding.length),
    Buffer.from([padding.length]),
    payload,
    padding,
  ]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

const STREAM = Buffer.concat([
  Buffer.from("Keep out\r\nSSH-2.0-device_1.0 old gear\r\n"),
  kexInit(
    "curve25519-sha256,ext-info-s,kex-strict-s-v00@openssh.com",
    "ssh-rsa",
    "a,b",
    "b,c",
    "m1",
    "m1",
    "none",
    "none",
  ),
  Buffer.from("whatever follows"),
]);

describe("the handshake tap", () => {
  it("reads identification and offer, wherever the bytes are cut", () => {
    for (let size = 1; size < STREAM.length; size += 1 + Math.floor(size / 8)) {
      const tap = new HandshakeTap();
      for (let at = 0; at < STREAM.length; at += size)
        expect(tap.feed(STREAM.subarray(at, at + size))).toBe("ok");
      expect(tap.ident).toBe("SSH-2.0-device_1.0 old gear");
      expect(tap.greeting).toBe("Keep out");
      expect(tap.offer).toEqual({
        kex: ["curve25519-sha256"],
        hostKey: ["ssh-rsa"],
        cipher: ["b"],
        mac: ["m1"],
        compress: ["none"],
      });
      expect(tap.done).toBe(true);
    }
  });

  it("gives up on a malformed offer without an opinion, and on absurd lengths at once", () => {
    const cut = kexInit("curve25519-sha256");
    cut.writeUInt32BE(0xffff_ffff, 5 + 17);
    for (const bytes of [cut, Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0]), Buffer.alloc(6)]) {
      const tap = new HandshakeTap();
      tap.feed(Buffer.concat([Buffer.from("SSH-2.0-x\r\n"), bytes]));
      expect([tap.done, tap.offer]).toEqual([true, undefined]);
    }
  });

  it("calls more than 32 KiB before the identification a flood", () => {
    const tap = new HandshakeTap();
    expect(tap.feed(Buffer.alloc(32 * 1024, "x"))).toBe("ok");
    expect(tap.feed(Buffer.from("x"))).toBe("flood");
  });
});
