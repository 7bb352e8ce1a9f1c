// Runs before the first paint, so that nobody sees the other theme flash by. Mirrors what
// next-themes does once the application has started: the same storage key, the same class.
(() => {
  let theme = "system";
  try {
    theme = localStorage.getItem("theme") ?? "system";
  } catch {
    // Storage may be blocked; the system's preference is then the answer.
  }
  const prefersDark = matchMedia("(prefers-color-scheme: dark)").matches;
  const isDark = theme === "dark" || (theme !== "light" && prefersDark);
  document.documentElement.classList.add(isDark ? "dark" : "light");
  document.documentElement.style.colorScheme = isDark ? "dark" : "light";
})();
