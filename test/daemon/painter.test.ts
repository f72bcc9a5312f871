import { expect, it } from "vitest";
import { Painter } from "../../src/daemon/painter.ts";

it("a terminal that another program has had meanwhile is given the modes of the session again", () => {
  const painter = new Painter({ cols: 20, rows: 3 });
  const screen = {
    rows: ["~"],
    cols: 20,
    cursor: { row: 0, col: 0 },
    applicationCursorKeys: true,
    bracketedPaste: false,
  };
  expect(painter.paint(screen, "status")).toContain("\u001b[?1h");
  expect(painter.paint(screen, "status")).not.toContain("\u001b[?1h");
  painter.again();
  expect(painter.paint(screen, "status")).toContain("\u001b[?1h");
});
