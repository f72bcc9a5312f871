import { describe, expect, it } from "vitest";
import { Hands, type Typed } from "../../src/tools/acts/change/hands.ts";
import type { ToolContext } from "../../src/tools/acts/context.ts";

const ARM = { send: "commit confirmed {n}", shows: ["will be automatically rolled back"] };

/** Hands whose device answers like this. */
function answered(came: Typed): Hands {
  class Answered extends Hands {
    override run(): Promise<Typed> {
      return Promise.resolve(came);
    }
  }
  return new Answered({ caller: {} } as ToolContext, "edge1");
}

describe("what arms a change", () => {
  it("is over where the prompt came back without the row that has to be shown, though it is not known to be done", async () => {
    const hands = answered({ is: "done", lines: ["error: configuration database modified"] });
    const came = await hands.step("s", ARM, "commit confirmed 5");
    expect(came).toMatchObject({ is: "lost", over: true });
  });

  it("may be under way still where the link was lost", async () => {
    const hands = answered({ is: "lost", why: "the connection was lost", lines: [] });
    const came = await hands.step("s", ARM, "commit confirmed 5");
    expect(came).toEqual({ is: "lost", why: "the connection was lost", lines: [] });
  });
});
