import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Catalog, openCatalog } from "../../../src/devices/catalog.ts";

export const PLATFORM = "contract_device";
/** Longest line the device takes. */
export const MAX_LINE = 120;
/** Pages that are answered before the caller is asked. */
export const MAX_PAGES = 5;

/** What DeviceEnd is like, as an operator would describe it. */
const PROFILE = {
  id: PLATFORM,
  name: "Contract device",
  prompts: [
    { mode: "exec", match: "^(?P<host>[\\w.-]+)>$" },
    { mode: "config", match: "^(?P<host>[\\w.-]+)\\(conf[^()]*\\)#$" },
    { mode: "enable", match: "^(?P<host>[\\w.-]+)#$" },
  ],
  input: { echo: "exact", max_line: MAX_LINE },
  settle_ms: 100,
  pagers: [{ match: "^ --More-- ?$", key: " ", quit_key: "q", max: MAX_PAGES }],
  questions: [{ match: "\\[confirm\\]\\s*$", kind: "confirm", submit: "key", risk: "high" }],
  secrets: ["^Password:\\s*$"],
  errors: [{ match: "^% Invalid", class: "syntax" }],
  async: ["^\\*[A-Z][a-z]{2} +\\d+ .*%"],
  modes: {
    enable: {
      from: "exec",
      enter: { send: "enable", ask: "^Password:\\s*$", secret: "enable" },
      leave: { send: "disable" },
    },
    config: { from: "enable", enter: { send: "configure terminal" }, leave: { send: "end" } },
  },
};

let catalog: Catalog | undefined;

/** A catalog whose operator's folder holds this one profile; YAML takes JSON. Opened once. */
export function deviceCatalog(): Catalog {
  if (catalog) return catalog;
  const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-contract-"));
  try {
    writeFileSync(join(folder, `${PLATFORM}.yaml`), JSON.stringify(PROFILE));
    catalog = openCatalog({ dir: folder });
    return catalog;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
