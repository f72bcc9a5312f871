import { describe, expect, it } from "vitest";
import { KeptOutput, STDERR_BYTES } from "../../src/remote/kept-output.ts";

function kept(...chunks: readonly (string | Buffer)[]): KeptOutput {
  const output = new KeptOutput();
  for (const chunk of chunks) output.push(Buffer.from(chunk));
  return output;
}

describe("a kept output", () => {
  it("of a megabyte is whole, however it was cut into chunks", () => {
    const text = Array.from({ length: 80_000 }, (_, index) => `line ${index}\n`).join("");
    const output = new KeptOutput();
    for (let at = 0; at < text.length; at += 1_337) output.push(Buffer.from(text.slice(at, at + 1_337)));
    const { segments, lines, bytes, dropped } = output.text();
    expect({ lines, bytes, dropped }).toEqual({ lines: 80_000, bytes: text.length, dropped: 0 });
    expect(segments[0]?.lines.join("\n")).toBe(text.trimEnd());
  });

  it("keeps beginning and end of more, each line under its own number, with true totals", () => {
    const line = (index: number) => `line ${index} ${"x".repeat(index % 50)}`;
    const count = 400_000;
    const output = new KeptOutput(STDERR_BYTES);
    let bytes = 0;
    for (let from = 0; from < count; from += 1_000) {
      const chunk = Array.from({ length: 1_000 }, (_, at) => `${line(from + at + 1)}\n`).join("");
      bytes += chunk.length;
      output.push(Buffer.from(chunk));
    }
    const text = output.text();
    expect(text).toMatchObject({ lines: count, bytes });
    expect(text.segments).toHaveLength(2);
    const keptBytes = text.bytes - text.dropped;
    expect(keptBytes).toBeGreaterThanOrEqual(1024 * 1024);
    expect(keptBytes).toBeLessThan(1.2 * 1024 * 1024);
    expect(output.size).toBeLessThan(1.2 * 1024 * 1024);
    for (const [which, { first, lines }] of text.segments.entries())
      for (const [index, shown] of lines.entries()) {
        const whole = line(first + index);
        const cut = which === 0 ? index === lines.length - 1 : index === 0;
        // The lines at the gap are cut, and say so.
        if (cut)
          expect(
            which === 0 ? whole.startsWith(shown.split("…")[0] ?? "?") : whole.endsWith(shown.slice(1)),
          ).toBe(true);
        else if (shown !== whole) expect(shown).toBe(whole);
      }
    const [, tail] = text.segments;
    expect((tail?.first ?? 0) + (tail?.lines.length ?? 0) - 1).toBe(count);
  });

  it("of one endless line is that line, with what is missing counted in it", () => {
    const { segments, lines, dropped } = kept(Buffer.alloc(5_000_000, "a"), "\nlast").text();
    expect(lines).toBe(2);
    const [first = "", last] = segments[0]?.lines ?? [];
    const [before = "", after = ""] = first.split(
      `… ${dropped.toLocaleString("en")} bytes are no longer kept …`,
    );
    expect(before.length + after.length + dropped).toBe(5_000_000);
    expect(last).toBe("last");
  });

  it("shows CRLF as a line end, any other control character by its code, and counts what is no UTF-8", () => {
    const { segments, undecoded } = kept(
      "a\r\n\u001b[31mred\rx\n",
      Buffer.from([0xff, 0xfe, 0x41]),
      "\ufffd",
    ).text();
    expect(segments[0]?.lines).toEqual(["a", "<U+001B>[31mred<U+000D>x", "\ufffd\ufffdA\ufffd"]);
    expect(undecoded).toBe(2);
  });

  it("counts a last line without a newline, and nothing where nothing came", () => {
    expect(kept("a\nb").text().lines).toBe(2);
    expect(kept("a\nb\n").text().lines).toBe(2);
    expect(kept("\n").text()).toMatchObject({ lines: 1, segments: [{ first: 1, lines: [""] }] });
    expect(kept().text()).toMatchObject({ lines: 0, segments: [{ first: 1, lines: [] }] });
  });

  it("that is given up keeps its counts and its digest, and says that nothing is kept", () => {
    const output = new KeptOutput(STDERR_BYTES).hashed();
    output.push(Buffer.from("one\ntwo\n"));
    const digest = output.digest();
    output.release();
    expect([output.bytes, output.size, output.digest()]).toEqual([8, 0, digest]);
    const { dropped, segments } = output.text();
    expect(dropped).toBe(8);
    expect(segments.flatMap(({ lines }) => lines).join("\n")).toContain("8 bytes are no longer kept");
  });
});
