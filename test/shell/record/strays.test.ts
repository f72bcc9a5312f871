import { describe, expect, it } from "vitest";
import { Strays } from "../../../src/shell/record/strays.ts";
import { Transcript } from "../../../src/terminal/transcript.ts";

function rigOf() {
  const transcript = new Transcript(1 << 20);
  const strays = new Strays();
  const print = (text: string) => transcript.append(Buffer.from(text));
  /** A command ends, its prompt is printed, others print behind that, the next line is typed: what is told of it. */
  const round = (prompt: string, others = "", level = 1) => {
    strays.ended(transcript);
    strays.prompted(transcript);
    print(prompt + others);
    strays.typed(transcript, level);
    const told = strays.take();
    print("line\r\n");
    return told;
  };
  return { round, strays, transcript, print };
}

describe("rows between two commands", () => {
  it("are others', but for those that each prompt has", () => {
    const { round } = rigOf();
    expect(round("\r\nme in ~\r\n$ ")).toBeUndefined();
    expect(round("\r\nme in /tmp\r\n$ ")).toBeUndefined();
    expect(round("\r\nme in /tmp\r\n$ ", "tick\r\n")).toContain("1 row came from the background, or from");
  });

  it("of others stay others', however often the same number comes", () => {
    const { round } = rigOf();
    expect(round("$ ")).toBeUndefined();
    for (const tick of [1, 2, 3, 4]) expect(round("$ ", `tick ${tick}\r\n`)).toContain(`tick ${tick}`);
    for (const tick of [5, 6, 7]) expect(round("$ ", `tick ${tick}\r\n$ `)).toContain(`tick ${tick}`);
  });

  it("of a shell inside are told apart by that shell's own prompt", () => {
    const { round } = rigOf();
    expect(round("$ ")).toBeUndefined();
    expect(round("me in ~\r\n> ", "", 2)).toBeUndefined();
    expect(round("$ ")).toBeUndefined();
    expect(round("me in ~\r\n> ", "", 2)).toBeUndefined();
  });

  it("are none of a new shell's login; what came before the old one ended stays others'", () => {
    const { round, strays, transcript, print } = rigOf();
    expect(round("$ ")).toBeUndefined();
    strays.ended(transcript);
    strays.prompted(transcript);
    print("$ tick\r\n");
    strays.renewed(transcript);
    print("welcome\r\nset-up\r\n");
    strays.prompted(transcript);
    print("$ ");
    strays.typed(transcript);
    expect(strays.take()).toBeUndefined();
    expect(strays.all(transcript).map((stray) => strays.textOf(stray, transcript).join())).toEqual([
      expect.stringContaining("tick"),
    ]);
  });
});
