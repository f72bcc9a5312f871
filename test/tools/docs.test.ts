import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import {
  inventoryDoc,
  inventoryDocPath,
  platformsDoc,
  platformsDocPath,
  profilesDoc,
  profilesDocPath,
  toolsDoc,
  toolsDocPath,
} from "../../scripts/generate-docs.ts";

it.each([
  ["docs/tools.md says what the tools say", toolsDocPath, toolsDoc],
  ["docs/platforms.md lists the profiles there are", platformsDocPath, platformsDoc],
  ["docs/inventory.md explains the fields there are", inventoryDocPath, inventoryDoc],
  ["docs/profiles.md explains the fields there are", profilesDocPath, profilesDoc],
])("%s (npx tsx scripts/generate-docs.ts writes it)", (_what, path, text) => {
  expect(readFileSync(path, "utf8")).toBe(text());
});
