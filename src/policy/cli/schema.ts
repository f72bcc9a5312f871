import { z } from "zod";
import { atMost, strict } from "../../base/strict.ts";
import { ACTIONS } from "./pattern.ts";

const filled = z.string().min(1, "must not be empty");
const word = atMost(40, filled);
const name = z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/, { error: "must be a name in lower case" });
const pattern = atMost(8000, filled).describe(
  `Words of a command, each of which may be abbreviated: a|b one of these, =a not abbreviated, * any word, <range> a list or a span of numbers, <management> an interface for management, ... any words. Behind => what it does to the mode: ${ACTIONS.join(", ")}.`,
);
const patterns = z.array(pattern).max(600);
const rules = z
  .union([patterns, z.record(atMost(80, filled), patterns)], {
    error: "must be a list of patterns, or a map of them by why",
  })
  .describe("Patterns, or half sentences that say why, each with its patterns.");

const risks = {
  read: rules.describe("Looks, and changes nothing.").optional(),
  write: rules.describe("Small changes that can be put back.").optional(),
  opaque: rules.describe("What it does cannot be known from the text.").optional(),
  disruptive: rules.describe("Takes a service, a link or somebody's access away.").optional(),
  irreversible: rules.describe("What it destroys is gone.").optional(),
  mild: patterns
    .describe("Lines that are a small change after all, whatever the pattern for their first words says.")
    .optional(),
};

const mode = strict({
  ...risks,
  parent: name
    .describe("The mode it is entered from; the mode without one is where a session starts.")
    .optional(),
  unknown: z
    .enum(["read", "write", "opaque", "disruptive"])
    .describe("The risk of a first word that no pattern begins with; default: opaque.")
    .optional(),
  also: name.describe("The mode whose commands are taken here, too.").optional(),
  candidate: z
    .enum(["shared", "private"])
    .describe("Changes are made to a candidate until a commit; shared: anybody's commit makes them real.")
    .optional(),
  negated: strict(risks)
    .describe("What is milder or worse behind a word of `negations`; default: disruptive.")
    .optional(),
});

/** What one YAML file of `devices/grammars/` says; what it leaves out comes from the grammar it extends. */
export const grammarSchema = strict({
  id: name.describe("The file is named after it."),
  name: filled.describe("Which platforms it is for."),
  extends: name
    .describe("Grammar to start from: maps merge, a pattern replaces the same one of the base.")
    .optional(),
  dialect: z.enum(["words", "routeros"]).describe("How a line is cut into words; default: words.").optional(),
  start: name.describe("The mode of the privileged prompt.").optional(),
  prompts: z
    .record(name, atMost(60, filled))
    .describe(
      "Modes of the profile that are called otherwise here; `!what` is a program of its own, such as a shell.",
    )
    .optional(),
  armed: atMost(300, filled)
    .describe("How a change is made there so that it undoes itself unless it is confirmed; not inherited.")
    .optional(),
  comments: z.array(word).max(4).describe("What begins a comment.").optional(),
  separators: z.array(word).max(4).describe("What ends one command and begins the next.").optional(),
  run: z.array(word).max(4).describe("Words before a command of the start mode, in any other.").optional(),
  negations: z.array(word).max(4).describe("Words that turn a statement around.").optional(),
  scopes: z
    .array(pattern)
    .max(20)
    .describe("Words, around a menu or behind a verb, that only say in which part of the device it is done.")
    .optional(),
  text: z.array(word).max(20).describe("Words behind which free text comes.").optional(),
  quotes: z
    .enum(["line", "text"])
    .describe("text: a quote that stays open takes the lines behind it, too; default: line.")
    .optional(),
  text_takes: z
    .enum(["line", "word"])
    .describe("How much of the line that text is; default: line.")
    .optional(),
  bodies: z
    .array(
      strict({
        line: pattern,
        until: word.describe("The row that ends it; left out: the first character of the text.").optional(),
      }),
    )
    .max(10)
    .describe("Commands behind which rows of text come.")
    .optional(),
  pipes: strict({
    read: z.array(word).max(60).describe("Filters of what is shown.").optional(),
    write: z.array(word).max(20).describe("What writes a file.").optional(),
    opaque: z.array(word).max(20).describe("What runs something.").optional(),
  })
    .describe("What may come behind |; anything else is opaque.")
    .optional(),
  modes: z.record(name, mode).describe("The modes, and the risks of their commands.").optional(),
});

export type GrammarFile = z.infer<typeof grammarSchema>;
export type ModeFile = NonNullable<GrammarFile["modes"]>[string];
export type RiskFile = Pick<ModeFile, keyof typeof risks>;
