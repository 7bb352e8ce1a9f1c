import { describe as group, expect, it } from "vitest";

import { describe } from "./quiet-console.ts";

group("the log of the REST server", () => {
  it("says what kind of failure a query had and nothing of what it carried", () => {
    const error = Object.assign(new Error('invalid input syntax for type uuid: "my diary"'), {
      code: "22P02",
      routine: "string_to_uuid",
      detail: "Failing row contains (my diary).",
      query: "select $1",
      parameters: ["my diary"],
      args: ["my diary"],
    });
    expect(describe(error)).toBe("Error: code=22P02 routine=string_to_uuid");
  });

  it("keeps other errors whole", () => {
    expect(describe(new Error("out of memory"))).toContain("out of memory");
    expect(describe("a line")).toBe("a line");
  });
});
