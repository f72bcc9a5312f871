import { z } from "zod";
import { APPROVALS, LEVELS } from "../base/contract/policy.ts";
import { atMost, strict } from "../base/strict.ts";
import { parseWindow } from "./change-window.ts";
import { text } from "./values.ts";

const LEVEL = z.enum(LEVELS, { error: `must be one of ${LEVELS.join(", ")}` });

const pattern = atMost(512, text);
const examples = z.union([text, z.array(text).max(64, "must be at most 64 examples")], {
  error: "must be one command or a list of commands",
});

/** A rule that proves itself: its examples are held against its pattern when the inventory is read. */
const rule = strict({
  allow: pattern.describe("RE2 pattern of whole commands that pass whatever the level says.").optional(),
  ask: pattern.describe("RE2 pattern of whole commands that a human has to approve.").optional(),
  deny: pattern.describe("RE2 pattern of whole commands that are refused.").optional(),
  why: atMost(200, text).describe("Shown with the verdict.").optional(),
  match: examples.describe("Commands that the pattern has to match.").optional(),
  not_match: examples.describe("Commands that it must not match.").optional(),
}).refine(({ allow, ask, deny }) => [allow, ask, deny].filter((one) => one !== undefined).length === 1, {
  error: "must have exactly one of allow, ask and deny",
});

const count = z.int({ error: "must be a whole number from 1" }).min(1, "must be a whole number from 1");

const window = text
  .refine((value) => parseWindow(value) !== undefined, "must be days and times such as sat 22:00-06:00")
  .meta({ id: "changeWindow", description: "Days and times of this machine, such as mon-fri 22:00-05:00." });

/** What an agent may do without asking a human: a level alone, or more. */
export const policy = z
  .union(
    [
      LEVEL,
      strict({
        level: LEVEL.describe("read_only, guarded (default) or unrestricted.").optional(),
        rules: z
          .array(rule)
          .max(256, "must be at most 256 rules")
          .describe("Rules of your own, added to the wider ones; the strictest that matches counts.")
          .optional(),
        approval: z
          .enum(APPROVALS, { error: `must be one of ${APPROVALS.join(", ")}` })
          .describe("any (default): a client's form counts; out_of_band: ssh-mcp approve alone.")
          .optional(),
        agent_may_confirm: z
          .boolean({ error: "must be true or false" })
          .describe(
            "confirm_dangerous: true of an agent's own counts for what the level asks; never for what cannot be undone.",
          )
          .optional(),
        change_windows: z
          .union([window, z.array(window)], { error: "must be one window or a list of windows" })
          .describe("Outside of them every change asks.")
          .optional(),
        commands_per_minute: count
          .describe("At most so many commands, answers and file changes within a minute.")
          .optional(),
        hosts_per_call: count
          .describe("At most so many hosts in a call of ssh_exec that this host is one of.")
          .optional(),
        hosts_per_window: count
          .describe("This host is changed only while fewer others were within ten minutes.")
          .optional(),
      }),
    ],
    { error: `must be ${LEVELS.join(", ")}, or {level, rules, …}` },
  )
  .describe("What an agent may do without asking a human; default guarded.");

export type PolicyEntry = z.infer<typeof policy>;
