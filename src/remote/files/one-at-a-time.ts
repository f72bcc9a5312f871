/** The last work on each thing. */
const last = new Map<string, Promise<unknown>>();

/** Work of this process on one thing, by its name, in the order of the calls: the next begins once the one before is over. */
export async function oneAtATime<T>(name: string, work: () => Promise<T>): Promise<T> {
  const before = last.get(name) ?? Promise.resolve();
  const mine = before.then(work, work);
  last.set(name, mine);
  try {
    return await mine;
  } finally {
    if (last.get(name) === mine) last.delete(name);
  }
}
