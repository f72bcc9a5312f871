/** Why a line was not run. */
export class LineLost extends Error {
  readonly why: "echo" | "interrupted";

  constructor(why: "echo" | "interrupted") {
    super(why);
    this.why = why;
  }
}
