/** Why a line was not run. */
export class LineLost extends Error {
  readonly why: "echo" | "interrupted" | "keys" | "enter";

  /** `keys`: the caller sent some while the line was typed; `enter`: an Enter among them. */
  constructor(why: "echo" | "interrupted" | "keys" | "enter") {
    super(why);
    this.why = why;
  }
}
