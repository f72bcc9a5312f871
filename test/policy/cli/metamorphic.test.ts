import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeCli, stateAt } from "../../../src/policy/cli/judge.ts";
import { allSamples, grammar, passes, riskOf } from "./collections.ts";

const destructive = allSamples.filter((one) => one.destructive && !passes(riskOf(one.platform, one.text)));
const sample = fc.constantFrom(...destructive);
const check = { seed: 20_261_130, numRuns: 120 };

/** The last line of a text, which is where the harm is, and the lines before. */
function parts(text: string): { readonly before: string; readonly last: string } {
  const at = text.lastIndexOf("\n") + 1;
  return { before: text.slice(0, at), last: text.slice(at) };
}

const asks = (platform: string, text: string) =>
  expect([text, passes(riskOf(platform, text))]).toEqual([text, false]);

describe("a command that asks goes on asking", () => {
  it("in other letters", () => {
    fc.assert(
      fc.property(sample, fc.infiniteStream(fc.boolean()), ({ platform, text }, upper) => {
        const written = [...text].map((char) => (upper.next().value ? char.toUpperCase() : char)).join("");
        asks(platform, written);
      }),
      check,
    );
  });

  it("behind blanks, and with more of them between its words", () => {
    fc.assert(
      fc.property(sample, fc.nat({ max: 6 }), fc.nat({ max: 3 }), ({ platform, text }, lead, more) => {
        const lines = text
          .split("\n")
          .map((line) => `${" ".repeat(lead)}${line.replace(/ /g, " ".repeat(more + 1))}`);
        asks(platform, lines.join("\n"));
      }),
      check,
    );
  });

  it("with its first word abbreviated as a device takes it: where fewer letters are known words too, the worst counts", () => {
    fc.assert(
      fc.property(sample, fc.nat(), ({ platform, text }, random) => {
        const { before, last } = parts(text);
        const [, first = "", rest = ""] = /^\s*([a-z-]+)(.*)$/is.exec(last) ?? [];
        if (first.length < 3 || grammar(platform).dialect === "routeros") return;
        const length = 1 + (random % (first.length - 1));
        const short = first.slice(0, length);
        // What is a whole word by itself, or ends at a hyphen, is another command.
        const known = [...grammar(platform).modes.values()].some((mode) =>
          mode.root.words.has(short.toLowerCase()),
        );
        if (known || first[length] === "-") return;
        asks(platform, `${before}${short}${rest}`);
      }),
      { ...check, numRuns: 300 },
    );
  });

  it("behind harmless lines, and before them", () => {
    fc.assert(
      fc.property(sample, fc.nat({ max: 5 }), fc.boolean(), ({ platform, text }, lines, behind) => {
        const look = grammar(platform).dialect === "routeros" ? "/system resource print" : "show version";
        const looks = Array.from({ length: lines }, () => look).join("\n");
        asks(platform, behind ? `${text}\n${looks}` : `${looks}\n${text}`);
      }),
      check,
    );
  });

  it("with other ends of its lines, and empty ones", () => {
    fc.assert(
      fc.property(sample, fc.constantFrom("\r", "\r\n", "\n\n", "\r\n\r\n"), ({ platform, text }, end) => {
        asks(platform, text.replace(/\n/g, end) + end);
      }),
      check,
    );
  });

  it("with a comment behind it", () => {
    fc.assert(
      fc.property(sample, ({ platform, text }) => {
        const [sign] = grammar(platform).comments;
        if (sign !== undefined) asks(platform, `${text} ${sign} checked by nobody`);
      }),
      check,
    );
  });

  it("by a word that runs it from another mode", () => {
    fc.assert(
      fc.property(sample, ({ platform, text }) => {
        const { run } = grammar(platform);
        const [word] = run;
        if (word === undefined || text.includes("\n")) return;
        const config = stateAt(grammar(platform), "config");
        expect([text, passes(judgeCli(`${word} ${text}`, grammar(platform), config).risk)]).toEqual([
          text,
          false,
        ]);
      }),
      check,
    );
  });

  it("line by line, each with the state that the one before left", () => {
    fc.assert(
      fc.property(sample, ({ platform, text }) => {
        if (grammar(platform).dialect === "routeros") return;
        let state = stateAt(grammar(platform));
        const risks = text.split("\n").map((line) => {
          const judged = judgeCli(line, grammar(platform), state);
          state = judged.state;
          return judged.risk;
        });
        expect([text, risks.every(passes)]).toEqual([text, false]);
      }),
      check,
    );
  });
});

describe("any text", () => {
  const grammars = [
    "cisco_ios",
    "juniper_junos",
    "mikrotik_routeros",
    "fortinet_fortios",
    "nokia_sros",
    "generic_cli",
  ];
  const words = fc.constantFrom(
    ..."show no do configure interface shutdown set delete commit end exit [ ] { } \" ' ; | > # ! / : $ $( ` => .. \\ banner motd".split(
      " ",
    ),
    "\n",
    "\r",
    "\t",
    "?",
    "\u0000",
    "\u001b[A",
    "ä",
    "𝕤",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 400 }),
    fc.array(words, { maxLength: 60 }).map((some) => some.join(" ")),
    fc.array(words, { maxLength: 60 }).map((some) => some.join("")),
  );

  it("is judged without a fault, and its findings lie in it", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...grammars),
        text,
        fc.constantFrom(undefined, "config", "shell", "enable"),
        (id, given, mode) => {
          const { findings, state } = judgeCli(given, grammar(id), stateAt(grammar(id), mode), {
            connectedThrough: ["ge-0/0/0.0", "10.0.0.1"],
          });
          for (const { from, to } of findings)
            expect([0 <= from, from <= to, to <= given.length]).toEqual([true, true, true]);
          expect(grammar(id).modes.has(state.mode)).toBe(true);
        },
      ),
      { ...check, numRuns: 500 },
    );
  });

  it("with a control character or a question mark within a line asks", () => {
    for (const id of grammars) {
      const look = id === "mikrotik_routeros" ? "/ip address print" : "show version";
      for (const code of [...Array(32).keys(), 0x7f, 0x80, 0x9b, 0x9f, 0x3f].filter(
        (one) => one !== 10 && one !== 13,
      )) {
        const line = `${look.slice(0, 5)}${String.fromCharCode(code)}${look.slice(5)} all`;
        expect([id, code, passes(riskOf(id, line))]).toEqual([id, code, false]);
      }
    }
  });

  it("that is very long, or of very many words, asks", () => {
    expect(riskOf("cisco_ios", `show ${"x".repeat(20_000)}`)).toBe("opaque");
    expect(riskOf("cisco_ios", `show ${"x ".repeat(1_000)}`)).toBe("opaque");
    expect(passes(riskOf("mikrotik_routeros", "{".repeat(8_000)))).toBe(false);
    expect(passes(riskOf("mikrotik_routeros", `${"[".repeat(3_000)}${"]".repeat(3_000)}`))).toBe(false);
  });
});
