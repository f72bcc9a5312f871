import type { Place } from "../../access/arrivals.ts";
import type { Reply } from "../../multiplexer/types.ts";
import { noted } from "./noted.ts";

/** Does the work of an act that has a place, which is left whatever becomes of it, and says how it ended. */
export async function inPlace(place: Place, work: () => Promise<Reply>): Promise<Reply> {
  try {
    const reply = await work();
    place.over({ outcome: reply.outcome });
    return noted(reply, place.notes);
  } catch (error) {
    place.over({ error });
    throw error;
  } finally {
    place.leave();
  }
}
