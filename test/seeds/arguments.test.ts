import { describe, expect, it } from "vitest";
import { seedArguments, USAGE } from "./arguments.ts";

describe("the arguments of npm run seeds", () => {
  it("run everything a thousand times, unless they choose", () => {
    expect(seedArguments([])).toMatchObject({
      seeds: 1000,
      from: 1,
      devices: ["ios", "routeros", "cases", "tools"],
      framings: ["shell", "device"],
    });
    expect(seedArguments(["--device", "routeros"])).toMatchObject({ devices: ["routeros"], framings: [] });
    expect(seedArguments(["--framing", "device,shell"])).toMatchObject({
      devices: [],
      framings: ["shell", "device"],
    });
    expect(seedArguments(["--real"])).toMatchObject({
      seeds: 20,
      devices: [],
      framings: ["shell", "device"],
    });
  });

  it("run two thousand states of real shells where they are named, and nothing else", () => {
    expect(seedArguments(["--states"])).toMatchObject({
      states: true,
      seeds: 2000,
      devices: [],
      framings: [],
    });
  });

  it("run the cases over a slow link where they are named, all or some, and nothing else", () => {
    expect(seedArguments(["--slow"])).toMatchObject({ slow: true, states: false, devices: [], framings: [] });
    expect(seedArguments(["--slow", "--only", "ash"])).toMatchObject({ only: "ash" });
  });

  it.each([
    [["--slow", "--states"], "is run alone"],
    [["--slow", "--seeds", "5"], "--slow runs all of its cases"],
    [["--only", "ash"], "--only is for --slow"],
    [["--states", "--device", "ios"], "--states is run alone"],
    [["--seeds", "many"], "--seeds takes a number"],
    [["--seeds", "0"], "--seeds takes a number"],
    [["--from", "1.5"], "--from takes a number"],
    [["--device", "ios,junos"], 'does not know "junos"; there are ios, routeros'],
    [["--framing", "ios"], 'does not know "ios"; there are shell, device'],
    [["--real", "--device", "ios"], "--real is for the two callers"],
    [["--sedes", "5"], "Unknown option '--sedes'"],
    [["5"], "Unexpected argument '5'"],
  ])("%j is refused with what is wrong", (argv, message) => {
    expect(() => seedArguments(argv)).toThrow(message);
  });

  it("explain themselves, every option", () => {
    expect(seedArguments(["--help"])).toBe("help");
    for (const option of [
      "seeds",
      "from",
      "device",
      "framing",
      "real",
      "states",
      "slow",
      "only",
      "trace",
      "faults",
      "help",
    ])
      expect(USAGE).toContain(`--${option} `);
  });
});
