import { expect, it } from "vitest";
import { serverArguments } from "../../src/commands/serve.ts";

it("reads the arguments of a server without the parser", () => {
  expect(serverArguments([])).toEqual({ lab: false });
  expect(serverArguments(["--lab"])).toEqual({ lab: true });
  expect(serverArguments(["--config", "a.yaml", "--lab"])).toEqual({ configPath: "a.yaml", lab: true });
  expect(serverArguments(["--config=a b.yaml"])).toEqual({ configPath: "a b.yaml", lab: false });
});

it("leaves everything else to the parser", () => {
  for (const args of [
    ["--help"],
    ["-h"],
    ["trust", "box"],
    ["--lab", "demo"],
    ["--config"],
    ["--config="],
    ["--config", "--lab"],
    ["--config", "a.yaml", "doctor", "box"],
    ["--labs"],
    ["--lab=1"],
    ["--"],
    [""],
  ])
    expect(serverArguments(args)).toBeUndefined();
});
