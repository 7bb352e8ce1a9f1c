/** Shows what is being started: a live list on a terminal, a line per step elsewhere. */

import { Listr } from "listr2";

export type Progress = {
  /** Told the names of all steps before the first begins. */
  readonly begin: (names: readonly string[]) => void;
  readonly step: <T>(name: string, work: () => Promise<T>) => Promise<T>;
  /** Resolves when all of it has been shown. */
  readonly end: () => Promise<void>;
};

export const silentProgress: Progress = {
  begin: () => {},
  step: (_name, work) => work(),
  end: async () => {},
};

export function plainProgress(print: (line: string) => void): Progress {
  return {
    begin: () => print("Starting MemoryRouter …"),
    step: async (name, work) => {
      const beganAt = performance.now();
      const result = await work();
      print(`  ${name}, ${((performance.now() - beganAt) / 1000).toFixed(1)} s`);
      return result;
    },
    end: async () => {},
  };
}

/** Why a step failed is told once, at the end, so a failed step only stops being shown as under way. */
export function liveProgress(): Progress {
  const steps = new Map<string, PromiseWithResolvers<void>>();
  let shown: Promise<unknown> = Promise.resolve();
  return {
    begin: (names) => {
      for (const name of names) steps.set(name, Promise.withResolvers());
      const tasks = [...steps].map(([title, { promise }]) => ({ title, task: () => promise }));
      const list = new Listr(tasks, {
        concurrent: true,
        exitOnError: false,
        registerSignalListeners: false,
        rendererOptions: { showErrorMessage: false, collapseErrors: false },
      });
      shown = list.run();
    },
    step: async (name, work) => {
      const shownStep = steps.get(name);
      try {
        const result = await work();
        shownStep?.resolve();
        return result;
      } catch (cause) {
        shownStep?.reject(new Error("failed"));
        throw cause;
      }
    },
    end: async () => {
      // What never began, because something before it failed, is not under way either.
      for (const step of steps.values()) step.reject(new Error("not started"));
      await shown;
    },
  };
}
