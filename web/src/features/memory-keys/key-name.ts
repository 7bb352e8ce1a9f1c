import * as z from "zod/mini";

/** What a key may be called. The database insists on the same. */
export const keyName = z
  .string()
  .check(
    z.trim(),
    z.minLength(1, "Give the key a name, so that you know it again."),
    z.maxLength(80, "Use at most 80 characters."),
  );
