/**
 * A failure that the person at the terminal can mend. Its message is the whole story: what is
 * wrong, and what to do. It is shown without a stack.
 */
export class PlatformError extends Error {
  override readonly name = "PlatformError";
}
