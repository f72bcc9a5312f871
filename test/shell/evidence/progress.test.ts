import { describe, expect, it } from "vitest";
import { isProgress, isProse } from "../../../src/shell/evidence/progress.ts";

describe("a row of progress", () => {
  it.each([
    "#",
    "###",
    "....",
    "!!!!!.!!!",
    "[=====>",
    "[#####     ]",
    "..........55%",
    "|/-\\|",
    "=====> 12%",
    "Loading image: #######",
    "Erasing flash >>>>>",
    "Copying ====>",
    "45% complete #",
    "Uploading#",
    "12% (3 of 25 MB) >",
    "backup.cfg  120 KB/s >",
    "Transferred 4096 bytes #",
    "Please wait...",
    "Verifying checksum:",
    "Initializing >",
  ])("is one: %s", (row) => {
    expect(isProgress(row)).toBe(true);
  });

  it.each([
    "sw1#",
    "R1>",
    "R1(config-if)#",
    "<HW-CE-1>",
    "[~HW-CE-1]",
    "noc@mx1>",
    "root@fw%",
    "fw1%",
    "admin@PA-VM#",
    "[2] other =>",
    "A(nxos)#",
    "A10-Active-vMaster[1/1]#",
    "bash-5.1$",
    "sftp>",
    "Slot-1 stack-3.12 #",
    "*A:R1>config>router#",
    "~ $",
  ])("is none, but may be a prompt: %s", (row) => {
    expect(isProgress(row) || isProse(row)).toBe(false);
  });
});

describe("a sentence", () => {
  it.each([
    "Usage: show interface <name>",
    "See also <https://example.net/help>",
    "The table below is shown for every port of this unit #",
  ])("is no prompt, whatever it ends in: %s", (row) => {
    expect(isProse(row)).toBe(true);
  });
});
