/** Aborted by the first SIGINT or SIGTERM. A second one ends the process at once. */
export function interrupted(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    let again = false;
    // One listener for both: while there is none, a signal ends the process without a word.
    process.on(name, () => {
      if (again) process.exit(1);
      again = true;
      controller.abort(new Error(`Interrupted by ${name}`));
    });
  }
  return controller.signal;
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
