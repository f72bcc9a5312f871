// How a platform makes a change that undoes itself: the section `change` of a profile.
import { z } from "zod";
import { atMost, strict } from "../base/strict.ts";
import { keys, mode, pattern, patterns, text } from "./profile-parts.ts";

/** A command's answer is asked for and read; it changes nothing. */
const ask = strict({
  ask: text.describe("Command line that only reads."),
  mode: mode.describe("Mode it is asked in; left out: the one of the moment.").optional(),
});

const changeStep = strict({
  send: text.describe("Command line; {n} is the timer, {id} the change's name.").optional(),
  key: keys.describe("A key instead of a command line.").optional(),
  mode: mode.describe("Mode it is typed in; left out: the one of the moment.").optional(),
  shows: patterns
    .describe("One of these rows has to be in the answer, or it is not held to be done.")
    .optional(),
  fails: patterns
    .describe("A row that says it was not done, beside those of the profile's errors.")
    .optional(),
  answer: strict({
    match: pattern.describe("The question's row."),
    text: text.describe("What is answered; then Enter, unless the profile's question wants a key."),
  })
    .describe("The one question that belongs to this step; any other ends it.")
    .optional(),
});

const changeSteps = z.array(changeStep).max(8);

export const change = strict({
  way: z
    .enum(["live", "candidate"])
    .describe("live: each line acts as it is entered. candidate: all of them with a commit."),
  running: ask
    .extend({ noise: patterns.describe("Rows that differ without a change: dates, sizes.").optional() })
    .describe("Shows the running configuration, whose state a plan is bound to."),
  startup: text.describe("Shows the configuration of the next start, in the mode of running.").optional(),
  prerequisites: z
    .array(
      ask.extend({
        needs: pattern.describe("A row that has to be there.").optional(),
        fails: pattern.describe("A row that must not be there.").optional(),
        say: atMost(300, z.string()).describe("What is missing, and what would set it up."),
      }),
    )
    .max(8)
    .describe("Looked at first; what is missing is named and never set up.")
    .optional(),
  pending: ask
    .extend({
      none: patterns.describe("A row that says that no timer runs.").optional(),
      some: patterns.describe("A row that says that one does."),
      silent: z.boolean().describe("An answer without either means that none runs.").optional(),
      first: z.boolean().describe("Only the first row counts: those below are history.").optional(),
      who: pattern.describe("Whose it is: group `who`.").optional(),
      left: pattern.describe("What is left of it: group `left`.").optional(),
    })
    .describe("Shows whether a timer runs, on this session or any other.")
    .optional(),
  timer: strict({
    unit: z
      .enum(["seconds", "minutes", "clock"])
      .describe("What {n} is in; clock: HH:MM:SS. Seconds are rounded up."),
    min: z.number().int().min(1).max(86_400).describe("Shortest, in its unit; of clock in seconds."),
    max: z.number().int().min(1).max(86_400).describe("Longest, in its unit; of clock in seconds."),
    undoes: z
      .enum(["configuration", "reboot"])
      .describe("configuration: it is put back. reboot: the device restarts with what was saved."),
    idle: z.boolean().describe("What is typed may postpone it.").optional(),
  })
    .describe("The timer that undoes it; left out: nothing undoes it by itself.")
    .optional(),
  guard: strict({
    is: text.describe("What undoes it, in words."),
    mode: mode.describe("Mode that the session has to stay in for it."),
    seconds: z
      .number()
      .int()
      .min(1)
      .max(3_600)
      .describe("How long the device may take to notice that the session is gone."),
  })
    .describe("What undoes it where there is no timer: the end of its session.")
    .optional(),
  max_lines: z.number().int().min(1).max(10_000).describe("More lines are no longer undone.").optional(),
  enter: changeSteps.describe("Enters the candidate.").optional(),
  lines_mode: mode.describe("Mode the lines are typed in; left out: the one of the moment.").optional(),
  compare: ask.describe("Shows the candidate's difference.").optional(),
  check: changeSteps.describe("Checks the candidate.").optional(),
  discard: changeSteps.describe("Drops the candidate and leaves it.").optional(),
  arm: changeSteps.describe("live: before the first line. candidate: commits it for a time.").optional(),
  armed: ask.describe("live: shows between arming and the first line that the timer runs.").optional(),
  leave: changeSteps.describe("live: behind the last line.").optional(),
  confirm: changeSteps.describe("Keeps what was armed; left out: there is nothing to confirm.").optional(),
  confirm_in: z
    .enum(["own", "any"])
    .describe("own: only the session that armed it can; default: the fresh login does.")
    .optional(),
  cancel_in: z.enum(["own", "any"]).describe("The same of cancel.").optional(),
  cancel: changeSteps.describe("Undoes what was armed, at once, on any session of the same user.").optional(),
  save: changeSteps
    .describe("Makes it the configuration of the next start; left out: it is that already.")
    .optional(),
  forbids: patterns
    .describe(
      "Lines that are no change's: they end it, keep it, save it or start another. Regardless of case.",
    )
    .optional(),
  unconfirmed: z
    .array(atMost(300, z.string()))
    .max(12)
    .describe("What of this nobody has seen on a device, in sentences that a plan shows."),
});

export type ChangeProfile = z.infer<typeof change>;
export type ChangeStep = z.infer<typeof changeStep>;
export type ChangeAsk = z.infer<typeof ask>;
