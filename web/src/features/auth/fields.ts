/** What an address and a password have to be, wherever they are asked for. */

import * as z from "zod/mini";

export const email = z.email("Enter an e-mail address, as in ada@example.com.");

export const newPassword = z.string().check(
  z.minLength(8, "Use at least 8 characters."),
  // bcrypt reads no further.
  z.maxLength(72, "Use at most 72 characters."),
);
