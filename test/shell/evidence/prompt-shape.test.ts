import { describe, expect, it } from "vitest";
import { likeOneOf, samePlace, shapesOf } from "../../../src/shell/evidence/prompt-shape.ts";

/** What stays the same device's prompt, and what changed in it. */
const ALIKE: readonly (readonly [string, string, string])[] = [
  ["another mark", "edge-4>", "edge-4#"],
  ["a context", "edge-4#", "edge-4(fabric)#"],
  ["a context in another bracket", "edge-4>", "edge-4[chassis]>"],
  ["a context with brackets in it", "edge-4#", 'edge-4(unit "a[1]")#'],
  ["another context", "B3(ro)->", "B3(rw)->"],
  ["the state of a cluster", "LB-Active-pool[1/1]>", "LB-Standby-pool[1/1]>"],
  ["the state and the context", "LB-Active-pool[1/1]>", "LB-Standby-pool[1/1](config)#"],
  ["states between slashes", "fw/act/pri>", "fw/stby/sec(config)#"],
  ["a state that is gone", "LB-Active>", "LB>"],
  ["a counter", "rack.4 #", "rack.5 #"],
  ["a counter behind a colon", "edge-4:12>", "edge-4:13>"],
  ["the time of day", "edge-4.17:16:58>", "edge-4.17:17:14>"],
  ["date and time", "edge-4(22-Jul-2020-21:35:05)#", "edge-4(23-Jul-2020-09:01:44)#"],
  ["date and time in figures", "edge-4 2020-07-22 21:35:05#", "edge-4 2020-07-23 09:01:44#"],
  ["a mark behind the place", "edge-4 /chassis # ", "edge-4 /chassis *# "],
  ["a configuration without brackets", "edge-4#", "edge-4_config_g0/1#"],
  ["a place behind two colons", "edge-4::>", "edge-4::storage aggregate>"],
  ["unsaved changes and a counter", "Slot-2 rack.4 #", "* Slot-2 rack.5 #"],
  ["brackets in front of the name", "rack.4 #", "(pending) rack.5 #"],
  ["a path", "[noc@edge] >", "[noc@edge] /ip/address>"],
  ["a path behind a colon", "edge:>", "edge:/system>"],
  ["a shell's path", "root@edge:~#", "root@edge:/etc#"],
  ["a name in brackets, and a word behind it", "(Office WLC) >", "(Office WLC) config>"],
  ["angle brackets and square ones", "<EDGE>", "[EDGE]"],
  ["where one is within the brackets", "<EDGE>", "[~EDGE-GE0/0/1]"],
];

const OTHER: readonly (readonly [string, string, string])[] = [
  ["another host", "edge-4#", "edge-5#"],
  ["a longer name", "edge#", "edge-4#"],
  ["another address", "10.0.0.1>", "10.0.0.2>"],
  ["another address in a name", "ip-10.0.0.1>", "ip-10.0.0.2>"],
  ["devices of a pair with names of their own", "fw-pri#", "fw-sec#"],
  ["a counter that goes back", "edge-4:13>", "edge-4:12>"],
  ["a question", "edge-4#", "Password:"],
  ["a program", "edge-4#", "sftp>"],
  ["progress", "edge-4#", "[=====>"],
  ["prose", "edge-4#", "edge-4 is the name of the device >"],
  ["a typed line", "edge-4#", "edge-4#show (all)#"],
  ["a typed line without blanks", "edge-4>", "edge-4>reload#"],
  ["a typed line behind a name in brackets", "[noc@edge] >", "[noc@edge] > print where x]"],
  ["a mark alone", ">", "edge>"],
];

describe("A prompt's shape", () => {
  it.each(ALIKE)("is the same device's with %s: %s, %s", (_what, known, row) => {
    expect(likeOneOf([known], row)).toBe(true);
  });

  it.each(OTHER)("is not the same device's with %s: %s, %s", (_what, known, row) => {
    expect(likeOneOf([known], row)).toBe(false);
  });

  it("is at the same place where only counters and marks of unsaved changes differ", () => {
    const place = (row: string) => {
      const [shape] = shapesOf(row);
      if (shape === undefined) throw new Error(`no prompt: ${row}`);
      return shape;
    };
    expect(samePlace(place("rack.4 #"), place("* rack.9 #"))).toBe(true);
    expect(samePlace(place("edge(config)#"), place("*edge(config)#"))).toBe(true);
    expect(samePlace(place("edge(config)#"), place("edge(vlan)#"))).toBe(false);
    expect(samePlace(place("edge#"), place("edge>"))).toBe(false);
    expect(samePlace(place("lb-active#"), place("lb-standby#"))).toBe(false);
  });
});
