/** Starts the dashboard, or says why it cannot. */

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { Unavailable } from "@/app/unavailable";
import "@/index.css";

const element = document.getElementById("root");
if (!element) throw new Error("index.html has no #root.");
const root = createRoot(element);

// Everything behind this import waits for the configuration, and fails with it.
import("@/app/app").then(
  ({ App }) =>
    root.render(
      <StrictMode>
        <App />
      </StrictMode>,
    ),
  () => root.render(<Unavailable />),
);
