import { describe, expect, it } from "vitest";
import { SessionEvents } from "../../../src/shell/record/events.ts";
import { Readers } from "../../../src/shell/session/readers.ts";

describe("a reader", () => {
  it("begins where the session is for a caller who is new, and goes on for one who is known", () => {
    const readers = new Readers();
    readers.of("one", 10).show(40);
    expect(readers.of("one", 99).shownTo).toBe(40);
    expect(readers.of("two", 99).shownTo).toBe(99);
  });

  it("does not move back when older output is shown again", () => {
    const reader = new Readers().of("one", 0);
    reader.show(40);
    reader.show(7);
    expect(reader.shownTo).toBe(40);
  });

  it("is forgotten when more callers than can be remembered have acted since", () => {
    const readers = new Readers();
    readers.of("first", 0).show(5);
    readers.of("second", 0).show(5);
    for (let number = 0; number < 30; number++) readers.of(`caller-${number}`, 0);
    readers.of("first", 0);
    readers.of("one more", 0);
    expect(readers.of("first", 0).shownTo).toBe(5);
    expect(readers.of("second", 0).shownTo).toBe(0);
  });
});

describe("an event", () => {
  it("is shown once to each reader", () => {
    const events = new SessionEvents();
    const readers = new Readers();
    events.add("the host key is new");
    expect(readers.of("one", 0).meet(events, undefined)).toEqual(["the host key is new"]);
    expect(readers.of("one", 0).meet(events, undefined)).toEqual([]);
    expect(readers.of("two", 0).meet(events, undefined)).toEqual(["the host key is new"]);
  });

  it("of a command waits for a result about that command", () => {
    const events = new SessionEvents();
    const reader = new Readers().of("one", 0);
    events.add("line 2 was not typed", 4);
    events.add("back at level 1");
    expect(reader.meet(events, 5)).toEqual(["back at level 1"]);
    expect(reader.meet(events, 4)).toEqual(["line 2 was not typed"]);
    expect(reader.meet(events, 4)).toEqual([]);
  });

  it("is dropped when more have happened than are kept", () => {
    const events = new SessionEvents();
    const reader = new Readers().of("one", 0);
    for (let number = 1; number <= 250; number++) events.add(`event ${number}`);
    const met = reader.meet(events, undefined);
    expect([met.length, met[0], met.at(-1)]).toEqual([200, "event 51", "event 250"]);
  });
});
