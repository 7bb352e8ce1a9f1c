import { describe, expect, it } from "vitest";

import { forwardedQuery } from "./forwarded-query.ts";

describe("forwardedQuery", () => {
  it.each(["", "?beta=true", "?include[]=a&include[]=b%20c&x", "?limit=1.0&after=msg_1"])(
    "forwards %j as it was sent",
    (query) => {
      expect(forwardedQuery(`https://api.test/v1/messages${query}`)).toBe(query);
    },
  );

  it.each([
    ["?key=mk_abc", ""],
    ["?key=%6dk_abc&beta=true", "?beta=true"],
    ["?beta=true&MK_abc=1", "?beta=true"],
    ["?key=+mk_abc&key=b&x=1", "?x=1"],
  ])("keeps a memory key in %s to us", (query, forwarded) => {
    expect(forwardedQuery(`https://api.test/v1/messages${query}`)).toBe(forwarded);
  });
});
