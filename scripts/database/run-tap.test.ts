import { describe, expect, it } from "vitest";

import { readTap } from "./run-tap.ts";

describe("readTap", () => {
  it("counts what holds", () => {
    expect(readTap(["1..2", "ok 1 - Keys are invisible", "ok 2"])).toEqual({
      passed: 2,
      failures: [],
    });
  });

  it("tells what does not hold, with what is said about it", () => {
    const { passed, failures } = readTap([
      "1..2",
      "not ok 1 - Keys are invisible",
      '# Failed test 1: "Keys are invisible"',
      "#         have: 1",
      "ok 2 - Keys are shown once",
      "# Looks like you failed 1 test of 2",
    ]);
    expect(passed).toBe(1);
    expect(failures).toEqual([
      'Keys are invisible\n      # Failed test 1: "Keys are invisible"\n      #         have: 1',
    ]);
  });

  it("fails a file that ran fewer tests than it planned", () => {
    expect(readTap(["1..3", "ok 1 - One"]).failures).toEqual(["3 tests were planned and 1 ran."]);
  });

  it("fails a file without a plan", () => {
    expect(readTap([]).failures).toEqual(["No tests were planned and 0 ran."]);
  });
});
