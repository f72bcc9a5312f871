import { expect, it } from "vitest";
import { instructions } from "../../src/mcp/instructions.ts";
import { core } from "../../src/tools/index.ts";

it("the instructions fit into what clients keep of them", () => {
  expect(instructions.length).toBeLessThan(2_000);
});

it("their first 500 characters say how to work and how to read a result", () => {
  const beginning = instructions.slice(0, 500);
  for (const word of ["ssh_hosts", "ssh_connect", "ssh_shell", "ssh_read", "ssh_send", "last line", "<C-c>"])
    expect(beginning).toContain(word);
  for (const state of ["done", "running", "asking"]) expect(beginning).toContain(state);
});

it("name no tool that does not exist", () => {
  const known = new Set(core.map(({ name }) => name));
  for (const [name] of instructions.matchAll(/\bssh_[a-z]+\b/g)) expect(known).toContain(name);
});
