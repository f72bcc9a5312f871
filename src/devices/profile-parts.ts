// The parts of a profile that profile.ts puts together.
import { z } from "zod";
import { having } from "../base/json-schema.ts";
import { atMost, strict } from "../base/strict.ts";

/** Longest pattern. All run on a linear-time engine, so length is the only cost. */
export const PATTERN_LIMIT = 400;

const filled = z.string().min(1, "must not be empty");
export const text = atMost(200, filled);
export const pattern = atMost(PATTERN_LIMIT, filled);
export const patterns = z.array(pattern).max(64, "must be at most 64 patterns");
/** Bytes to send, written with YAML's own escapes (`"\r"`, `"\x1e"`). */
export const keys = atMost(16, filled);
export const mode = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,31}$/, { error: "must be a mode name such as exec, enable, config, shell" });
export const milliseconds = z.number().int().min(0).max(60_000);
export const seconds = z.number().min(0).max(3600);

const answer = z.union([z.enum(["username", "password"]), strict({ text: text.describe("These words.") })], {
  error: "must be username, password or {text: …}",
});

export const known = strict({
  match: pattern.describe("The question."),
  answer: answer.describe("username and password: the host's own; text: these words."),
});

/** A prompt that is not anchored would be found inside output. */
const anchored = pattern
  .regex(/^(?:\(\?[a-z]+\))?\^/, { error: "must begin with ^: a prompt is the row from its beginning" })
  .regex(/\$$/, { error: "must end with $: a prompt is the row up to the cursor" });

export const prompt = strict({
  mode: mode.describe("Mode that this prompt shows: exec, enable, config, shell, admin, safe, …"),
  match: anchored.describe(
    "RE2 pattern over the cursor's row up to the cursor, trailing blanks removed; group `host` is the hostname.",
  ),
  exclude: pattern.describe("Rows that match this are no prompt after all.").optional(),
  context: pattern
    .describe("A row directly above that belongs to the prompt, such as Junos' {master:0}.")
    .optional(),
});

export const pager = strict({
  match: pattern.describe("RE2 pattern over the whole cursor row."),
  key: keys.describe("Key that shows the next page.").optional(),
  quit_key: keys.describe("Key that leaves the pager.").optional(),
  live: z
    .boolean()
    .describe(
      "A view that goes on by itself (a monitor, a download): no key is sent to it; quit_key is named as the one that leaves it.",
    )
    .optional(),
  end: z.boolean().describe("The pager waits at the end of the text: it is left by quit_key.").optional(),
  max: z.number().int().min(1).max(10_000).describe("Pages answered for one command.").optional(),
})
  .refine(({ key, live, end }) => key !== undefined || live === true || end === true, {
    error: "needs a key for the next page, or live or end",
  })
  .refine(({ quit_key, live, end }) => quit_key !== undefined || (live !== true && end !== true), {
    error: "needs a quit_key: live and end are left by it",
  })
  .meta({
    id: "pager",
    description: "A row at which the device waits before it goes on.",
    anyOf: [
      having(["live", "quit_key"], { live: { const: true } }),
      having(["end", "quit_key"], { end: { const: true } }),
      having(["key"], { live: { const: false }, end: { const: false } }),
    ],
  });

export const question = strict({
  match: pattern.describe("RE2 pattern over the cursor's row up to the cursor."),
  kind: z
    .enum(["confirm", "yesno", "value", "password", "key"])
    .describe("confirm and key want one key; yesno and value a word; password a secret."),
  submit: z
    .enum(["key", "line"])
    .describe("key: acts on the key itself, an Enter would go to the next prompt."),
  default: text.describe("What Enter alone means.").optional(),
  risk: z
    .enum(["low", "medium", "high"])
    .describe(
      "What a yes may cost. low: numbers or a view; medium: a file, a log, the saved configuration; high: the rest, and where nobody can say.",
    ),
});

export const text_wanted = strict({
  row: pattern.describe("Row by which the device asks for it, directly behind the command.").optional(),
  line: pattern
    .describe("Command line behind which it takes a text and says nothing; it must not hold the end again.")
    .optional(),
  end: keys
    .describe(
      "What ends the text, where the pattern has no group `end`; a key is written with YAML's escapes.",
    )
    .optional(),
  where: z.enum(["in", "alone"]).describe("in: anywhere in a line; alone: a line of its own."),
})
  .refine(({ row, line }) => (row === undefined) !== (line === undefined), {
    error: "needs either row or line",
  })
  .meta({
    id: "textWanted",
    description: "A command behind which a text of several lines is wanted.",
    oneOf: [having(["row"]), having(["line"])],
  });

export const step = strict({
  send: text.describe("Command line.").optional(),
  key: keys.describe("A key instead of a command line.").optional(),
});

export const enter = strict({
  send: text.describe("Command line.").optional(),
  key: keys.describe("A key instead of a command line.").optional(),
  ask: pattern.describe("Row that asks for the secret.").optional(),
  secret: z
    .enum(["enable", "sudo", "password"])
    .describe("Which of the host's secrets answers it; password: that of its login.")
    .optional(),
});
