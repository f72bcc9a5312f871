import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { PlainPrompts } from "../../../src/commands/hosts/editor/plain.ts";
import { Back, Left } from "../../../src/commands/hosts/editor/prompts.ts";

const ROWS = [
  { value: "a", label: "web1 · posix" },
  { value: "b", label: "core · cisco" },
  { value: "c", label: "web2 · posix" },
];

/** Plain prompts whose person types these lines, and what they print. */
function typing(...lines: string[]) {
  const input = new PassThrough();
  const output = new PassThrough();
  let printed = "";
  output.on("data", (chunk) => {
    printed += chunk;
  });
  const prompts = new PlainPrompts(input, output);
  input.write(lines.map((line) => `${line}\n`).join(""));
  return { prompts, input, printed: () => printed };
}

it("takes a row by its number, behind a search that keeps the numbers", async () => {
  const { prompts, printed } = typing("9", "nothing", "web", "3");
  expect(await prompts.search("Which", ROWS)).toBe("c");
  expect(printed()).toContain("There are 1 to 3.");
  expect(printed()).toContain("No row has that.");
  expect(printed()).toMatch(/words to search for: Which\n1\. web1 · posix\n3\. web2 · posix\n/);
  prompts.close();
});

it("takes several rows, and asks again where one is none", async () => {
  const { prompts } = typing("", "1 7", "1, 3 1");
  expect(await prompts.several("Which", ROWS)).toEqual(["a", "c"]);
  prompts.close();
});

it("keeps, empties and changes a text, and asks again with the reason", async () => {
  const { prompts, printed } = typing("", "-", "bad", "good");
  expect(await prompts.text("User", { initial: "jo" })).toBe("jo");
  expect(await prompts.text("User", { initial: "jo" })).toBe("");
  const check = async (text: string) => (text === "bad" ? "It is bad." : undefined);
  expect(await prompts.text("User", { check })).toBe("good");
  expect(printed()).toContain("It is bad.");
  prompts.close();
});

it("takes yes, no and what Enter stands for, and nothing else", async () => {
  const { prompts } = typing("maybe", "Y", "", "no");
  expect(await prompts.agree("Sure?", false)).toBe(true);
  expect(await prompts.agree("Sure?", false)).toBe(false);
  expect(await prompts.agree("Sure?", true)).toBe(false);
  prompts.close();
});

it("goes back on <, and leaves at the end of the input", async () => {
  const { prompts, input } = typing("<");
  await expect(prompts.text("User")).rejects.toThrow(Back);
  const asked = prompts.text("User");
  input.end();
  await expect(asked).rejects.toThrow(Left);
  await expect(prompts.agree("Sure?", true)).rejects.toThrow(Left);
  prompts.close();
});
