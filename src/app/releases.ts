type Release = () => void | Promise<void>;

/** What has to be released, newest first: a part may use those opened before it until its own end. */
export class Releases {
  readonly #stack: Release[] = [];

  add(release: Release): void {
    this.#stack.push(release);
  }

  /**
   * Releases everything added so far, each once.
   * @throws the first error, after all others were released as well.
   */
  async run(): Promise<void> {
    const errors: unknown[] = [];
    for (let release = this.#stack.pop(); release !== undefined; release = this.#stack.pop()) {
      try {
        await release();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
