import { describe, expect, it } from "vitest";
import { echoStands, echoStandsIn } from "../../../src/shell/cli/echo.ts";

const prompt = "sw1#";
const stands = (row: string, text: string, how: "exact" | "fuzzy" = "exact") =>
  echoStands({ row, prompt, text, how });

describe("the echo of a typed line is found", () => {
  it.each([
    ["as typed", "sw1#show version", "show version"],
    ["behind a prompt that log rows pushed up", "show version", "show version"],
    ["without blanks that completion moved", "sw1#show  version", "show version"],
    [
      "scrolled sideways",
      "sw1#$terface GigabitEthernet1/0/1 switchport",
      "show interface GigabitEthernet1/0/1 switchport",
    ],
  ])("%s", (_how, row, text) => expect(stands(row, text)).toBe(true));

  it("where a device expands words, if it may", () => {
    expect(stands("sw1#show router interface", "sh rout interface", "fuzzy")).toBe(true);
    expect(stands("sw1#show router interface", "sh rout interface", "exact")).toBe(false);
  });
});

describe("no echo is found", () => {
  it.each([
    ["while the line is not whole", "sw1#show vers", "show version"],
    ["when only the prompt is there", "sw1#", "show version"],
    ["when the line holds more than was typed", "sw1#no shutdown", "shutdown"],
    ["when other text stands in front of it", "sw1#write erase reload", "reload"],
  ])("%s", (_how, row, text) => expect(stands(row, text)).toBe(false));

  it("of a line whose order is another one, fuzzy or not", () => {
    expect(stands("sw1#version show", "show version", "fuzzy")).toBe(false);
  });
});

it("an echo cut by log rows is found in what was printed", () => {
  expect(echoStandsIn(["sw1#show v", "ersion"], "show version", prompt)).toBe(true);
  expect(echoStandsIn(["sw1#show v", "ers"], "show version", prompt)).toBe(false);
  expect(echoStandsIn(["show v", "ersion"], "show version", prompt)).toBe(true);
  expect(echoStandsIn(["sw1#draft show v", "ersion"], "show version", prompt)).toBe(false);
});

it("a line is not treated as scrolled because the prompt has such a mark in it", () => {
  const echo = {
    prompt: "<HW>",
    text: "compare configuration to saved-configuration",
    how: "exact",
  } as const;
  expect(echoStands({ ...echo, row: "<HW>configuration to saved-configuration" })).toBe(false);
  expect(echoStands({ ...echo, row: "<HW>$n to saved-configuration" })).toBe(true);
});
