import { describe, expect, it } from "vitest";

import { createClock } from "../../test/clock.ts";
import { createBreaker } from "./breaker.ts";

function broken() {
  const clock = createClock();
  const breaker = createBreaker(clock.now);
  for (let failure = 0; failure < 5; failure++) breaker.failed();
  return { clock, breaker };
}

describe("the breaker", () => {
  it("stays closed through four failures, and a success makes them forgotten", () => {
    const breaker = createBreaker(createClock().now);
    for (let failure = 0; failure < 4; failure++) breaker.failed();
    expect(breaker.isOpen()).toBe(false);

    breaker.succeeded();
    for (let failure = 0; failure < 4; failure++) breaker.failed();
    expect(breaker.isOpen()).toBe(false);
  });

  it("opens at the fifth failure in a row", () => {
    expect(broken().breaker.isOpen()).toBe(true);
  });

  it("lets one request try after ten seconds, and the others wait for its luck", async () => {
    const { breaker, clock } = broken();
    await clock.advance(10_000);

    expect(breaker.isOpen()).toBe(false);
    expect(breaker.isOpen()).toBe(true);
  });

  it("closes when that one is answered", async () => {
    const { breaker, clock } = broken();
    await clock.advance(10_000);
    breaker.isOpen();
    breaker.succeeded();

    expect(breaker.isOpen()).toBe(false);
  });
});
