import { describe, expect, it } from "vitest";

import { formatRelative } from "./format";

const now = Date.parse("2026-11-22T12:00:00Z");

describe("A relative time", () => {
  it.each([
    ["2026-11-22T11:59:31Z", "just now"],
    ["2026-11-22T11:58:30Z", "1 minute ago"],
    ["2026-11-22T09:00:01Z", "2 hours ago"],
    ["2026-11-21T12:00:00Z", "1 day ago"],
    ["2026-12-22T12:00:00Z", "in 1 month"],
    ["2024-11-20T12:00:00Z", "2 years ago"],
  ])("calls %s %s", (at, expected) => {
    expect(formatRelative(at, now)).toBe(expected);
  });
});
