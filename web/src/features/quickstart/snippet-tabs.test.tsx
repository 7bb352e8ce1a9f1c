// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";

import { SnippetTabs } from "./snippet-tabs";

const SECRET = "mk_7Qd2xA1b2C3d4E5f6G7h8I9j0k9Zt";

afterEach(() => {
  cleanup();
  localStorage.clear();
});

const show = (secret: string | null) =>
  render(<SnippetTabs baseUrl="https://api.example.com/v1" model="demo/memory" secret={secret} />);

describe("The snippet beside a key that was just made", () => {
  it("keeps the key masked until somebody asks, and copies it whole all the same", async () => {
    const user = userEvent.setup();
    const { container } = show(SECRET);
    expect(container.innerHTML).not.toContain(SECRET);

    await user.click(screen.getByRole("button", { name: "Copy snippet" }));
    expect(await navigator.clipboard.readText()).toContain(SECRET);

    await user.click(screen.getByRole("button", { name: "Reveal key" }));
    expect(container.innerHTML).toContain(SECRET);
    await user.click(screen.getByRole("button", { name: "Hide key" }));
    expect(container.innerHTML).not.toContain(SECRET);
  });

  it("forgets the key with the panel that showed it", () => {
    const { container, rerender } = show(SECRET);
    rerender(
      <SnippetTabs baseUrl="https://api.example.com/v1" model="demo/memory" secret={null} />,
    );
    expect(container.textContent).toContain("YOUR_MEMORY_KEY");
    expect(screen.queryByRole("button", { name: "Reveal key" })).toBeNull();
    expect(JSON.stringify(localStorage)).not.toContain("mk_");
  });
});

describe("The language of the snippet", () => {
  it("is the one chosen last time", async () => {
    const user = userEvent.setup();
    const first = show(null);
    await user.click(screen.getByRole("tab", { name: "curl" }));
    first.unmount();

    show(null);
    expect(screen.getByRole("tab", { name: "curl", selected: true })).toBeDefined();
  });
});
