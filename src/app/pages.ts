import { isIP } from "node:net";
import { Board } from "../approval/board.ts";
import { reaches, type Scope } from "../base/contract/scope.ts";
import { stateFolder } from "../base/state-folder.ts";
import type { Realms, Room } from "../desk/realms.ts";
import { Viewers } from "../desk/viewers.ts";
import { Throttle } from "../mcp/http/throttle.ts";
import { VERSION } from "../mcp/server.ts";
import type { KnownToken } from "../secrets/tokens.ts";
import { galleryOf } from "../web/gallery.ts";
import type { Guest, Place } from "../web/guest.ts";
import { Web } from "../web/web.ts";
import { auditPath } from "./audit-log.ts";
import type { HttpOptions } from "./http-options.ts";
import { NOBODY, type Tokens } from "./http-tokens.ts";
import { orderOwner } from "./inventory-id.ts";
import type { Parts } from "./parts.ts";

/** The page of a server over HTTP. A program's token sees its own sessions there; a person's sees those of all, and may do more. */
export function pagesOf(
  parts: Parts,
  realms: Realms,
  tokens: Tokens,
  { tls, behindProxy, withoutToken }: HttpOptions,
): Web {
  const places = new WeakMap<Room, Place>();
  const placeOf = (room: Room) => {
    const place = places.get(room) ?? { ...room, viewers: new Viewers() };
    places.set(room, place);
    return place;
  };
  const guestOf = (first: KnownToken): Guest => ({
    name: `${first.name} over the web`,
    rights() {
      const token = tokens.standing(first);
      if (token === undefined) return undefined;
      const { person = [] } = token;
      return { type: person.includes("type"), approve: person.includes("approve") };
    },
    places: () =>
      realms.rooms(tokens.standing(first)?.person === undefined ? first.name : undefined).map(placeOf),
    sees: (host) => seesHost(tokens.standing(first)?.scope, host),
  });
  const nobody: Guest = {
    name: "somebody at this machine",
    rights: () => ({ type: false, approve: false }),
    places: () => realms.rooms(NOBODY).map(placeOf),
    sees: () => true,
  };
  return new Web({
    gallery: galleryOf({
      version: VERSION,
      board: new Board(stateFolder(parts.around), () => parts.clock.wallTime()),
      owner: orderOwner(parts.around),
      auditPath: async () => auditPath((await parts.directory()).settings, parts.around),
      now: () => parts.clock.wallTime(),
    }),
    doorkeeper(given) {
      const token = tokens.shown(given);
      if (token !== undefined) return guestOf(token);
      return withoutToken ? nobody : undefined;
    },
    throttle: new Throttle(parts.clock),
    secure: tls !== undefined,
    proxied: behindProxy,
  });
}

/** A pattern is for names; what names a user, a port or an address of its own is in the scope word for word. */
function seesHost(scope: Scope | undefined, host: string): boolean {
  if (scope === undefined) return false;
  if (scope.hosts?.includes(host) !== false) return true;
  return !/[@:]/.test(host) && isIP(host) === 0 && reaches(scope, host);
}
