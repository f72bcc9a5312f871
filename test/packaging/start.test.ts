import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { start, type Wire } from "../mcp/wire.ts";

const CLI = join(import.meta.dirname, "..", "..", "dist", "cli.js");
const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-start-"));
let wire: Wire | undefined;
afterAll(() => {
  wire?.child.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** Records who has the second part of the program compiled (scripts/build.mjs). */
const PROBE = `
const { Module } = require("node:module");
const { appendFileSync } = require("node:fs");
const compile = Module.prototype._compile;
Module.prototype._compile = function (content, filename, ...more) {
  if (/cli-[0-9a-f]+\\.cjs$/.test(filename))
    appendFileSync(process.env.LOADED, new Error().stack.replaceAll("\\n", " ") + "\\n");
  return compile.call(this, content, filename, ...more);
};
`;

it("the list of tools waits for none of the code that the first call needs", async () => {
  const [probe, loaded, inventory] = ["probe.cjs", "loaded", "hosts.yaml"].map((name) => join(folder, name));
  writeFileSync(String(probe), PROBE);
  writeFileSync(String(loaded), "");
  writeFileSync(String(inventory), "hosts: {web1: {address: 127.0.0.1}}\n");
  wire = start([process.execPath, "--require", String(probe), CLI, "--config", String(inventory)], {
    LOADED: String(loaded),
    XDG_STATE_HOME: folder,
  });
  const params = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "x", version: "1" } };
  wire.send({ id: 1, method: "initialize", params });
  wire.send({ method: "notifications/initialized" });
  wire.send({ id: 2, method: "tools/list" });
  expect(await wire.answer(2)).toHaveProperty("result.tools");
  // Behind the answers it is loaded ahead, and by nobody else.
  await expect.poll(() => readFileSync(String(loaded), "utf8"), { timeout: 30_000 }).not.toBe("");
  expect(readFileSync(String(loaded), "utf8")).toMatch(/lazy:src\/app\/(warm|inventory-check)\.ts/);
}, 60_000);
