import { beforeAll, describe, expect, it } from "vitest";
import { openCatalog } from "../../src/devices/catalog.ts";
import type { Device } from "../../src/devices/device.ts";
import { withLearnedPrompt } from "../../src/shell/cli/learn-prompt.ts";
import { isPromptLike } from "../../src/shell/cli/sight.ts";
import { KNOWN_ROWS } from "./known-rows.ts";
import { KNOWN_ROWS_ELSEWHERE } from "./known-rows-elsewhere.ts";
import { MORE_KNOWN_ROWS, PLAIN_ROWS } from "./known-rows-more.ts";

const ALL = [...KNOWN_ROWS, ...MORE_KNOWN_ROWS, ...KNOWN_ROWS_ELSEWHERE];

const catalog = openCatalog();
const devices = new Map<string, Device>();
beforeAll(async () => {
  for (const id of new Set([...ALL, ...PLAIN_ROWS].map(([platform]) => platform)))
    devices.set(id, await catalog.device(id));
});

/** All that a profile, and the shapes beneath it, say of a row at the cursor. */
function everythingAbout(device: Device, row: string): string[] {
  const text = row.trimEnd();
  const said: string[] = [];
  const learned =
    device.profile.learn === true && isPromptLike(text) ? withLearnedPrompt(device, text) : device;
  const prompt = learned.prompt(text);
  if (prompt) said.push(learned === device ? `prompt ${prompt.mode}` : "prompt");
  if (device.pager(row)) said.push("pager");
  const question = device.question(text);
  if (question) said.push(`question ${question.kind}`);
  // In the order in which a session looks: what the profile asks, a secret, a sentence.
  const secret = question === undefined && device.isSecret(text);
  if (secret) said.push("secret");
  const sentence = question || secret || device.pager(row) ? undefined : device.asks(text);
  if (sentence) said.push(`sentence ${sentence.kind}`);
  if (device.isAsync(text)) said.push("own");
  const message = device.message(text);
  if (message) said.push(`${message.is} ${message.class}`);
  return said;
}

describe("rows of output", () => {
  it.each(PLAIN_ROWS)("of %s are nothing but text: %j", (platform, row) => {
    const device = devices.get(platform);
    expect(device && everythingAbout(device, row)).toEqual([]);
  });
});

describe("rows known from other tools", () => {
  it.each(ALL)("%s: %s, and nothing else, is %j", (platform, what, row) => {
    const device = devices.get(platform);
    expect(device && everythingAbout(device, row)).toEqual([what]);
  });

  it("are so many of each kind that a kind cannot be forgotten", () => {
    const counts = new Map<string, number>();
    for (const [, what] of ALL) {
      const [kind = ""] = what.split(" ");
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    const kinds = [...counts].filter(([, count]) => count >= 8).map(([kind]) => kind);
    expect(kinds.sort()).toEqual(["error", "own", "pager", "prompt", "question", "secret", "sentence"]);
  });
});
