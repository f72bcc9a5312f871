import type { Subcommand } from "./subcommand.ts";

/** `ssh-mcp schema [WHAT]`. */
export const schema: Subcommand = {
  name: "schema",
  summary: "print the JSON Schema of hosts.yaml or a profile",
  arguments: [{ name: "[file]", help: "hosts (the default) or device", choices: ["hosts", "device"] }],
  examples: [
    ["ssh-mcp schema > hosts.schema.json", "for an editor (docs/inventory.md)"],
    ["ssh-mcp schema device", "that of device profiles"],
  ],
  async run(given) {
    process.stdout.write(`${JSON.stringify(await schemaOf(given.text("file")), undefined, 2)}\n`);
    return 0;
  },
};

async function schemaOf(what: string | undefined): Promise<unknown> {
  if (what === "device") return (await import("../devices/json-schema.ts")).profileJsonSchema();
  return (await import("../inventory/json-schema.ts")).inventoryJsonSchema();
}
