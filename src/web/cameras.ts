import { Camera } from "./camera.ts";
import type { Place } from "./guest.ts";

interface Shared {
  readonly camera: Promise<Camera>;
  made?: Camera;
  users: number;
}

/** One camera for each session that is watched, for as long as anybody watches it. */
export class Cameras {
  readonly #open = new Map<Place, Map<string, Shared>>();

  /** `done` ends it. @throws SshMcpError where the session cannot be looked at. */
  async at(place: Place, session: string): Promise<{ readonly camera: Camera; done(): void }> {
    const here = this.#open.get(place) ?? new Map();
    this.#open.set(place, here);
    const known = here.get(session);
    const shared: Shared =
      known === undefined || known.made?.gone === true
        ? { camera: Camera.of(place, session), users: 0 }
        : known;
    here.set(session, shared);
    shared.users++;
    let over = false;
    const done = () => {
      if (over) return;
      over = true;
      if (--shared.users > 0) return;
      if (here.get(session) === shared) here.delete(session);
      if (here.size === 0) this.#open.delete(place);
      shared.camera.then((camera: Camera) => camera.dispose()).catch(() => {});
    };
    try {
      shared.made = await shared.camera;
      return { camera: shared.made, done };
    } catch (error) {
      done();
      throw error;
    }
  }

  /** Sessions that are watched. */
  get size(): number {
    return [...this.#open.values()].reduce((sum, here) => sum + here.size, 0);
  }
}
